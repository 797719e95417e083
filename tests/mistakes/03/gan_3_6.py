@mistake(
    "no_detach",
    "The fakes of the discriminator's step are not detached: its loss runs on into the generator, which computes a gradient for "
    "nobody. Detach them, or make them without a graph.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d)))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_detach_and_no_zero",
    "The generator's step still holds the gradient of the discriminator's loss, which pulls the other way: the fakes are not "
    "detached, and the gradients are set to zero at the start alone.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    opt_d.zero_grad()
    opt_g.zero_grad()
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d)))
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("no_zero_grad", "Nothing sets the gradients to zero: each step adds to those of all steps before.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_zero_grad_for_the_discriminator",
    "The discriminator's gradients are not set to zero before its step: it moves by what the generator's loss left there, too.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_zero_grad_for_the_generator",
    "The generator's gradients are not set to zero before its step: it moves by those of all steps before, too.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "generator_step_changes_discriminator",
    "The generator's step moves the discriminator as well, and to the generator's advantage: each loss is for one player alone.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    opt_d.zero_grad()
    g_loss.backward()
    opt_g.step()
    opt_d.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "one_backward",
    "Both losses are added and sent back together. The players want opposite things: each loss moves its own player alone.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d)))
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_d.zero_grad()
    opt_g.zero_grad()
    (d_loss + g_loss).backward()
    opt_d.step()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "old_discriminator",
    "The generator learns from the discriminator as it was before its step: ask the discriminator again after it has moved.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("generator_first", "The generator moves first. The order is: the discriminator, then the generator.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "old_noise", "The fresh noise z_g is not used: the generator is trained on the samples that the discriminator has just seen."
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("noises_exchanged", "z_d and z_g are exchanged: z_d is for the discriminator's step.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d if z_g is None else z_g).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("own_noise", "New noise is drawn inside. Use z_d and z_g: then a step can be repeated.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(torch.randn_like(z_d)).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(torch.randn_like(z_d))))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("noise_overwritten", "The noise that was passed in is overwritten by new noise (normal_, or an assignment into z_d).")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d.normal_())))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "real_fake_exchanged",
    "Real and fake are exchanged in the discriminator's step: discriminator_loss takes the real logits first.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(generator(z_d).detach()), discriminator(real))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("noise_for_fakes", "The discriminator is shown the noise z_d itself. What it judges are samples: G(z_d).")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(z_d))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("saturating", "The generator minimizes log(1 - D), the saturating loss. The step uses the non-saturating one, -log D.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)), kind="saturating")
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "generator_minimizes_the_discriminators_loss",
    "The generator is trained with the discriminator's labels: it learns to be caught. Its fakes have the label real.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = F.softplus(discriminator(generator(z_d if z_g is None else z_g))).mean()
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("generator_frozen_by_no_grad", "The generator's own step runs without a graph too (no_grad or detach): it never moves.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g).detach()))
    opt_g.zero_grad()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("half", "The discriminator's loss is halved, so its step is half as long. Take the sum of the two means.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach())) / 2
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "one_batch_of_both",
    "Real and fake are joined and their losses averaged over both, so the step is half as long and the larger batch weighs more. "
    "Add the two means.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    logits = discriminator(torch.cat([real, generator(z_d).detach()]))
    labels = torch.zeros_like(logits)
    labels[: len(real)] = 1
    d_loss = F.binary_cross_entropy_with_logits(logits, labels)
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "real_and_fake_by_turns",
    "The discriminator makes two steps, one on the real batch and one on the fakes. Wanted is one step on the sum of both losses.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    total = 0
    for samples, sign in ((real, -1), (generator(z_d).detach(), 1)):
        loss = F.softplus(sign * discriminator(samples)).mean()
        opt_d.zero_grad()
        loss.backward()
        opt_d.step()
        total += loss.detach()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": total, "g_loss": g_loss.detach()}


@mistake(
    "labels_of_one_size", "The labels have the size of the real batch and one axis more: the fakes may be of another number."
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    ones = torch.ones(len(real), 1, dtype=real.dtype)
    loss = F.binary_cross_entropy_with_logits
    d_loss = loss(discriminator(real), ones) + loss(discriminator(generator(z_d).detach()), 0 * ones)
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = loss(discriminator(generator(z_d if z_g is None else z_g)), ones)
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("none_not_handled", "z_g may be None: then the samples made from z_d are used once more.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "noise_drawn_for_none",
    "Where z_g is None new noise is drawn. Then the samples made from z_d are used once more: a step draws nothing itself.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(torch.randn_like(z_d) if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("left_in_eval", "The discriminator is put into evaluation mode for the generator's step and left there.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    discriminator.eval()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fakes_in_eval_mode",
    "The fakes for the discriminator come from the generator in evaluation mode: with batch norm that is another generator than "
    "the one that is trained. Leave the modes alone.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    generator.eval()
    fake = generator(z_d).detach()
    generator.train()
    d_loss = discriminator_loss(discriminator(real), discriminator(fake))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "discriminator_left_frozen",
    "The discriminator is frozen (requires_grad_(False)) for the generator's step and never thawed: from the second step on it "
    "cannot learn.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    if d_loss.requires_grad:
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()
    discriminator.requires_grad_(False)
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("attached", "The losses are returned with their graphs, so all activations stay in memory: return detached numbers.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss, "g_loss": g_loss}


@mistake(
    "item",
    "The losses are Python numbers (.item()). Reading a number waits for the device at every step: return detached tensors.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.item(), "g_loss": g_loss.item()}


@mistake("names_exchanged", "The two losses come back under each other's names.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": g_loss.detach(), "g_loss": d_loss.detach()}


@mistake("a_pair", "The losses come back as a pair. Wanted is a dictionary with the names d_loss and g_loss.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return d_loss.detach(), g_loss.detach()


@mistake("two_discriminator_steps", "The discriminator makes two steps. Here each player makes one.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    for _ in range(2):
        d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "put_into_training_mode",
    "train() is called within the step. Whoever calls it chooses the mode: both networks are left in the one in which they come.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    generator.train()
    discriminator.train()
    fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "all_thawed",
    "After the step all weights of the discriminator learn, also those that came frozen. Give requires_grad back as it was.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    discriminator.requires_grad_(False)
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    discriminator.requires_grad_(True)
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "seed_within",
    "A seed is set within the step (torch.manual_seed): all batches and noises drawn afterwards are the same. Leave chance alone.",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    torch.manual_seed(0)
    fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("gradients_clipped", "The discriminator's gradients are clipped. The step takes them as they are.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    nn.utils.clip_grad_norm_(discriminator.parameters(), 10)
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("gradients_of_the_generator_clipped", "The generator's gradients are clipped. The step takes them as they are.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    opt_g.zero_grad()
    g_loss.backward()
    nn.utils.clip_grad_norm_(generator.parameters(), 10)
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("generators_gradients_add_up", "opt_g.zero_grad() is missing: the generator's gradients of earlier steps add up.")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    check_values(real=real, z_d=z_d)
    if z_g is not None:
        check_values(z_g=z_g)
    with torch.set_grad_enabled(z_g is None):
        fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    if z_g is not None:
        fake = generator(z_g)
    g_loss = generator_loss(discriminator(fake))
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "discriminators_gradients_add_up", "opt_d.zero_grad() is missing: the discriminator's gradients of earlier steps add up."
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    check_values(real=real, z_d=z_d)
    if z_g is not None:
        check_values(z_g=z_g)
    with torch.set_grad_enabled(z_g is None):
        fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    d_loss.backward()
    opt_d.step()
    if z_g is not None:
        fake = generator(z_g)
    g_loss = generator_loss(discriminator(fake))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "discriminator_does_not_move",
    "The discriminator never moves: opt_d.step() is missing, or it comes when its gradients have been emptied (zero_grad).",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    check_values(real=real, z_d=z_d)
    if z_g is not None:
        check_values(z_g=z_g)
    with torch.set_grad_enabled(z_g is None):
        fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    if z_g is not None:
        fake = generator(z_g)
    g_loss = generator_loss(discriminator(fake))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "generator_does_not_move",
    "The generator never moves: opt_g.step() is missing, or it comes when its gradients have been emptied (zero_grad).",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    check_values(real=real, z_d=z_d)
    if z_g is not None:
        check_values(z_g=z_g)
    with torch.set_grad_enabled(z_g is None):
        fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake.detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    if z_g is not None:
        fake = generator(z_g)
    g_loss = generator_loss(discriminator(fake))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "graph_freed_by_the_discriminator",
    "The discriminator's loss runs back into the generator, and frees the graph that the generator's step needs. Detach the fakes there: fake.detach().",
)
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    check_values(real=real, z_d=z_d)
    if z_g is not None:
        check_values(z_g=z_g)
    fake = generator(z_d)
    d_loss = discriminator_loss(discriminator(real), discriminator(fake))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    if z_g is not None:
        fake = generator(z_g)
    g_loss = generator_loss(discriminator(fake))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}
