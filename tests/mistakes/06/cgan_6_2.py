@mistake("not_spread_out", "The planes are one pixel each. Spread them over h x w pixels.")
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels, n_classes).float()[:, :, None, None]


@mistake("classes_last", "The classes are the last axis, (N, h, w, K). Channels come second in PyTorch: (N, K, h, w).")
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels, n_classes).float()[:, None, None, :].expand(-1, h, w, -1)


@mistake(
    "view_for_permute",
    "The axes are put in order by view or reshape, which mixes the numbers up: use permute, or index with None.",
)
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels, n_classes).float()[:, None, None, :].expand(-1, h, w, -1).reshape(-1, n_classes, h, w)


@mistake("sides_exchanged", "Height and width are exchanged: (N, K, h, w).")
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels, n_classes).float()[:, :, None, None].expand(-1, -1, w, h)


@mistake(
    "one_plane_with_the_number",
    "One plane that holds the number of the class, as if a 9 were more than a 2. Wanted is one plane for each class.",
)
def label_planes(labels, n_classes, h, w):
    return labels.float()[:, None, None, None].expand(-1, 1, h, w)


@mistake(
    "number_in_every_plane", "The planes hold the number of the class. The plane of the class holds ones, whatever its number."
)
def label_planes(labels, n_classes, h, w):
    return labels.float()[:, None, None, None].expand(-1, n_classes, h, w)


@mistake("number_in_its_plane", "The plane of the class holds its number instead of 1: class 0 cannot be seen at all.")
def label_planes(labels, n_classes, h, w):
    return (F.one_hot(labels, n_classes) * labels[:, None]).float()[:, :, None, None].expand(-1, -1, h, w)


@mistake("whole_numbers", "The planes are whole numbers (one_hot gives int64). Images are floating-point: .float().")
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels, n_classes)[:, :, None, None].expand(-1, -1, h, w)


@mistake("double_precision", "The planes are float64. Images and weights are float32.")
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels, n_classes).double()[:, :, None, None].expand(-1, -1, h, w)


@mistake("one_corner", "One pixel of the plane is set. All h x w pixels are 1: each place of a convolution must see the class.")
def label_planes(labels, n_classes, h, w):
    planes = torch.zeros(len(labels), n_classes, h, w)
    planes[torch.arange(len(labels)), labels, 0, 0] = 1
    return planes


@mistake("adds_up_to_one", "The ones were divided by the number of pixels. Each pixel of the plane is 1.")
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels, n_classes).float()[:, :, None, None].expand(-1, -1, h, w) / (h * w)


@mistake("minus_one_for_the_others", "The planes of the other classes hold -1, as black pixels do. Wanted is 0.")
def label_planes(labels, n_classes, h, w):
    return 2 * F.one_hot(labels, n_classes).float()[:, :, None, None].expand(-1, -1, h, w) - 1


@mistake("counted_from_one", "The plane before that of the class is filled. Classes are counted from 0.")
def label_planes(labels, n_classes, h, w):
    return F.one_hot((labels - 1) % n_classes, n_classes).float()[:, :, None, None].expand(-1, -1, h, w)


@mistake("ones_and_zeros_exchanged", "Ones and zeros are exchanged: 1 for the class of the label.")
def label_planes(labels, n_classes, h, w):
    return 1 - F.one_hot(labels, n_classes).float()[:, :, None, None].expand(-1, -1, h, w)


@mistake(
    "classes_of_the_batch",
    "The number of planes is taken from the labels of this batch. It is n_classes: a batch need not show every class.",
)
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels).float()[:, :, None, None].expand(-1, -1, h, w)


@mistake(
    "all_labels_in_each",
    "Each image gets the planes of all labels of the batch: planes[:, labels] sets them for every image. Index the image, too.",
)
def label_planes(labels, n_classes, h, w):
    planes = torch.zeros(len(labels), n_classes, h, w)
    planes[:, labels] = 1
    return planes


@mistake("images_for_classes", "Image and class are exchanged: planes[labels, image] instead of planes[image, labels].")
def label_planes(labels, n_classes, h, w):
    planes = torch.zeros(len(labels), n_classes, h, w)
    for image, label in enumerate(labels):
        planes[int(label) % len(labels), image % n_classes] = 1
    return planes


@mistake("labels_overwritten", "The labels that were passed in are changed in place. Compute a new tensor.")
def label_planes(labels, n_classes, h, w):
    planes = F.one_hot(labels, n_classes).float()[:, :, None, None].expand(-1, -1, h, w)
    labels.zero_()
    return planes
