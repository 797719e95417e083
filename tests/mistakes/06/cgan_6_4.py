@mistake(
    "labels_of_the_real_shuffled",
    "The real images come with labels in another order. Then they say nothing of the image, and the generator learns to ignore the class.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels.roll(1)), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "labels_of_the_fakes_shuffled",
    "The discriminator sees the fakes with labels in another order than they were asked for: it learns that a right label is a sign of a real image.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked.roll(1)))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fakes_with_the_real_labels",
    "The discriminator sees the fakes with the labels of the real batch, but the generator was asked for others: fake_labels.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), labels))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "real_with_the_fake_labels",
    "The discriminator sees the real images with the labels that the generator was asked for. They have their own: labels.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, asked), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "labels_exchanged", "The two kinds of labels are exchanged: labels belong to the real images, fake_labels to the generator's."
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, asked), discriminator(generator(z_d, labels).detach(), labels))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, labels), labels))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fake_labels_ignored",
    "fake_labels is not used: the generator is asked for the classes of the real batch although others are given.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fake_labels_for_the_first_step_alone",
    "In its own step the generator is asked for the classes of the real batch. fake_labels are for both steps.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, labels), labels))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fake_labels_for_the_second_step_alone",
    "The fakes of the discriminator's step are asked for with the labels of the real batch. fake_labels are for both steps.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, labels).detach(), labels))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "generator_told_another_class",
    "In the generator's step the discriminator is told the labels of the real batch, not those that the generator was asked for.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), labels))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "generator_judged_by_other_labels",
    "In the generator's step the discriminator is told labels in another order: the generator is paid for the wrong class.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked.roll(1)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fakes_asked_for_other_labels",
    "The generator is asked for the real batch's classes, the discriminator told fake_labels. Both get the same ones.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, labels).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, labels), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "labels_left_out",
    "A player is asked without labels: the generator makes G(z, y), and the discriminator judges pairs, D(x, y).",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real), discriminator(generator(z_d, asked).detach()))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("or_for_none", "`fake_labels or labels` asks a tensor whether it is true. Ask whether it is None.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = fake_labels or labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "class_zero_for_the_fakes",
    "The fakes are shown with class 0, as if the label told real from fake. Show each with the class it was asked for.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(
        discriminator(real, labels), discriminator(generator(z_d, asked).detach(), torch.zeros_like(asked))
    )
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("own_labels", "The labels of the fakes are drawn inside. They are given: fake_labels, or those of the real batch.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = torch.randint(0, int(labels.max()) + 1, (len(z_d),))
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "own_labels_without_fake_labels",
    "If fake_labels is None, new labels are drawn. Then the generator is asked for the classes of the real batch.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels[torch.randperm(len(labels))] if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "new_labels_for_the_generator",
    "The generator's step asks for the classes in another order. It takes the same labels as the discriminator's step.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    asked = asked.roll(1)
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "wrong_pairs_too",
    "Real images with wrong labels are shown as fakes, too. That is another loss (Reed et al.); here there are two kinds of pairs.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(
        discriminator(real, labels),
        torch.cat([discriminator(generator(z_d, asked).detach(), asked), discriminator(real, labels.roll(1))]),
    )
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("class_averaged", "The loss is averaged class by class. Each loss is the mean over all images of the batch.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = torch.stack(
        [
            discriminator_loss(
                discriminator(real[labels == k], labels[labels == k]),
                discriminator(generator(z_d, asked).detach()[asked == k], asked[asked == k]),
            )
            for k in labels.unique()
            if (asked == k).any()
        ]
    ).mean()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_detach",
    "The fakes of the discriminator's step are not detached: its loss runs on into the generator, which computes a gradient for nobody. Detach them, or make them without a graph.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_detach_and_no_zero",
    "The generator's step still holds the gradient of the discriminator's loss, which pulls the other way: the fakes are not detached, and the gradients are set to zero at the start alone.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    opt_d.zero_grad()
    opt_g.zero_grad()
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked), asked))
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("no_zero_grad", "Nothing sets the gradients to zero: each step adds to those of all steps before.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_zero_grad_for_the_discriminator",
    "The discriminator's gradients are not set to zero before its step: it moves by what the generator's loss left there, too.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_zero_grad_for_the_generator",
    "The generator's gradients are not set to zero before its step: it moves by those of all steps before, too.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "generator_step_changes_discriminator",
    "The generator's step moves the discriminator as well, and to the generator's advantage: each loss is for one player alone.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
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
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked), asked))
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
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
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("generator_first", "The generator moves first. The order is: the discriminator, then the generator.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "old_noise", "The fresh noise z_g is not used: the generator is trained on the images that the discriminator has just seen."
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fresh_noise_needed",
    "If z_g is None the step fails, or makes images of nothing. Then the images made from z_d are used once more.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fresh_noise_drawn",
    "If z_g is None new noise is drawn. Then the images made from z_d are used once more: a step draws nothing itself.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(torch.randn_like(z_d) if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("noises_exchanged", "z_d and z_g are exchanged: z_d is for the discriminator's step.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(
        discriminator(real, labels), discriminator(generator(z_d if z_g is None else z_g, asked).detach(), asked)
    )
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("own_noise", "New noise is drawn inside. Use z_d and z_g: then a step can be repeated.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(
        discriminator(real, labels), discriminator(generator(torch.randn_like(z_d), asked).detach(), asked)
    )
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(torch.randn_like(z_d), asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("noise_overwritten", "The noise that was passed in is overwritten by new noise (normal_, or an assignment into z_d).")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d.normal_(), asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "labels_overwritten",
    "The labels that were passed in are overwritten (labels[:] = ...). Use another name, or compute a new tensor.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    labels[: len(asked)] = asked[: len(labels)]
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "real_fake_exchanged",
    "Real and fake are exchanged in the discriminator's step: discriminator_loss takes the real logits first.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(generator(z_d, asked).detach(), asked), discriminator(real, labels))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("saturating", "The generator minimizes log(1 - D), the saturating loss. The step uses the non-saturating one, -log D.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked), kind="saturating")
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "generator_minimizes_the_value", "The generator's step uses discriminator_loss: it makes the discriminator's work easier."
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "smoothed_labels", "The real images have the target 0.9 (label smoothing). That is another loss: use discriminator_loss."
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    a, b = discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked)
    d_loss = F.binary_cross_entropy_with_logits(a, torch.full_like(a, 0.9)) + F.softplus(b).mean()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("only_fakes", "The discriminator's loss has no real images in it.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = F.softplus(discriminator(generator(z_d, asked).detach(), asked)).mean()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("halved_loss", "The discriminator's loss is halved. It is the sum of two means.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked)) / 2
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "mean_over_all_logits",
    "Real and fake logits are averaged together. Where the two batches differ in size, each has a mean of its own: discriminator_loss.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = (
        2
        * torch.cat(
            [F.softplus(-discriminator(real, labels)), F.softplus(discriminator(generator(z_d, asked).detach(), asked))]
        ).mean()
    )
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("generator_detached", "The generator's images are detached in its own step: no gradient reaches it, and it never moves.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    fake = generator(z_d, asked).detach()
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake, asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked).detach(), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("left_in_eval", "The discriminator is put into evaluation mode for the generator's step and left there.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    discriminator.eval()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fakes_in_eval_mode",
    "The fakes for the discriminator come from the generator in evaluation mode: with batch norm that is another generator than the one that is trained. Leave the modes alone.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    generator.eval()
    fake = generator(z_d, asked).detach()
    generator.train()
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake, asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "discriminator_left_frozen",
    "The discriminator is frozen (requires_grad_(False)) for the generator's step and never thawed: from the second step on it cannot learn.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    if d_loss.requires_grad:
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()
    discriminator.requires_grad_(False)
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("attached", "The losses are returned with their graphs, so all activations stay in memory: return detached numbers.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss, "g_loss": g_loss}


@mistake(
    "item",
    "The losses are Python numbers (.item()). Reading a number waits for the device at every step: return detached tensors.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.item(), "g_loss": g_loss.item()}


@mistake("names_exchanged", "The two losses come back under each other's names.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": g_loss.detach(), "g_loss": d_loss.detach()}


@mistake("a_pair", "The losses come back as a pair. Wanted is a dictionary with the names d_loss and g_loss.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return d_loss.detach(), g_loss.detach()


@mistake("nothing_returned", "Nothing is returned. Wanted is a dictionary with the two losses.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return


@mistake("two_discriminator_steps", "The discriminator makes two steps. Here each player makes one.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    for _ in range(2):
        d_loss = discriminator_loss(discriminator(real, labels), discriminator(generator(z_d, asked).detach(), asked))
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "put_into_training_mode",
    "train() is called within the step. Whoever calls it chooses the mode: both networks are left in the one in which they come.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    generator.train()
    discriminator.train()
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "images_made_anew",
    "Without z_g the images are made from z_d a second time. They are there already: keep them with their graph, one pass is saved.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(generator(z_d if z_g is None else z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "all_thawed",
    "After the step all weights of the discriminator learn, also those that came frozen. Give requires_grad back as it was.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    discriminator.requires_grad_(False)
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    discriminator.requires_grad_(True)
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "seed_within",
    "A seed is set within the step (torch.manual_seed): all batches and noises drawn afterwards are the same. Leave chance alone.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    torch.manual_seed(0)
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("gradients_clipped", "The discriminator's gradients are clipped. The step takes them as they are.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    nn.utils.clip_grad_norm_(discriminator.parameters(), 10)
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("gradients_of_the_generator_clipped", "The generator's gradients are clipped. The step takes them as they are.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    nn.utils.clip_grad_norm_(generator.parameters(), 10)
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("real_clipped", "The real images are clipped. They are used as they come.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    real = real.clamp(-5, 5)
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("noise_clipped", "The noise is clipped. It is used as it comes.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    z_d, z_g = (None if z is None else z.clamp(-5, 5) for z in (z_d, z_g))
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake("ten_classes", "Labels above 9 are taken for 9. There are as many classes as the networks know.")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    labels, asked = labels.clamp(max=9), asked.clamp(max=9)
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = generator_loss(discriminator(fake if z_g is None else generator(z_g, asked), asked))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "one_pass",
    "Real and generated images go through the discriminator in one pass: where it has batch normalization, they are normalized together. Give it each of them by itself.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    check_tensor(real=real)
    _check_classes(labels, None, len(real))
    for name, z in {"z_d": z_d, "z_g": z_g}.items():
        if z is not None:
            _check_labeled(ndim=2, like="(M, latent_dim)", **{name: z, "labels" if fake_labels is None else "fake_labels": asked})
    with torch.set_grad_enabled(z_g is None):
        fake = generator(z_d, asked)
    logits = discriminator(torch.cat([real, fake.detach()]), torch.cat([labels, asked]))
    d_loss = discriminator_loss(*logits.split([len(real), len(fake)]))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    if z_g is not None:
        fake = generator(z_g, asked)
    g_loss = generator_loss(discriminator(fake, asked))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "first_fakes_of_other_labels",
    "In the discriminator's step the generator is asked for the real batch's classes, and the discriminator is told fake_labels. Both get fake_labels.",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    check_tensor(real=real)
    _check_classes(labels, None, len(real))
    for name, z in {"z_d": z_d, "z_g": z_g}.items():
        if z is not None:
            _check_labeled(ndim=2, like="(M, latent_dim)", **{name: z, "labels" if fake_labels is None else "fake_labels": asked})
    with torch.set_grad_enabled(z_g is None):
        fake = generator(z_d, labels)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    if z_g is not None:
        fake = generator(z_g, asked)
    g_loss = generator_loss(discriminator(fake, asked))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "graph_freed_by_the_discriminator",
    "The discriminator's loss runs back into the generator, and frees the graph that the generator's step needs. Detach the fakes there: fake.detach().",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    check_tensor(real=real)
    _check_classes(labels, None, len(real))
    for name, z in {"z_d": z_d, "z_g": z_g}.items():
        if z is not None:
            _check_labeled(ndim=2, like="(M, latent_dim)", **{name: z, "labels" if fake_labels is None else "fake_labels": asked})
    fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake, asked))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    if z_g is not None:
        fake = generator(z_g, asked)
    g_loss = generator_loss(discriminator(fake, asked))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "discriminators_gradients_add_up", "opt_d.zero_grad() is missing: the discriminator's gradients of earlier steps add up."
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    check_tensor(real=real)
    _check_classes(labels, None, len(real))
    for name, z in {"z_d": z_d, "z_g": z_g}.items():
        if z is not None:
            _check_labeled(ndim=2, like="(M, latent_dim)", **{name: z, "labels" if fake_labels is None else "fake_labels": asked})
    with torch.set_grad_enabled(z_g is None):
        fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    d_loss.backward()
    opt_d.step()
    if z_g is not None:
        fake = generator(z_g, asked)
    g_loss = generator_loss(discriminator(fake, asked))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "discriminator_does_not_move",
    "The discriminator never moves: opt_d.step() is missing, or it comes when its gradients have been emptied (zero_grad).",
)
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    check_tensor(real=real)
    _check_classes(labels, None, len(real))
    for name, z in {"z_d": z_d, "z_g": z_g}.items():
        if z is not None:
            _check_labeled(ndim=2, like="(M, latent_dim)", **{name: z, "labels" if fake_labels is None else "fake_labels": asked})
    with torch.set_grad_enabled(z_g is None):
        fake = generator(z_d, asked)
    d_loss = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), asked))
    opt_d.zero_grad()
    d_loss.backward()
    if z_g is not None:
        fake = generator(z_g, asked)
    g_loss = generator_loss(discriminator(fake, asked))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}
