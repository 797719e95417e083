@alternative("counting")
def conv_size(n, kernel, stride=1, padding=0):
    return len(range(0, n + 2 * padding - kernel + 1, stride))


@alternative("last_place")
def conv_size(n, kernel, stride=1, padding=0):
    last = n + 2 * padding - kernel
    return 1 + (last - last % stride) // stride


@alternative("last_place")
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    whole = n * stride + (kernel - stride)
    return whole + output_padding - padding - padding
