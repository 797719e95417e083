@alternative("slices")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    for k in range(n_critic):
        part = slice(k * n, (k + 1) * n)
        fake = generator(z[part]).detach()
        opt_c.zero_grad()
        loss = c_loss = critic_loss(critic(real[part]), critic(fake))
        if penalty is not None:
            loss = loss + penalty * gradient_penalty(critic, real[part], fake, eps[part])
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    opt_g.zero_grad()
    g_loss = generator_loss(critic(generator(z[-n:])))
    g_loss.backward()
    opt_g.step()
    return {"g_loss": g_loss.detach().clone(), "c_loss": c_loss.detach().clone()}


@alternative("one_pass_without_batch_normalization")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = len(real) // n_critic
    normalized = any("Norm" in type(module).__name__ for module in generator.modules())
    with torch.no_grad():
        parts = z[:-n].split(n)
        fakes = torch.cat([generator(part) for part in parts]) if normalized else generator(z[:-n])
    for k, (batch, fake) in enumerate(zip(real.split(n), fakes.split(n))):
        scores = critic(torch.cat([batch, fake]))
        c_loss = scores[n:].mean() - scores[:n].mean()
        loss = c_loss
        if penalty is not None:
            loss = loss + penalty * gradient_penalty(critic, batch, fake, eps.split(n)[k])
        critic.zero_grad()
        loss.backward()
        opt_c.step()
        if clip is not None:
            clip_weights_(critic, clip)
    generator.zero_grad(set_to_none=False)
    g_loss = -critic(generator(z[-n:])).mean()
    g_loss.backward()
    opt_g.step()
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach(), "distance": -c_loss.detach()}


@alternative("freeze_and_thaw")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    n = real.shape[0] // n_critic
    real, z = real.reshape(n_critic, n, *real.shape[1:]), z.reshape(n_critic + 1, n, *z.shape[1:])
    for k in range(n_critic):
        with torch.no_grad():
            fake = generator(z[k])
        opt_c.zero_grad()
        c_loss = critic(fake).mean() - critic(real[k]).mean()
        c_loss.backward()
        if penalty is not None:
            (penalty * gradient_penalty(critic, real[k], fake, eps.reshape(n_critic, n)[k])).backward()
        opt_c.step()
        if clip is not None:
            for parameter in critic.parameters():
                parameter.data.clamp_(-clip, clip)
    learning = [parameter for parameter in critic.parameters() if parameter.requires_grad]
    for parameter in learning:
        parameter.requires_grad = False
    opt_g.zero_grad()
    g_loss = generator_loss(critic(generator(z[n_critic])))
    g_loss.backward()
    opt_g.step()
    for parameter in learning:
        parameter.requires_grad = True
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}


@alternative("gradients_by_hand")
def wgan_step(generator, critic, opt_g, opt_c, real, z, eps=None, n_critic=5, clip=None, penalty=None):
    def move(network, optimizer, loss):
        parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters, allow_unused=True)):
            parameter.grad = gradient
        optimizer.step()

    size = len(real) // n_critic
    for start in range(0, len(real), size):
        stop = start + size
        fake = generator(z[start:stop]).detach()
        c_loss = critic_loss(critic(real[start:stop]), critic(fake))
        extra = 0 if penalty is None else penalty * gradient_penalty(critic, real[start:stop], fake, eps[start:stop])
        move(critic, opt_c, c_loss + extra)
        if clip is not None:
            clip_weights_(critic, clip)
    g_loss = generator_loss(critic(generator(z[len(real) :])))
    move(generator, opt_g, g_loss)
    return {"c_loss": c_loss.detach(), "g_loss": g_loss.detach()}
