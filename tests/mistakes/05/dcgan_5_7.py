@mistake("one_axis", "The counts of one axis are repeated along the other. In the plane they multiply.")
def overlap_map(n, kernel, stride):
    line = torch.zeros((n - 1) * stride + kernel)
    for i in range(n):
        line[i * stride : i * stride + kernel] += 1
    return line.expand(len(line), -1).clone()


@mistake(
    "added_instead_of_multiplied",
    "The counts of the two axes are added. They multiply: each input in a column with each in a row.",
)
def overlap_map(n, kernel, stride):
    line = torch.zeros((n - 1) * stride + kernel)
    for i in range(n):
        line[i * stride : i * stride + kernel] += 1
    return line[:, None] + line


@mistake(
    "whole_numbers",
    "The counts are whole numbers (int64). Wanted are floating-point numbers: they are shown and compared as images.",
)
def overlap_map(n, kernel, stride):
    line = torch.zeros((n - 1) * stride + kernel, dtype=torch.long)
    for i in range(n):
        line[i * stride : i * stride + kernel] += 1
    return torch.outer(line, line)


@mistake(
    "convolution",
    "That is how many outputs a convolution's inputs reach. The map is that of a transposed convolution: it is larger than the input.",
)
def overlap_map(n, kernel, stride):
    size = max(n, kernel)
    return F.conv2d(torch.ones(1, 1, size, size), torch.ones(1, 1, kernel, kernel), stride=stride)[0, 0]


@mistake("batch_axes_left", "The map has two axes: the batch and the channel are taken off, [0, 0].")
def overlap_map(n, kernel, stride):
    ones = torch.ones(1, 1, n, n), torch.ones(1, 1, kernel, kernel)
    return F.conv_transpose2d(*ones, stride=stride)


@mistake("scaled_to_one", "The counts are divided by their maximum. Wanted are the counts themselves.")
def overlap_map(n, kernel, stride):
    ones = torch.ones(1, 1, n, n), torch.ones(1, 1, kernel, kernel)
    counts = F.conv_transpose2d(*ones, stride=stride)[0, 0]
    return counts / counts.max()


@mistake("mean_of_the_kernel", "The kernel's entries are 1 / k^2: that is a share, not a count.")
def overlap_map(n, kernel, stride):
    ones = torch.ones(1, 1, n, n), torch.full((1, 1, kernel, kernel), 1 / kernel**2)
    return F.conv_transpose2d(*ones, stride=stride)[0, 0]


@mistake("edge_cut_off", "The edge is cut off (padding). Wanted is the whole map, of side (n - 1) stride + kernel.")
def overlap_map(n, kernel, stride):
    ones = torch.ones(1, 1, n, n), torch.ones(1, 1, kernel, kernel)
    padding = (kernel - 1) // 2
    return F.conv_transpose2d(*ones, stride=stride, padding=padding)[0, 0]


@mistake("reached_or_not", "The map tells whether an output is reached, not by how many inputs.")
def overlap_map(n, kernel, stride):
    ones = torch.ones(1, 1, n, n), torch.ones(1, 1, kernel, kernel)
    return (F.conv_transpose2d(*ones, stride=stride)[0, 0] > 0).float()


@mistake("stride_and_kernel_exchanged", "Kernel and stride are exchanged.")
def overlap_map(n, kernel, stride):
    ones = torch.ones(1, 1, n, n), torch.ones(1, 1, stride, stride)
    return F.conv_transpose2d(*ones, stride=kernel)[0, 0]


@mistake(
    "even_if_they_divide_by_shortcut",
    "The counts are taken to be (kernel / stride)^2 everywhere: at the edge they are smaller, and between they differ.",
)
def overlap_map(n, kernel, stride):
    side = (n - 1) * stride + kernel
    return torch.full((side, side), (kernel / stride) ** 2)
