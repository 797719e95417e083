@alternative("flattened")
def critic_loss(real, fake):
    return -(real.flatten().sum() / real.numel() - fake.flatten().sum() / fake.numel())


@alternative("signs_on_one_vector")
def critic_loss(real, fake):
    signs = torch.cat([torch.full((real.numel(),), -1.0 / real.numel()), torch.full((fake.numel(),), 1.0 / fake.numel())])
    weights = torch.ones_like(torch.cat([real.flatten(), fake.flatten()]))
    weights = torch.where(signs > 0, weights / fake.numel(), -weights / real.numel())
    return (weights * torch.cat([real.reshape(-1), fake.reshape(-1)])).sum()


@alternative("mean_of_minus")
def generator_loss(fake):
    return fake.neg().mean()


@alternative("sum_over_number")
def generator_loss(fake):
    return -torch.sum(fake) / fake.numel()
