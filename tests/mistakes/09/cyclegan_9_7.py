@mistake(
    "identity_with_the_wrong_generators",
    "The identity loss asks the wrong generators: G leads to domain y, so it should leave y alone; F leaves x alone.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_y(x), y, to_x(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("identity_of_the_cycle", "The identity loss compares an image with its cycle. It compares F(x) with x and G(y) with y.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(fake_y), y, to_y(fake_x)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "identity_of_the_fakes",
    "The identity loss is taken of the fakes. It is taken of real images of the generator's target domain.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(fake_x, to_x(fake_x), fake_y, to_y(fake_y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("identity_of_one_domain", "The identity loss has one domain only. Both count: F(x) for x and G(y) for y.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = F.l1_loss(to_y(y), y) + 0 * to_x(x).mean() if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("cycle_squared", "The cycle is measured by squares (MSE), not by absolute values: use cycle_loss.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = F.mse_loss(to_x(fake_y), x) + F.mse_loss(to_y(fake_x), y)
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "backward_cycle_forgotten",
    "The backward cycle, from y over F to G and back to y, is forgotten. Both domains go there and back.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = F.l1_loss(to_x(fake_y), x)
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "forward_cycle_forgotten",
    "The forward cycle, from x over G to F and back to x, is forgotten. Both domains go there and back.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = F.l1_loss(to_y(fake_x), y)
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "cycle_by_the_same_generator", "A fake is led back by the generator that made it, G(G(x)). F leads back what G has made."
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_y(fake_y), y, to_x(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "cycle_compared_with_the_other_domain", "The cycle is compared with the images of the other domain. F(G(x)) should be x."
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = (to_x(fake_y).mean() - y.mean()).abs() + (to_y(fake_x).mean() - x.mean()).abs()
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "cycle_of_detached_fakes",
    "The fakes are detached before they are led back: the generator that made them learns nothing from the cycle.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y.detach()), y, to_y(fake_x.detach()))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "judges_exchanged", "The discriminators are exchanged: G(x) is to look like domain y, so the discriminator of y judges it."
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_x(fake_y)) + lsgan_generator_loss(of_y(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "judges_of_real_images", "The discriminators are asked about the real images. The generators pay for what they have made."
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(y)) + lsgan_generator_loss(of_x(x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "discriminators_loss", "The adversarial part is the discriminators' loss. The generators want their fakes to be scored 1."
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_discriminator_loss(of_y(y), of_y(fake_y)) + lsgan_discriminator_loss(of_x(x), of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "adversarial_sign",
    "The sign of the adversarial part is wrong: the generators go away from what the discriminators take for real.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = -lsgan_generator_loss(of_y(fake_y)) - lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("adversarial_subtracted", "The adversarial loss is subtracted in the total: the generators are to minimize it.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = -adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("one_generator_alone", "The adversarial part has one generator only. It is the sum of both.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("adversarial_halved", "The adversarial part is halved. It is the sum of both generators' losses.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = (lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))) / 2
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("lambda_on_the_adversarial_part", "lambda_cycle weighs the adversarial part. It weighs the cycle.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = lambda_cycle * adversarial + cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("identity_not_in_units", "lambda_identity is in units of lambda_cycle: the identity loss is multiplied by both.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("identity_weighted_like_the_cycle", "The identity loss has the weight of the cycle, not lambda_identity times that.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("identity_left_out", "The identity loss is computed, but it is not in the total.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("identity_ignored", "lambda_identity has no effect: the identity loss is always 0.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("cycle_left_out", "The cycle is not in the total.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "identity_always_computed",
    "With lambda_identity = 0 images are translated for the identity loss all the same: a third of the work for nothing.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y))
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("identity_of_no_weight_reported", "With lambda_identity = 0 identity is to be 0. It is computed by other means.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else F.l1_loss(x, x + 1)
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("identity_a_plain_number", "Without a weight identity is the number 0.0, not a tensor: whoever detaches it fails.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0.0
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("default_lambda_cycle", "lambda_cycle is 10 if nothing is said, as in the signature.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=1.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("default_lambda_identity", "lambda_identity is 0 if nothing is said, as in the signature.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.5):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("translated_twice", "The fakes are made a second time for the cycle. Each translation is made once, and used for both.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(to_y(x)), y, to_y(to_x(y)))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("weighted_parts", "The parts are reported with their weights. They are not weighted but for the total.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {
        "total": total,
        "adversarial": adversarial,
        "cycle": lambda_cycle * cycle,
        "identity": lambda_cycle * lambda_identity * same,
        "fake_x": fake_x,
        "fake_y": fake_y,
    }


@mistake("parts_detached", "The parts are detached: only the total could be differentiated.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {
        "total": total,
        "adversarial": adversarial.detach(),
        "cycle": cycle.detach(),
        "identity": same.detach(),
        "fake_x": fake_x,
        "fake_y": fake_y,
    }


@mistake("total_detached", "The total is a number without a history (item, detach): nothing can be learned from it.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {
        "total": total.detach(),
        "adversarial": adversarial,
        "cycle": cycle,
        "identity": same,
        "fake_x": fake_x,
        "fake_y": fake_y,
    }


@mistake("fakes_exchanged", "The fakes are exchanged: fake_y is G(x), an image that should look like domain y.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_y, "fake_y": fake_x}


@mistake(
    "generators_exchanged", "The generators are exchanged: to_y is G, which translates x, and to_x is F, which translates y."
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_x, to_y, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake("total_alone", "Only the total is returned. Wanted is a dict with all parts and both fakes.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    return adversarial + lambda_cycle * (cycle + lambda_identity * same)


@mistake("fakes_missing", "The fakes are not in the dict: the discriminators' step needs them.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same}


@mistake("batch_overwritten", "The images of the batch are overwritten.")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, to_x(x), y, to_y(y)) if lambda_identity else 0 * cycle
    with torch.no_grad():
        x *= 0.5
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "discriminators_first",
    "The discriminators are moved first. Here the generators are: they are judged by the discriminators from before the step.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "fakes_made_again",
    "The fakes for the discriminators are made anew, by the generators after their step. Those that are there already are taken.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(networks.to_x(y), generator)
    fake_y = pools[1].query(networks.to_y(x), generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("pools_not_used", "The pools are not asked: the discriminators see the newest fakes alone.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = losses["fake_x"].detach()
    fake_y = losses["fake_y"].detach()
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "no_detach", "The discriminators' loss runs back into the generators: the fakes are neither detached nor taken from the pool."
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward(retain_graph=True)
    opt_g.step()
    fake_x = networks.to_x(y)
    fake_y = networks.to_y(x)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "pool_result_thrown_away",
    "The pools are asked, but the discriminators see the new fakes: what the pools return is thrown away.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    pools[0].query(losses["fake_x"], generator)
    fake_x = losses["fake_x"].detach()
    pools[1].query(losses["fake_y"], generator)
    fake_y = losses["fake_y"].detach()
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("pool_of_y_first", "The pool of y is asked first. With one generator for both the order counts: x, and then y.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_y = pools[1].query(losses["fake_y"], generator)
    fake_x = pools[0].query(losses["fake_x"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("pools_exchanged", "The pools are exchanged: the first is that of fakes of domain x.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[1].query(losses["fake_x"], generator)
    fake_y = pools[0].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("one_pool_for_both", "One pool is asked for both domains: photographs and label maps get into one memory.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[0].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("pools_without_the_generator", "The pools are asked without the generator: they draw from torch's global one.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"])
    fake_y = pools[1].query(losses["fake_y"])
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("pools_asked_twice", "Each pool is asked twice, once more for the loss: its memory changes twice in a step.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    pools[0].query(losses["fake_x"], generator)
    pools[1].query(losses["fake_y"], generator)
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "discriminators_keep_old_gradients",
    "opt_d.zero_grad() is missing: what the generators' loss has left in the discriminators is added to their gradient.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("generators_keep_old_gradients", "opt_g.zero_grad() is missing: the gradients of earlier steps add up.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("generators_move_twice", "The generators are moved twice. Call opt_g.step() once.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    opt_g.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "all_move_in_the_first_step",
    "The discriminators are moved by the generators' loss as well: only the generators change there.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    opt_d.zero_grad()
    losses["total"].backward()
    opt_g.step()
    opt_d.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "discriminators_do_not_move",
    "The discriminators never move: opt_d.step() is missing, or it comes when their gradients have been emptied (zero_grad).",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "generators_do_not_move",
    "The generators never move: opt_g.step() is missing, or it comes when their gradients have been emptied (zero_grad).",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("discriminator_of_x_alone", "Only the discriminator of x learns. Both do.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y.detach()
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "discriminators_loss_halved_again", "The sum of both discriminators' losses is halved. Each loss is halved in itself already."
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = (loss_x + loss_y) / 2
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("real_images_exchanged", "The real images are exchanged: the discriminator of x sees x, that of y sees y.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(y), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(x), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("fakes_to_the_wrong_judge", "The fakes are exchanged: the discriminator of y sees the fakes of domain y, G(x).")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_y))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_x))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("real_and_fake_exchanged", "Real and fake are exchanged in the discriminators' loss: it is (real, fake).")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(fake_x), networks.of_x(x))
    loss_y = lsgan_discriminator_loss(networks.of_y(fake_y), networks.of_y(y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("weights_not_passed_on", "The weights are not passed on: lambda_cycle and lambda_identity have no effect.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("lambda_identity_not_passed_on", "lambda_identity is not passed on.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("step_default_lambda_cycle", "lambda_cycle of the step is 10 if nothing is said.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=1.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("step_default_lambda_identity", "lambda_identity of the step is 0 if nothing is said.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.5, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("loss_after_the_update", "g_loss is computed again after the update. Wanted is the loss by which the step was made.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("adversarial_reported", "g_loss is the adversarial part alone. It is the total that the generators minimize.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["adversarial"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("weighted_cycle_reported", "The cycle is reported with its weight.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": lambda_cycle * losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("losses_with_history", "The losses are returned with their history (no detach): the graph of each step stays in memory.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value for name, value in result.items()}


@mistake("no_losses_returned", "The losses are not returned (return is missing).")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    result.clear()


@mistake("frozen", "The discriminators are frozen for the generators' step (requires_grad = False) and stay so.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    for judge in (networks.of_x, networks.of_y):
        judge.requires_grad_(False)
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("generators_frozen", "The generators are frozen for the discriminators' step and stay so.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    for maker in (networks.to_x, networks.to_y):
        maker.requires_grad_(False)
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("sets_training_mode", "The step sets training mode (train()). In which mode the networks are is the caller's business.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    for network in networks:
        network.train()
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("leaves_evaluation_mode", "The step leaves the generators in evaluation mode.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    networks.to_x.eval()
    networks.to_y.eval()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("step_overwrites_the_batch", "The images of the batch are overwritten by the step.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    x.mul_(0.5)
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("gradients_clipped", "The generators' gradients are clipped. They are used as they are.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    nn.utils.clip_grad_norm_(networks.parameters("to_x", "to_y"), 0.1)
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "identity_of_the_translation",
    "Each image goes to the other generator: F leaves x alone, G leaves y alone. Here x meets G(x).",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    to_y, to_x, of_x, of_y = networks
    x, y = batch
    fake_y, fake_x = to_y(x), to_x(y)
    adversarial = lsgan_generator_loss(of_y(fake_y)) + lsgan_generator_loss(of_x(fake_x))
    cycle = cycle_loss(x, to_x(fake_y), y, to_y(fake_x))
    same = identity_loss(x, fake_y, y, fake_x) if lambda_identity else 0 * cycle
    total = adversarial + lambda_cycle * cycle + lambda_cycle * lambda_identity * same
    return {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same, "fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "steps_by_hand", "The weights are moved by hand. Call opt_g.step(): the optimizer may be Adam, with a memory of its own."
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    with torch.no_grad():
        for parameter in networks.parameters("to_x", "to_y"):
            if parameter.grad is not None:
                parameter -= opt_g.param_groups[0]["lr"] * parameter.grad
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "discriminators_move_with_zero_gradients",
    "opt_d.step() is called for each discriminator, with gradients of 0 for the other one. An optimizer with a memory (Adam, "
    "momentum) moves that one even so: add the losses, and call it once.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    d_loss = 0.0
    for judge, real, fake in ((networks.of_x, x, fake_x), (networks.of_y, y, fake_y)):
        loss = lsgan_discriminator_loss(judge(real), judge(fake))
        opt_d.zero_grad(set_to_none=False)
        loss.backward()
        opt_d.step()
        d_loss = d_loss + loss.detach()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "frozen_weights_thawed",
    "After the generators' step every weight of the discriminators is set to learn, one that came frozen, too. Freeze and thaw "
    "only those that learn.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    for parameter in networks.parameters("of_x", "of_y"):
        parameter.requires_grad_(False)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    for parameter in networks.parameters("of_x", "of_y"):
        parameter.requires_grad_(True)
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake("long_gradients_clipped", "Long gradients of the generators are clipped. They are used as they are.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    nn.utils.clip_grad_norm_(networks.parameters("to_x", "to_y"), 100.0)
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "long_gradients_of_the_discriminators_clipped", "Long gradients of the discriminators are clipped. They are used as they are."
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x = pools[0].query(losses["fake_x"], generator)
    fake_y = pools[1].query(losses["fake_y"], generator)
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_loss = loss_x + loss_y
    opt_d.zero_grad()
    d_loss.backward()
    nn.utils.clip_grad_norm_(networks.parameters("of_x", "of_y"), 100.0)
    opt_d.step()
    g_loss = losses["total"]
    result = {"g_loss": g_loss, "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in result.items()}


@mistake(
    "gradients_never_emptied",
    "Neither optimizer's zero_grad() is called: all gradients add up, in the discriminators those of the generators' loss, too.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    losses["total"].backward()
    opt_g.step()
    pool_x, pool_y = pools
    fake_x, fake_y = (pool_x.query(losses["fake_x"], generator), pool_y.query(losses["fake_y"], generator))
    d_loss = lsgan_discriminator_loss(*_at_once(networks.of_x, x, fake_x))
    d_loss = d_loss + lsgan_discriminator_loss(*_at_once(networks.of_y, y, fake_y))
    d_loss.backward()
    opt_d.step()
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in numbers.items()}


@mistake(
    "gradients_emptied_too_early",
    "opt_d.zero_grad() comes before the generators' loss is differentiated, which fills the discriminators' gradients anew. Call it right before the backward() of their own loss.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    opt_d.zero_grad()
    losses["total"].backward()
    opt_g.step()
    pool_x, pool_y = pools
    fake_x, fake_y = (pool_x.query(losses["fake_x"], generator), pool_y.query(losses["fake_y"], generator))
    d_loss = lsgan_discriminator_loss(*_at_once(networks.of_x, x, fake_x))
    d_loss = d_loss + lsgan_discriminator_loss(*_at_once(networks.of_y, y, fake_y))
    d_loss.backward()
    opt_d.step()
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in numbers.items()}


@mistake("discriminators_add_up", "opt_d.zero_grad() is missing: the discriminators' gradients of earlier steps add up.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    learning = [parameter for parameter in networks.parameters("to_y", "to_x") if parameter.requires_grad]
    losses["total"].backward(inputs=learning)
    opt_g.step()
    pool_x, pool_y = pools
    fake_x, fake_y = (pool_x.query(losses["fake_x"], generator), pool_y.query(losses["fake_y"], generator))
    d_loss = lsgan_discriminator_loss(*_at_once(networks.of_x, x, fake_x))
    d_loss = d_loss + lsgan_discriminator_loss(*_at_once(networks.of_y, y, fake_y))
    d_loss.backward()
    opt_d.step()
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in numbers.items()}


@mistake("discriminators_move_twice", "opt_d.step() is called twice. Once is enough for both discriminators: add their losses.")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    pool_x, pool_y = pools
    fake_x, fake_y = (pool_x.query(losses["fake_x"], generator), pool_y.query(losses["fake_y"], generator))
    d_loss = lsgan_discriminator_loss(*_at_once(networks.of_x, x, fake_x))
    d_loss = d_loss + lsgan_discriminator_loss(*_at_once(networks.of_y, y, fake_y))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    opt_d.step()
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in numbers.items()}


@mistake(
    "first_discriminator_moves_twice",
    "opt_d.step() is called for each discriminator, and the second call moves the first one again, by the gradient that it still holds. Add the losses, and call it once.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    pool_x, pool_y = pools
    fake_x, fake_y = (pool_x.query(losses["fake_x"], generator), pool_y.query(losses["fake_y"], generator))
    loss_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    opt_d.zero_grad()
    loss_x.backward()
    opt_d.step()
    loss_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    loss_y.backward()
    opt_d.step()
    d_loss = loss_x + loss_y
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in numbers.items()}


@mistake(
    "fakes_with_a_freed_graph",
    "The discriminators see the fakes with their graph, which the generators' step has freed. Ask the pools: they detach them.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    fake_x, fake_y = (losses["fake_x"], losses["fake_y"])
    d_loss = lsgan_discriminator_loss(*_at_once(networks.of_x, x, fake_x))
    d_loss = d_loss + lsgan_discriminator_loss(*_at_once(networks.of_y, y, fake_y))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in numbers.items()}


@mistake(
    "fakes_with_their_graph",
    "The discriminators see the fakes with their graph (retain_graph=True), and their loss runs back into the generators. Ask the pools: they detach them.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward(retain_graph=True)
    opt_g.step()
    fake_x, fake_y = (losses["fake_x"], losses["fake_y"])
    d_loss = lsgan_discriminator_loss(*_at_once(networks.of_x, x, fake_x))
    d_loss = d_loss + lsgan_discriminator_loss(*_at_once(networks.of_y, y, fake_y))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in numbers.items()}


@mistake(
    "generators_loss_through_moved_discriminators",
    "The generators' loss is differentiated behind the discriminators' step: it was computed with weights that are gone. First the generators' backward() and step(), then the discriminators.",
)
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    pool_x, pool_y = pools
    fake_x, fake_y = (pool_x.query(losses["fake_x"], generator), pool_y.query(losses["fake_y"], generator))
    d_loss = lsgan_discriminator_loss(*_at_once(networks.of_x, x, fake_x))
    d_loss = d_loss + lsgan_discriminator_loss(*_at_once(networks.of_y, y, fake_y))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    losses["total"].backward()
    opt_g.step()
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.detach() for name, value in numbers.items()}


@mistake("plain_numbers", "The losses are plain numbers (item()). Wanted are tensors: detach().")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = _check_pair(batch)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    learning = [parameter for parameter in networks.parameters("to_y", "to_x") if parameter.requires_grad]
    losses["total"].backward(inputs=learning)
    opt_g.step()
    pool_x, pool_y = pools
    fake_x, fake_y = (pool_x.query(losses["fake_x"], generator), pool_y.query(losses["fake_y"], generator))
    d_loss = lsgan_discriminator_loss(*_at_once(networks.of_x, x, fake_x))
    d_loss = d_loss + lsgan_discriminator_loss(*_at_once(networks.of_y, y, fake_y))
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()
    numbers = {"g_loss": losses["total"], "d_loss": d_loss, "cycle": losses["cycle"], "identity": losses["identity"]}
    return {name: value.item() for name, value in numbers.items()}


@mistake(
    "identity_of_the_other_translation",
    "The identity loss compares x with G(y) and y with F(x). F(x) belongs to x, and G(y) to y.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    x, y = _check_pair(batch)
    check_range(0, lambda_cycle=lambda_cycle, lambda_identity=lambda_identity)
    if lambda_identity:
        (fake_y, same_y), (fake_x, same_x) = (_at_once(networks.to_y, x, y), _at_once(networks.to_x, y, x))
    else:
        fake_y, fake_x = (networks.to_y(x), networks.to_x(y))
    adversarial = lsgan_generator_loss(networks.of_y(fake_y)) + lsgan_generator_loss(networks.of_x(fake_x))
    cycle = cycle_loss(x, networks.to_x(fake_y), y, networks.to_y(fake_x))
    same = identity_loss(x, same_y, y, same_x) if lambda_identity else torch.zeros_like(cycle)
    total = adversarial + lambda_cycle * (cycle + lambda_identity * same)
    losses = {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same}
    return losses | {"fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "cycle_ends_exchanged", "cycle_loss is given G(F(y)) for x, and F(G(x)) for y. F(G(x)) belongs to x: it is to_x(fake_y)."
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    x, y = _check_pair(batch)
    check_range(0, lambda_cycle=lambda_cycle, lambda_identity=lambda_identity)
    if lambda_identity:
        (fake_y, same_y), (fake_x, same_x) = (_at_once(networks.to_y, x, y), _at_once(networks.to_x, y, x))
    else:
        fake_y, fake_x = (networks.to_y(x), networks.to_x(y))
    adversarial = lsgan_generator_loss(networks.of_y(fake_y)) + lsgan_generator_loss(networks.of_x(fake_x))
    cycle = cycle_loss(x, networks.to_y(fake_x), y, networks.to_x(fake_y))
    same = identity_loss(x, same_x, y, same_y) if lambda_identity else torch.zeros_like(cycle)
    total = adversarial + lambda_cycle * (cycle + lambda_identity * same)
    losses = {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same}
    return losses | {"fake_x": fake_x, "fake_y": fake_y}


@mistake(
    "judged_without_a_gradient",
    "The fakes are detached before the discriminators score them: the adversarial part teaches the generators nothing.",
)
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    x, y = _check_pair(batch)
    check_range(0, lambda_cycle=lambda_cycle, lambda_identity=lambda_identity)
    if lambda_identity:
        (fake_y, same_y), (fake_x, same_x) = (_at_once(networks.to_y, x, y), _at_once(networks.to_x, y, x))
    else:
        fake_y, fake_x = (networks.to_y(x), networks.to_x(y))
    adversarial = lsgan_generator_loss(networks.of_y(fake_y.detach())) + lsgan_generator_loss(networks.of_x(fake_x.detach()))
    cycle = cycle_loss(x, networks.to_x(fake_y), y, networks.to_y(fake_x))
    same = identity_loss(x, same_x, y, same_y) if lambda_identity else torch.zeros_like(cycle)
    total = adversarial + lambda_cycle * (cycle + lambda_identity * same)
    losses = {"total": total, "adversarial": adversarial, "cycle": cycle, "identity": same}
    return losses | {"fake_x": fake_x, "fake_y": fake_y}
