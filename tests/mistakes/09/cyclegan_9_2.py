@mistake(
    "sum_of_kernels", "That is the sum of the kernels. A layer adds its kernel minus 1, and that times the strides before it."
)
def receptive_field(layers):
    return sum(kernel for kernel, _ in layers) or 1


@mistake("own_stride_counted", "A layer's own stride is multiplied in too early: it counts for the layers behind it only.")
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers:
        step *= stride
        side += (kernel - 1) * step
    return side


@mistake("kernel_not_less_one", "Each layer adds (kernel - 1) steps, not kernel: the first of its places was there already.")
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers:
        side += kernel * step
        step *= stride
    return side


@mistake("strides_ignored", "The strides have no effect: behind a layer of stride 2 each step is two pixels of the image.")
def receptive_field(layers):
    return 1 + sum(kernel - 1 for kernel, _ in layers)


@mistake("last_stride_alone", "Only the stride of the layer before counts. The strides of all the layers before are multiplied.")
def receptive_field(layers):
    side, last = 1, 1
    for kernel, stride in layers:
        side += (kernel - 1) * last
        last = stride
    return side


@mistake("strides_added", "The strides are added up. Two layers of stride 2 make steps of 2 x 2 = 4 pixels, and three of 8.")
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers:
        side += (kernel - 1) * step
        step += stride
    return side


@mistake(
    "backward_rule_forward",
    "The layers are taken in the wrong order. From the image on each adds (kernel - 1) steps; (side - 1) stride + kernel is the rule "
    "from the last layer back.",
)
def receptive_field(layers):
    side = 1
    for kernel, stride in layers:
        side = (side - 1) * stride + kernel
    return side


@mistake("starts_at_0", "It starts at 0. Before any layer an output is one pixel: start at 1.")
def receptive_field(layers):
    side, step = 0, 1
    for kernel, stride in layers:
        side += (kernel - 1) * step
        step *= stride
    return side


@mistake(
    "total_stride",
    "That is how far two neighboring outputs are apart: the product of the strides. Wanted is what one output sees.",
)
def receptive_field(layers):
    step = 1
    for _, stride in layers:
        step *= stride
    return step


@mistake("area", "That is the number of pixels in the square. Wanted is its side.")
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers:
        side += (kernel - 1) * step
        step *= stride
    return side**2


@mistake("product_of_kernels", "The kernels are multiplied. Windows of neighboring outputs overlap: each layer adds to the side.")
def receptive_field(layers):
    side = 1
    for kernel, _ in layers:
        side *= kernel
    return side


@mistake(
    "half_kernels", "Each layer adds twice half its kernel, rounded down: right for odd kernels, too much by one for even ones."
)
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers:
        side += 2 * (kernel // 2) * step
        step *= stride
    return side


@mistake("float", "The side is a float (a division, or numbers of torch). It is a whole number: an int.")
def receptive_field(layers):
    side, step = 1.0, 1.0
    for kernel, stride in layers:
        side += (kernel - 1) * step
        step *= stride
    return side


@mistake("empties_the_list", "The list of layers is taken apart (pop): whoever gave it finds it empty.")
def receptive_field(layers):
    side = 1
    while layers:
        kernel, stride = layers.pop()
        side = (side - 1) * stride + kernel
    return side


@mistake("last_layer_missing", "The last layer is left out (range(len(layers) - 1), or layers[:-1]).")
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers[:-1]:
        side += (kernel - 1) * step
        step *= stride
    return side


@mistake(
    "counts_seen_pixels",
    "Only pixels that are looked at are counted. Where a stride is larger than the next kernel some are skipped: the side includes them.",
)
def receptive_field(layers):
    places = {0}
    for kernel, stride in reversed(layers):
        places = {place * stride + k for place in places for k in range(kernel)}
    return len(places)


@mistake(
    "kernel_1_skipped",
    "Layers of kernel 1 are left out. They see nothing more, but their stride counts for the layers behind them.",
)
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers:
        if kernel == 1:
            continue
        side += (kernel - 1) * step
        step *= stride
    return side


@mistake(
    "gaps_closed",
    "Where the stride is larger than the kernel the gap behind the last window is counted, too: it is (side - 1) stride + kernel.",
)
def receptive_field(layers):
    side = 1
    for kernel, stride in reversed(layers):
        side = side * stride + max(kernel - stride, 0) if side > 1 else kernel
    return side


@mistake("strides_up_to_3", "A stride is cut at 3. Each counts in full for the layers behind it.")
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers:
        side += (kernel - 1) * step
        step *= min(stride, 3)
    return side


@mistake("first_eight_layers", "Only the first layers count. All of them do, however many there are.")
def receptive_field(layers):
    side, step = 1, 1
    for kernel, stride in layers[:8]:
        side += (kernel - 1) * step
        step *= stride
    return side


@mistake(
    "kernels_from_0",
    "It starts at 0, and each layer adds kernel steps. Start with the pixel itself, 1, and add (kernel - 1) steps.",
)
def receptive_field(layers):
    _check_layers(layers)
    side, step = 0, 1
    for kernel, stride in layers:
        side += kernel * step
        step *= stride
    return side


@mistake(
    "backward_rule_without_minus_1",
    "From the last layer back it is (side - 1) stride + kernel: between side outputs there are side - 1 steps.",
)
def receptive_field(layers):
    _check_layers(layers)
    side = 1
    for kernel, stride in reversed(layers):
        side = side * stride + kernel
    return side


@mistake("stride_and_kernel", "The pair is read as (stride, kernel). It is (kernel, stride).")
def receptive_field(layers):
    _check_layers(layers)
    side, step = 1, 1
    for stride, kernel in layers:
        side += (kernel - 1) * step
        step *= stride
    return side


@mistake("first_layer_alone", "The return stands in the loop: it ends with the first layer, and without layers it is None.")
def receptive_field(layers):
    _check_layers(layers)
    side, step = 1, 1
    for kernel, stride in layers:
        side += (kernel - 1) * step
        step *= stride
        return side
    return None


@mistake("overlap", "kernel - stride is what two neighboring windows share. A layer adds kernel - 1 steps.")
def receptive_field(layers):
    _check_layers(layers)
    side, step = 1, 1
    for kernel, stride in layers:
        side += (kernel - stride) * step
        step *= stride
    return side
