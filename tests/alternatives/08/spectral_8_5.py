@alternative("minus_minimum")
def hinge_discriminator_loss(real, fake):
    zero = torch.zeros(())
    return -torch.minimum(zero, real - 1).mean() - torch.minimum(zero, -fake - 1).mean()


@alternative("clamped")
def hinge_discriminator_loss(real, fake):
    return (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()


@alternative("clamped")
def hinge_generator_loss(fake):
    return (-fake).mean()
