@alternative("loop_over_classes")
def class_accuracy(logits, labels):
    right = (logits.max(dim=1).indices == labels).float()
    return right.mean(), torch.stack([right[labels == k].mean() for k in range(logits.shape[1])])


@alternative("two_bincounts")
def class_accuracy(logits, labels):
    predicted, classes = logits.softmax(dim=1).argmax(dim=1), logits.shape[1]
    hits = torch.bincount(labels[predicted == labels], minlength=classes)
    return (predicted == labels).double().mean(), hits.double() / torch.bincount(labels, minlength=classes)


@alternative("confusion_matrix")
def class_accuracy(logits, labels):
    classes = logits.shape[1]
    confusion = torch.zeros(classes, classes)
    for asked, seen in zip(labels.tolist(), logits.topk(1, dim=1).indices[:, 0].tolist()):
        confusion[asked, seen] += 1
    return confusion.trace() / confusion.sum(), confusion.diagonal() / confusion.sum(dim=1)
