@alternative("mse_loss")
def lsgan_discriminator_loss(real, fake):
    return 0.5 * F.mse_loss(real, torch.ones_like(real)) + 0.5 * F.mse_loss(fake, torch.zeros_like(fake))


@alternative("mse_loss")
def lsgan_generator_loss(fake):
    return F.mse_loss(fake, torch.ones_like(fake))


@alternative("multiplied_out")
def lsgan_discriminator_loss(real, fake):
    return (torch.mean(real**2 - 2 * real + 1) + torch.mean(fake**2)).div(2)


@alternative("multiplied_out")
def lsgan_generator_loss(fake):
    return torch.mean((1 - fake) * (1 - fake))
