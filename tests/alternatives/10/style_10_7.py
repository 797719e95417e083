@alternative("attributes")
class TransformerNet(nn.Module):
    def __init__(self, width=16, blocks=3):
        super().__init__()
        pad = {"padding_mode": "reflect", "bias": False}
        self.first = nn.Conv2d(3, width, kernel_size=9, padding=4, **pad)
        self.down = nn.Conv2d(width, 2 * width, kernel_size=3, stride=2, padding=1, **pad)
        self.firsts = nn.ModuleList([nn.Conv2d(2 * width, 2 * width, 3, padding=1, **pad) for _ in range(blocks)])
        self.seconds = nn.ModuleList([nn.Conv2d(2 * width, 2 * width, 3, padding=1, **pad) for _ in range(blocks)])
        self.up = nn.Conv2d(2 * width, width, kernel_size=3, padding=1, **pad)
        self.last = nn.Conv2d(width, 3, kernel_size=9, padding=4, padding_mode="reflect")

    def forward(self, x):
        h = F.relu(F.instance_norm(self.first(x)))
        h = F.relu(F.instance_norm(self.down(h)))
        for first, second in zip(self.firsts, self.seconds):
            h = h + F.instance_norm(second(F.relu(F.instance_norm(first(h)))))
        h = F.interpolate(h, scale_factor=2, mode="nearest")
        h = F.relu(F.instance_norm(self.up(h)))
        return torch.sigmoid(self.last(h))


@alternative("reflection_pads")
class TransformerNet(nn.Module):
    def __init__(self, width=16, blocks=3):
        super().__init__()
        self.encoder = nn.Sequential(self.layer(3, width, 9), self.layer(width, 2 * width, 3, 2))
        self.blocks = nn.Sequential(*[ResidualBlock(2 * width) for _ in range(blocks)])
        self.decoder = self.layer(2 * width, width, 3)
        self.picture = nn.Sequential(nn.ReflectionPad2d(4), nn.Conv2d(width, 3, 9))

    def layer(self, inputs, outputs, kernel, stride=1):
        return nn.Sequential(
            nn.ReflectionPad2d(kernel // 2),
            nn.Conv2d(inputs, outputs, kernel, stride),
            nn.InstanceNorm2d(outputs, affine=True),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        h = self.blocks(self.encoder(x))
        h = h.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
        return self.picture(self.decoder(h)).sigmoid()


@alternative("content_detached_and_set_to_none")
def perceptual_step(
    network, optimizer, batch, extract, targets, weights, content_weight=1.0, style_weight=1.0, tv_weight=0.0, content_layer=0
):
    optimizer.zero_grad(set_to_none=False)
    output = network(batch)
    wanted = extract(batch)[content_layer].detach()
    loss = perceptual_loss(
        extract(output),
        wanted,
        targets,
        weights,
        content_weight=content_weight,
        style_weight=style_weight,
        content_layer=content_layer,
    )
    if tv_weight:
        loss = loss + tv_weight * total_variation(output)
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach().clone()}


@alternative("one_extraction_for_both")
def perceptual_step(
    network, optimizer, batch, extract, targets, weights, content_weight=1.0, style_weight=1.0, tv_weight=0.0, content_layer=0
):
    made = network(batch)
    features = extract(torch.cat([made, batch]))
    ours, theirs = [f[: len(batch)] for f in features], features[content_layer][len(batch) :].detach()
    terms = [perceptual_loss(ours, theirs, [], [], content_weight, 0.0, content_layer)]
    terms.append(style_weight * style_loss(ours, targets, weights))
    terms.append(tv_weight * total_variation(made))
    loss = sum(terms)
    network.zero_grad()
    loss.backward(inputs=[each for each in network.parameters() if each.requires_grad])
    optimizer.step()
    return {"loss": loss.detach(), "flicker": terms[2].detach()}
