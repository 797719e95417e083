@alternative("filled_by_index")
def label_planes(labels, n_classes, h, w):
    planes = torch.zeros(len(labels), n_classes, h, w)
    planes[torch.arange(len(labels)), labels] = 1
    return planes


@alternative("rows_of_the_identity")
def label_planes(labels, n_classes, h, w):
    return torch.eye(n_classes)[labels].view(-1, n_classes, 1, 1).repeat(1, 1, h, w)


@alternative("compared_with_all_classes")
def label_planes(labels, n_classes, h, w):
    same = labels[:, None] == torch.arange(n_classes)
    return same.float().unflatten(1, (n_classes, 1, 1)) * torch.ones(h, w)


@alternative("permuted")
def label_planes(labels, n_classes, h, w):
    return F.one_hot(labels[:, None, None].expand(-1, h, w), n_classes).permute(0, 3, 1, 2).to(torch.float32)
