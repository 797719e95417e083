@alternative("plain")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    opt_d.zero_grad()
    with torch.no_grad():
        fake = generator(z_d)
    loss_d = discriminator_loss(discriminator(real), discriminator(fake))
    loss_d.backward()
    opt_d.step()
    opt_g.zero_grad()
    loss_g = generator_loss(discriminator(generator(z_d if z_g is None else z_g)))
    loss_g.backward()
    opt_g.step()
    return {"g_loss": loss_g.detach().clone(), "d_loss": loss_d.detach().clone()}


@alternative("freeze_and_thaw")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    fake = generator(z_d)
    discriminator.zero_grad()
    one, zero = torch.ones_like, torch.zeros_like
    a, b = discriminator(real), discriminator(fake.detach())
    d_loss = F.binary_cross_entropy_with_logits(a, one(a)) + F.binary_cross_entropy_with_logits(b, zero(b))
    d_loss.backward()
    opt_d.step()
    learning = [weight for weight in discriminator.parameters() if weight.requires_grad]
    discriminator.requires_grad_(False)
    logits = discriminator(fake if z_g is None else generator(z_g))
    g_loss = F.binary_cross_entropy_with_logits(logits, one(logits))
    generator.zero_grad(set_to_none=False)
    g_loss.backward()
    opt_g.step()
    for weight in learning:
        weight.requires_grad_(True)
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach(), "d_real": a.detach().mean()}


@alternative("one_pass_and_zero_afterwards")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    logits = discriminator(torch.cat([real, generator(z_d).detach()]))
    d_loss = -F.logsigmoid(logits[: len(real)]).mean() - F.logsigmoid(-logits[len(real) :]).mean()
    d_loss.backward()
    opt_d.step()
    g_loss = -F.logsigmoid(discriminator(generator(z_d if z_g is None else z_g))).mean()
    g_loss.backward()
    opt_g.step()
    opt_d.zero_grad()
    opt_g.zero_grad()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@alternative("gradients_by_hand")
def gan_step(generator, discriminator, opt_g, opt_d, real, z_d, z_g=None):
    def move(network, optimizer, loss):
        parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
            parameter.grad = gradient
        optimizer.step()
        return loss.detach()

    d_loss = move(discriminator, opt_d, discriminator_loss(discriminator(real), discriminator(generator(z_d))))
    g_loss = move(generator, opt_g, generator_loss(discriminator(generator(z_d if z_g is None else z_g))))
    return {"d_loss": d_loss, "g_loss": g_loss}
