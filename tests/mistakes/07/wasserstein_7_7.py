@mistake(
    "no_detach",
    "A gradient of the critic's step goes on into the generator, for nobody: make the fakes without a graph, or detach them.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part])
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "critics_slopes_move_the_generator",
    "Slopes of the critic's loss have reached the generator and move it: the fakes are not detached, and nothing clears its "
    "gradients before its own backward().",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part])
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    g_loss.backward()
    opt_g.step()
    opt_g.zero_grad()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "critics_slopes_move_the_generator_for_ever",
    "Slopes of the critic's loss have reached the generator and move it: the fakes are not detached, and nothing clears its "
    "gradients before its own backward().",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part])
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("no_zero_grad", "Nothing sets the gradients to zero: each step adds to those of all steps before.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_zero_grad_for_the_critic",
    "The critic's gradients are not set to zero before each of its steps: they add up, with what the generator's loss left "
    "there, too.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("critic_zeroed_once", "The critic's gradients are set to zero once, before the loop. Every one of its steps needs it.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    opt_c.zero_grad()
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "critic_zeroed_after_its_step",
    "The critic's gradients are cleared after its steps: the next call starts with those that the generator's loss has "
    "left. Clear them before.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        loss.backward()
        opt_c.step()
        opt_c.zero_grad()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "no_zero_grad_for_the_generator",
    "The generator's gradients are not set to zero before its step: it moves by those of all steps before, too.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "same_batch_every_time",
    "The critic sees the first batch in each of its steps. Step k takes the k-th N of real, z and eps.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for _ in range(n_critic):
        part = slice(0, n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "same_noise_every_time",
    "The critic's fakes are made from the same noise in each step. Step k takes the k-th N rows of z.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[:n]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("same_eps_every_time", "The first N of eps are used in each step. Step k takes the k-th N.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[:n])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "whole_batch_every_time",
    "The critic sees all real samples in each of its steps. Each step has a batch of its own: N of them.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for _ in range(n_critic):
        part = slice(0, n_critic * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "every_n_critic_th",
    "The batches are taken with a stride, every n_critic-th sample. They lie one behind the other: real[k*N : (k+1)*N].",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k, n_critic * n, n_critic)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("backwards", "The batches are taken from the last to the first.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in reversed(range(n_critic)):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("old_noise", "The generator takes the noise that the critic has just seen. Its own are the last N rows of z.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[(n_critic - 1) * n : n_critic * n])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("first_noise", "The generator takes the first N rows of z. They are the critic's first; the generator's are the last N.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[:n])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("all_noise", "The generator takes all of z. Its own are the last N rows: the others are the critic's.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z)))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "noise_shifted",
    "The generator's noise is taken to be the first N rows of z, and the critic's those behind. It is the other way round.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[n:][part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[:n])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("own_noise", "New noise is drawn inside. Use z: then a step can be repeated.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(torch.randn_like(z[part])).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("old_samples", "The generator is trained on the samples that the critic has just seen, made again from no fresh noise.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, made = real[part], generator(z[part])
        fake = made.detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(made))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("generator_in_the_loop", "The generator moves after every step of the critic. It moves once, behind the n_critic steps.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
        g_loss = generator_loss(critic(generator(z[n_critic * n :])))
        opt_g.zero_grad()
        g_loss.backward()
        opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("generator_first", "The generator moves first. The order is: n_critic steps of the critic, then one of the generator.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "generator_step_changes_critic",
    "The generator's step moves the critic as well, and to the generator's advantage: each loss is for one player alone.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    opt_c.zero_grad()
    g_loss.backward()
    opt_g.step()
    opt_c.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("one_step_of_the_critic", "The critic takes one step, whatever n_critic is.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(1):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("always_five", "The critic takes five steps whatever n_critic is.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n_critic = min(5, len(real))
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("clipping_forgotten", "The limit clip is not used: the weights of the critic are never clipped.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "clipped_before_the_step",
    "The weights are clipped before the critic's step, which carries them beyond the limit again. Clip after each step.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        if clip is not None:
            clip_weights_(critic, clip)
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "clipped_between_slopes_and_step",
    "The weights are clipped before the critic's step, which carries them beyond the limit again. Clip after each step.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        if clip is not None:
            clip_weights_(critic, clip)
        opt_c.step()
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "clipped_first_in_the_loop",
    "The weights are clipped before the critic's step, which carries them beyond the limit again. Clip after each step.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        if clip is not None:
            clip_weights_(critic, clip)
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "clipped_through_data_before_the_slopes",
    "The weights are clipped before the critic's step, which carries them beyond the limit again. Clip after each step.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        if clip is not None:
            for parameter in critic.parameters():
                parameter.data.clamp_(-clip, clip)
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("clipped_once", "The weights are clipped once, behind all steps of the critic. Clip after each of them.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
    if clip is not None:
        clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "clipped_at_the_end",
    "The weights are clipped behind the generator's step: the generator learns from a critic that is too steep. After each "
    "step of the critic.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    if clip is not None:
        clip_weights_(critic, clip)
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("generator_clipped", "The generator's weights are clipped, too. The limit is for the critic alone.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    if clip is not None:
        clip_weights_(generator, clip)
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("penalty_forgotten", "The gradient penalty is not added to the critic's loss.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("penalty_without_weight", "The penalty is added without its weight: multiply it by penalty.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("penalty_subtracted", "The penalty is subtracted: the critic is paid for slopes far from 1. Add it to the loss.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss - penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("clip_or_penalty", "With a penalty the clipping is left out. If both are asked for, both are done.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None and penalty is None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "weight_of_ten",
    "The weight of the penalty is always 10. Use the argument penalty: what is right depends on the scale of the data.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + 10 * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("no_penalty_in_the_last_step", "The penalty is part of every step of the critic, also of the last.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = (
            c_loss
            if penalty is None or k == n_critic - 1
            else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        )
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "penalty_for_the_generator",
    "The penalty is for the critic: the generator's loss is minus the mean score, nothing else.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    if penalty is not None:
        g_loss = g_loss + penalty * gradient_penalty(critic, real[:n], generator(z[n_critic * n :]), eps[:n])
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("penalty_between_other_samples", "The penalty is taken between the real samples and other fakes than those of its step.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, batch.roll(1, 0), eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("real_fake_exchanged", "Real and fake are exchanged: critic_loss takes the real scores first.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(fake), critic(batch))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "real_fake_exchanged_in_the_penalty",
    "Real and fake are exchanged in the penalty: gradient_penalty takes the real samples first.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, fake, batch, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("noise_for_fakes", "The critic is shown the noise itself. What it judges are samples: G(z).")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], z[part]
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "published_sign",
    "The generator lowers its scores, as a text prints it: both players want the same, and the samples run away from the data.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = -generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "loss_with_the_penalty",
    "c_loss is returned with the penalty in it (c_loss += ... changes it in place). Without it, minus c_loss is the "
    "estimate of the distance.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "penalty_added_in_place",
    "c_loss is returned with the penalty in it (c_loss += ... changes it in place). Without it, minus c_loss is the "
    "estimate of the distance.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        if penalty is not None:
            c_loss += penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        c_loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "penalty_added_in_place_of_another_name",
    "c_loss is returned with the penalty in it (c_loss += ... changes it in place). Without it, minus c_loss is the "
    "estimate of the distance.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss
        if penalty is not None:
            loss += penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("first_loss", "c_loss is that of the first of the critic's steps. Return that of the last.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        first = c_loss.detach() if k == 0 else first
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": first, "g_loss": g_loss.detach()}


@mistake("mean_loss", "c_loss is the mean over the critic's steps. Return that of the last.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    total = 0.0
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        total = total + c_loss.detach() / n_critic
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": total, "g_loss": g_loss.detach()}


@mistake("loss_after_the_update", "c_loss is computed once more after the critic's last update. Return the one before it.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    c_loss = critic_loss(critic(batch), critic(fake))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("estimate_returned", "c_loss is returned with the other sign, as the estimate of the distance. Return the loss.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": -c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("losses_exchanged", "The two losses are returned under each other's names.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": g_loss.detach(), "g_loss": c_loss.detach()}


@mistake("attached", "The losses are returned with their graphs: who collects them fills the memory. Detach them.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss, "g_loss": g_loss}


@mistake("tuple_returned", "The losses come as a pair. Wanted: a dictionary with the keys c_loss and g_loss.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return (c_loss.detach(), g_loss.detach())


@mistake("old_keys", "The keys are those of chapter 3, d_loss. Wanted: c_loss and g_loss.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"d_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "fakes_in_evaluation_mode",
    "The critic's fakes are made in evaluation mode: by another generator than the one that is trained, if it has batch "
    "normalization.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        mode = generator.training
        generator.eval()
        batch, fake = real[part], generator(z[part]).detach()
        generator.train(mode)
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("set_to_training_mode", "Both networks are put into training mode. Use and leave them in the mode in which they come.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    generator.train()
    critic.train()
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("left_in_evaluation_mode", "The generator is left in evaluation mode.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    generator.eval()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("critic_left_frozen", "The critic is frozen for the generator's step and stays so: it would never learn again.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    critic.requires_grad_(False)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "frozen_layer_thawed",
    "The generator is frozen for the critic's steps, and all of it thawed afterwards, also a layer that came frozen.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    generator.requires_grad_(False)
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    generator.requires_grad_(True)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "frozen_layer_of_the_critic_thawed",
    "The critic is frozen for the generator's step, and all of it thawed afterwards, also a layer that came frozen. Thaw "
    "those alone that learned before.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    for parameter in critic.parameters():
        parameter.requires_grad = False
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    for parameter in critic.parameters():
        parameter.requires_grad = True
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "critic_thawed_before_its_steps",
    "The critic is frozen for the generator's step, and all of it thawed afterwards, also a layer that came frozen. Thaw "
    "those alone that learned before.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    critic.requires_grad_(True)
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "gradients_of_frozen_weights",
    "Gradients are asked for every parameter of the generator. One that is frozen has none: leave it out.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward(inputs=list(generator.parameters()))
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "one_pass_with_batch_normalization",
    "All samples are made in one pass: a generator with batch normalization then sees one large batch, not one for each step.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    everything = generator(z)
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], everything[part].detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(everything[n_critic * n :]))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "samples_made_twice",
    "The critic's fakes are made twice in each step. Batch normalization then counts each batch twice: make them once.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(generator(z[part]).detach()))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("noise_overwritten", "The noise that was passed in is overwritten by new noise (normal_, or an assignment into z).")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    z.normal_(generator=torch.Generator().manual_seed(0))
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "gradients_through_the_penalty",
    "A gradient of the critic's step goes on into the generator, for nobody: make the fakes without a graph, or detach them.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part])
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake.detach(), eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("penalty_weight_0_is_none", "A penalty of weight 0 is a number, and not None. (if penalty: is False for 0.)")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss
        if penalty:
            loss = c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        elif penalty is not None:
            raise ValueError("eps without a penalty")
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("eps_needed", "eps is cut into batches without a penalty, too, where it is None.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        eps[:n]
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("one_backward", "One backward pass is made for the losses of both players. Each loss moves its own player alone.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = (
        generator_loss(critic(generator(z[n_critic * n :])))
        + c_loss.detach() * 0
        - critic_loss(critic(batch), critic(generator(z[part])))
    )
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "seeded", "A seed is set inside (torch.manual_seed): the caller's random numbers are the same in each step from then on."
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    torch.manual_seed(0)
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    pass
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "flattened_images",
    "The samples are reshaped on the way. A critic of images wants them as they are: cut along the first axis alone, and leave the others.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    pass
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real.reshape(n_critic, n, -1)[k], generator(z[part]).detach().flatten(1)
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    pass
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "real_reshaped",
    "The samples are reshaped on the way. A critic of images wants them as they are: cut along the first axis alone, and leave the others.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    pass
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real.view(n_critic, -1, real.shape[-1])[k], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    pass
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "noise_shaped_as_real",
    "The noise is given the width of the samples. It has latent_dim columns: cut it along the first axis alone.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    pass
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z.view(n_critic + 1, n, real.shape[1])[-1])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    pass
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "clips_what_the_optimizer_has",
    "Only what the optimizer holds, or what takes gradients, is clipped. Every parameter of the critic is, one that is frozen, too: clip_weights_.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    pass
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            [parameter.data.clamp_(-clip, clip) for group in opt_c.param_groups for parameter in group["params"]]
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    pass
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "clips_what_learns",
    "Only what the optimizer holds, or what takes gradients, is clipped. Every parameter of the critic is, one that is frozen, too: clip_weights_.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    pass
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            [parameter.data.clamp_(-clip, clip) for parameter in critic.parameters() if parameter.requires_grad]
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    pass
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "critic_moves_with_zero_gradients",
    "opt_c.step() is called once more, with gradients of 0. An optimizer with a memory (Adam, momentum) moves the critic even so.",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    pass
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    opt_c.zero_grad(set_to_none=False)
    opt_c.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "steps_by_hand", "The weights are moved by hand. Call opt_c.step(): the optimizer may be Adam, with a memory of its own."
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    pass
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in critic.parameters():
                if parameter.grad is not None:
                    parameter -= opt_c.param_groups[0]["lr"] * parameter.grad
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    pass
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("gradients_clipped", "The critic's gradients are clipped. The step takes them as they are.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(critic.parameters(), 10)
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("gradients_of_the_generator_clipped", "The generator's gradients are clipped. The step takes them as they are.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        batch, fake = real[part], generator(z[part]).detach()
        c_loss = critic_loss(critic(batch), critic(fake))
        loss = c_loss if penalty is None else c_loss + penalty * gradient_penalty(critic, batch, fake, eps[part])
        opt_c.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[n_critic * n :])))
    opt_g.zero_grad()
    g_loss.backward()
    nn.utils.clip_grad_norm_(generator.parameters(), 10)
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("critics_gradients_add_up", "zero_grad() is missing before the critic's step: its gradients of earlier steps add up.")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    _check_step(real, z, eps, n_critic, clip, penalty)
    *noise, z_g = z.chunk(n_critic + 1)
    places = [None] * n_critic if eps is None else eps.chunk(n_critic)
    for batch, z_c, place in zip(real.chunk(n_critic), noise, places, strict=True):
        with torch.no_grad():
            fake = generator(z_c)
        c_loss = critic_loss(critic(batch), critic(fake))
        slopes = 0.0 if penalty is None else penalty * gradient_penalty(critic, batch, fake, place)
        (c_loss + slopes).backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z_g)))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake(
    "critic_does_not_move",
    "The critic never moves: opt_c.step() is missing, or it comes when its gradients have been emptied (zero_grad).",
)
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    _check_step(real, z, eps, n_critic, clip, penalty)
    *noise, z_g = z.chunk(n_critic + 1)
    places = [None] * n_critic if eps is None else eps.chunk(n_critic)
    for batch, z_c, place in zip(real.chunk(n_critic), noise, places, strict=True):
        with torch.no_grad():
            fake = generator(z_c)
        c_loss = critic_loss(critic(batch), critic(fake))
        slopes = 0.0 if penalty is None else penalty * gradient_penalty(critic, batch, fake, place)
        opt_c.zero_grad()
        (c_loss + slopes).backward()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z_g)))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("all_real_in_each_step", "Each step of the critic gets a part of real of its own: real.chunk(n_critic).")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    _check_step(real, z, eps, n_critic, clip, penalty)
    *noise, z_g = z.chunk(n_critic + 1)
    places = [None] * n_critic if eps is None else eps.chunk(n_critic)
    for batch, z_c, place in zip([real] * n_critic, noise, places, strict=True):
        with torch.no_grad():
            fake = generator(z_c)
        c_loss = critic_loss(critic(batch), critic(fake))
        slopes = 0.0 if penalty is None else penalty * gradient_penalty(critic, batch, fake, place)
        opt_c.zero_grad()
        (c_loss + slopes).backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z_g)))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@mistake("all_eps_in_each_step", "Each step of the critic gets a part of eps of its own: eps.chunk(n_critic).")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    _check_step(real, z, eps, n_critic, clip, penalty)
    *noise, z_g = z.chunk(n_critic + 1)
    places = [None] * n_critic if eps is None else [eps] * n_critic
    for batch, z_c, place in zip(real.chunk(n_critic), noise, places, strict=True):
        with torch.no_grad():
            fake = generator(z_c)
        c_loss = critic_loss(critic(batch), critic(fake))
        slopes = 0.0 if penalty is None else penalty * gradient_penalty(critic, batch, fake, place)
        opt_c.zero_grad()
        (c_loss + slopes).backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z_g)))
    opt_g.zero_grad()
    g_loss.backward(inputs=[parameter for parameter in generator.parameters() if parameter.requires_grad])
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}
