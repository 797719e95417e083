@mistake("sign_of_the_margin", "The margins are on the wrong sides: real logits are to be above 1, fake ones below -1.")
def hinge_discriminator_loss(real, fake):
    return F.relu(1 + real).mean() + F.relu(1 - fake).mean()


@mistake("no_hinge", "There is no hinge: that is the Wasserstein loss with a constant. Beyond the margin nothing is to be won.")
def hinge_discriminator_loss(real, fake):
    return (1 - real).mean() + (1 + fake).mean()


@mistake("one_hinge_over_both", "One hinge is put over the sum. Each logit has its own.")
def hinge_discriminator_loss(real, fake):
    return F.relu(2 - real.mean() + fake.mean())


@mistake("halved", "The two means are averaged. They are added: 2 if every logit is 0.")
def hinge_discriminator_loss(real, fake):
    return (F.relu(1 - real).mean() + F.relu(1 + fake).mean()) / 2


@mistake("summed", "Logits are summed. Wanted are means over the batch.")
def hinge_discriminator_loss(real, fake):
    return F.relu(1 - real).sum() + F.relu(1 + fake).sum()


@mistake(
    "one_mean_over_all",
    "All costs are put into one mean. With batches of two sizes the two means differ from that; they are added.",
)
def hinge_discriminator_loss(real, fake):
    return 2 * torch.cat([F.relu(1 - real).flatten(), F.relu(1 + fake).flatten()]).mean()


@mistake("squared", "The hinges are squared.")
def hinge_discriminator_loss(real, fake):
    return F.relu(1 - real).square().mean() + F.relu(1 + fake).square().mean()


@mistake("soft", "That is the softplus, a smooth hinge that never quite stops. Wanted is max(0, ...).")
def hinge_discriminator_loss(real, fake):
    return F.softplus(1 - real).mean() + F.softplus(1 + fake).mean()


@mistake("margin_of_zero", "The margin is missing: max(0, 1 - real), not max(0, -real).")
def hinge_discriminator_loss(real, fake):
    return F.relu(-real).mean() + F.relu(fake).mean()


@mistake("real_only", "The fake logits have no part in the loss.")
def hinge_discriminator_loss(real, fake):
    return F.relu(1 - real).mean() + 1


@mistake("probabilities", "A sigmoid is taken first. The hinge is for logits.")
def hinge_discriminator_loss(real, fake):
    return F.relu(1 - real.sigmoid()).mean() + F.relu(1 + fake.sigmoid()).mean()


@mistake("no_mean", "Wanted is one number, the mean of each batch, not one for each logit.")
def hinge_discriminator_loss(real, fake):
    return F.relu(1 - real) + F.relu(1 + fake)


@mistake("clipped", "Large logits are clipped: beyond the clip nothing pulls a badly wrong discriminator back.")
def hinge_discriminator_loss(real, fake):
    return F.relu(1 - real.clamp(-10, 10)).mean() + F.relu(1 + fake.clamp(-10, 10)).mean()


@mistake("inputs_in_place", "The logits that were given are overwritten (relu_, neg_, add_).")
def hinge_discriminator_loss(real, fake):
    with torch.no_grad():
        costs = real.neg_().add_(1).clamp_(min=0), fake.add_(1).clamp_(min=0)
    return costs[0].mean() + costs[1].mean()


@mistake(
    "generator_with_a_hinge", "The generator's loss has a hinge: beyond it nothing pulls the generator. Wanted is minus the mean."
)
def hinge_generator_loss(fake):
    return F.relu(1 - fake).mean()


@mistake("generator_sign", "The sign of the generator's loss is wrong: it wants its logits large.")
def hinge_generator_loss(fake):
    return fake.mean()


@mistake("generator_logistic", "That is the non-saturating logistic loss, not the hinge's partner: minus the mean of the logits.")
def hinge_generator_loss(fake):
    return F.softplus(-fake).mean()


@mistake("generator_summed", "The generator's loss is a sum. Wanted is the mean.")
def hinge_generator_loss(fake):
    return -fake.sum()


@mistake("float64", "The loss of float32 logits comes back in float64: keep the dtype.")
def hinge_discriminator_loss(real, fake):
    return F.relu(1 - real.double()).mean() + F.relu(1 + fake.double()).mean()


@mistake("generator_float64", "The loss of float32 logits comes back in float64: keep the dtype.")
def hinge_generator_loss(fake):
    return -fake.double().mean()
