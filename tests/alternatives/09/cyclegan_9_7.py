@alternative("terms_by_hand")
def cyclegan_generator_loss(batch, networks, lambda_cycle=10.0, lambda_identity=0.0):
    parts, fakes = {"adversarial": 0.0, "cycle": 0.0}, {}
    for key, image, there, back, judge in (
        ("fake_y", batch[0], networks.to_y, networks.to_x, networks.of_y),
        ("fake_x", batch[1], networks.to_x, networks.to_y, networks.of_x),
    ):
        fakes[key] = there(image)
        parts["adversarial"] = parts["adversarial"] + F.mse_loss(judge(fakes[key]), torch.ones_like(judge(fakes[key])))
        parts["cycle"] = parts["cycle"] + (back(fakes[key]) - image).abs().mean()
    parts["identity"] = torch.zeros((), dtype=batch[0].dtype)
    total = parts["adversarial"] + lambda_cycle * parts["cycle"]
    if lambda_identity > 0:
        x, y = batch
        parts["identity"] = (networks.to_x(x) - x).abs().mean() + (networks.to_y(y) - y).abs().mean()
        total = total + lambda_cycle * lambda_identity * parts["identity"]
    return {"total": total, **parts, **fakes}


@alternative("frozen_discriminators_and_two_steps_back")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    judges = (networks.of_x, networks.of_y)
    learning = [weight for judge in judges for weight in judge.parameters() if weight.requires_grad]
    for weight in learning:
        weight.requires_grad_(False)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["total"].backward()
    opt_g.step()
    for weight in learning:
        weight.requires_grad_(True)
    opt_d.zero_grad()
    d_loss = 0.0
    for key, judge, real, pool in zip("xy", judges, batch, pools):
        loss = lsgan_discriminator_loss(judge(real), judge(pool.query(losses[f"fake_{key}"].detach(), generator=generator)))
        loss.backward()
        d_loss = d_loss + loss.detach()
    opt_d.step()
    told = {"d_loss": d_loss, "g_loss": losses["total"].detach()}
    return told | {name: losses[name].detach() for name in ("cycle", "identity", "adversarial")}


@alternative("real_and_fake_in_one_pass")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    opt_g.zero_grad(set_to_none=True)
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle=lambda_cycle, lambda_identity=lambda_identity)
    losses["total"].backward()
    opt_g.step()
    fakes = [pool.query(losses[key], generator) for pool, key in zip(pools, ("fake_x", "fake_y"))]
    opt_d.zero_grad(set_to_none=True)
    parts = []
    for judge, real, fake in zip((networks.of_x, networks.of_y), batch, fakes):
        scores = judge(torch.cat([real, fake]))
        parts.append(lsgan_discriminator_loss(scores[: len(real)], scores[len(real) :]))
    torch.stack(parts).sum().backward()
    opt_d.step()
    return {
        "g_loss": losses["total"].detach(),
        "d_loss": sum(parts).detach(),
        "cycle": losses["cycle"].detach(),
        "identity": losses["identity"].detach(),
    }


@alternative("each_part_backward")
def cyclegan_step(batch, networks, opt_g, opt_d, pools, lambda_cycle=10.0, lambda_identity=0.0, generator=None):
    x, y = batch
    losses = cyclegan_generator_loss(batch, networks, lambda_cycle, lambda_identity)
    opt_g.zero_grad()
    losses["adversarial"].backward(retain_graph=True)
    (lambda_cycle * losses["cycle"]).backward(retain_graph=True)
    if lambda_identity:
        (lambda_cycle * lambda_identity * losses["identity"]).backward()
    opt_g.step()
    opt_d.zero_grad()
    fake_x = pools[0].query(losses["fake_x"].detach(), generator)
    fake_y = pools[1].query(losses["fake_y"].detach(), generator)
    d_x = lsgan_discriminator_loss(networks.of_x(x), networks.of_x(fake_x))
    d_x.backward()
    d_y = lsgan_discriminator_loss(networks.of_y(y), networks.of_y(fake_y))
    d_y.backward()
    opt_d.step()
    return {
        "g_loss": losses["total"].detach(),
        "d_loss": (d_x + d_y).detach(),
        "cycle": losses["cycle"].detach(),
        "identity": losses["identity"].detach(),
    }
