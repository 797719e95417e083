@alternative("plain")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    if fake_labels is None:
        fake_labels = labels
    opt_d.zero_grad()
    fake = generator(z_d, fake_labels)
    loss_d = discriminator_loss(discriminator(real, labels), discriminator(fake.detach(), fake_labels))
    loss_d.backward()
    opt_d.step()
    opt_g.zero_grad()
    if z_g is not None:
        fake = generator(z_g, fake_labels)
    loss_g = generator_loss(discriminator(fake, fake_labels))
    loss_g.backward()
    opt_g.step()
    return {"g_loss": loss_g.detach().clone(), "d_loss": loss_d.detach().clone()}


@alternative("freeze_and_thaw")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    fake = generator(z_d, asked)
    discriminator.zero_grad()
    a, b = discriminator(real, labels), discriminator(fake.detach(), asked)
    one, zero = torch.ones_like, torch.zeros_like
    d_loss = F.binary_cross_entropy_with_logits(a, one(a)) + F.binary_cross_entropy_with_logits(b, zero(b))
    d_loss.backward()
    opt_d.step()
    learning = [weight for weight in discriminator.parameters() if weight.requires_grad]
    discriminator.requires_grad_(False)
    logits = discriminator(fake if z_g is None else generator(z_g, asked), asked)
    g_loss = F.binary_cross_entropy_with_logits(logits, one(logits))
    generator.zero_grad(set_to_none=False)
    g_loss.backward()
    opt_g.step()
    for weight in learning:
        weight.requires_grad_(True)
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach(), "d_real": a.detach().mean()}


@alternative("zero_afterwards")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    asked = labels if fake_labels is None else fake_labels
    fake = generator(z_d, asked)
    d_loss = -F.logsigmoid(discriminator(real, labels)).mean() - F.logsigmoid(-discriminator(fake.detach(), asked)).mean()
    d_loss.backward()
    opt_d.step()
    fake = fake if z_g is None else generator(z_g, asked)
    g_loss = -F.logsigmoid(discriminator(fake, asked)).mean()
    g_loss.backward()
    opt_g.step()
    opt_d.zero_grad()
    opt_g.zero_grad()
    return {"d_loss": d_loss.detach(), "g_loss": g_loss.detach()}


@alternative("by_the_unconditional_step")
def cgan_step(generator, discriminator, opt_g, opt_d, real, labels, z_d, z_g=None, fake_labels=None):
    from ganlib.gan import gan_step

    class Pairs(nn.Module):
        def __init__(self, network):
            super().__init__()
            self.network = network

        def forward(self, x):
            return self.network(x, asked if self.network is generator or x is not real else labels)

    asked = labels if fake_labels is None else fake_labels
    return gan_step(Pairs(generator), Pairs(discriminator), opt_g, opt_d, real, z_d, z_g)
