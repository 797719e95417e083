@mistake("rounded_up", "The quotient is rounded up: a place where the kernel hangs over the edge is counted. Round down: //.")
def conv_size(n, kernel, stride=1, padding=0):
    return -((kernel - n - 2 * padding) // stride) + 1


@mistake("rounded", "The quotient is rounded to the nearest whole number. Round down: the kernel must fit as a whole.")
def conv_size(n, kernel, stride=1, padding=0):
    return round((n + 2 * padding - kernel) / stride) + 1


@mistake("float_division", "The size is a float: / instead of //. A size is a whole number, rounded down.")
def conv_size(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) / stride + 1


@mistake("int_of_a_float", "int(... / ...) goes through a float, which is not exact for large numbers: // is.")
def conv_size(n, kernel, stride=1, padding=0):
    return int((n + 2 * padding - kernel) / stride) + 1


@mistake("padding_on_one_side", "The padding is counted once. It is added on both sides: 2p.")
def conv_size(n, kernel, stride=1, padding=0):
    return (n + padding - kernel) // stride + 1


@mistake("no_plus_one", "The first place of the kernel is not counted: + 1 behind the quotient.")
def conv_size(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) // stride


@mistake("plus_one_inside", "The + 1 stands within the quotient. It counts the first place, behind the division.")
def conv_size(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel + 1) // stride


@mistake(
    "same_padding", 'n / stride, rounded up, is the size with the padding that Keras calls "same". Here the padding is a number.'
)
def conv_size(n, kernel, stride=1, padding=0):
    return -(-n // stride)


@mistake("kernel_halved", "The formula is that of a padding of k // 2. Here the padding is the argument.")
def conv_size(n, kernel, stride=1, padding=0):
    return (n + 2 * (kernel // 2) - kernel) // stride + 1


@mistake(
    "transposed_is_n_times_stride", "n * stride holds for kernel 4, stride 2, padding 1 and the like: kernel and padding count."
)
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    return n * stride + output_padding


@mistake("transposed_padding_added", "The padding is added. A transposed convolution cuts it off on both sides: - 2p.")
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    return (n - 1) * stride + 2 * padding + kernel + output_padding


@mistake("transposed_padding_on_one_side", "The padding is cut off once. It is cut off on both sides: - 2p.")
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    return (n - 1) * stride - padding + kernel + output_padding


@mistake("transposed_n_not_reduced", "Between n inputs lie n - 1 strides, not n.")
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    return n * stride - 2 * padding + kernel + output_padding


@mistake("output_padding_ignored", "output_padding is not added.")
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel


@mistake("output_padding_on_both_sides", "output_padding is added twice. It is added at the end alone.")
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel + 2 * output_padding


@mistake("kernel_minus_one", "The last kernel is counted with k - 1 places. From its first to its last place there are k.")
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    return (n - 1) * stride - 2 * padding + kernel - 1 + output_padding


@mistake("functions_exchanged", "The two functions are exchanged: conv_size makes images smaller, transposed_conv_size larger.")
def conv_size(n, kernel, stride=1, padding=0):
    return (n - 1) * stride - 2 * padding + kernel


@mistake("functions_exchanged", "The two functions are exchanged: conv_size makes images smaller, transposed_conv_size larger.")
def transposed_conv_size(n, kernel, stride=1, padding=0, output_padding=0):
    return (n + 2 * padding - kernel) // stride + 1
