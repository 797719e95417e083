@alternative("from_the_last_layer_back")
def receptive_field(layers):
    side = 1
    for kernel, stride in reversed(layers):
        side = (side - 1) * stride + kernel
    return side


@alternative("one_sum")
def receptive_field(layers):
    strides = [stride for _, stride in layers]
    return 1 + sum((kernel - 1) * int(torch.tensor(strides[:k]).prod()) for k, (kernel, _) in enumerate(layers))


@alternative("recursive")
def receptive_field(layers):
    if not layers:
        return 1
    (kernel, stride), *behind = layers
    return kernel + stride * (receptive_field(behind) - 1)
