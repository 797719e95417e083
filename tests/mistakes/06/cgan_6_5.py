@mistake(
    "mean_of_the_classes",
    "overall is the mean of the shares of the classes. It is the share of all images: a class that is asked for more often counts more.",
)
def class_accuracy(logits, labels):
    _, per_class = class_accuracy(logits, labels)
    return per_class.nanmean(), per_class


@mistake(
    "mean_with_nan", "overall is the mean of the shares of the classes, and so NaN as soon as a class is missing. Count images."
)
def class_accuracy(logits, labels):
    _, per_class = class_accuracy(logits, labels)
    return per_class.mean(), per_class


@mistake(
    "divided_by_the_predicted",
    "Each class's hits are divided by how often the classifier saw the class: that is its precision. Divide by how often it was asked for.",
)
def class_accuracy(logits, labels):
    predicted = logits.argmax(dim=1)
    hits = torch.stack([((predicted == k) & (labels == k)).float().sum() for k in range(logits.shape[1])])
    return (predicted == labels).float().mean(), hits / predicted.bincount(minlength=logits.shape[1])


@mistake(
    "divided_by_all",
    "Each class's hits are divided by the number of all images. Divide by how many of them were asked to be of the class.",
)
def class_accuracy(logits, labels):
    right = (logits.argmax(dim=1) == labels).float()
    return right.mean(), right @ F.one_hot(labels, logits.shape[1]).float() / len(labels)


@mistake(
    "agreement_per_class",
    "A class's share counts images of other classes too, that are rightly not taken for it. Look at the images asked to be of the class.",
)
def class_accuracy(logits, labels):
    predicted = logits.argmax(dim=1)
    return (predicted == labels).float().mean(), torch.stack(
        [((predicted == k) == (labels == k)).float().mean() for k in range(logits.shape[1])]
    )


@mistake(
    "zero_for_never_asked",
    "A class that was never asked for gets 0, as if all its images were wrong. Nothing is known of it: NaN.",
)
def class_accuracy(logits, labels):
    overall, per_class = class_accuracy(logits, labels)
    return overall, per_class.nan_to_num(nan=0.0)


@mistake("one_for_never_asked", "A class that was never asked for gets 1. Nothing is known of it: NaN.")
def class_accuracy(logits, labels):
    overall, per_class = class_accuracy(logits, labels)
    return overall, per_class.nan_to_num(nan=1.0)


@mistake("classes_of_the_batch", "per_class has one entry for each class that was asked for. It has K entries, NaN among them.")
def class_accuracy(logits, labels):
    overall, per_class = class_accuracy(logits, labels)
    return overall, per_class[labels.unique()]


@mistake("best_image_of_a_class", "argmax runs over the images (dim=0). The class of an image is its largest logit: dim=1.")
def class_accuracy(logits, labels):
    predicted = logits.argmax(dim=0).repeat(len(logits))[: len(logits)]
    right = (predicted == labels).float()
    asked = F.one_hot(labels, logits.shape[1]).float()
    return right.mean(), right @ asked / asked.sum(dim=0)


@mistake("smallest_logit", "The class is read off the smallest logit. The classifier sees the class with the largest one.")
def class_accuracy(logits, labels):
    return class_accuracy(-logits, labels)


@mistake("positive_logit", "An image counts as right if the logit of its class is above 0. It must be the largest of its row.")
def class_accuracy(logits, labels):
    right = (logits.gather(1, labels[:, None])[:, 0] > 0).float()
    asked = F.one_hot(labels, logits.shape[1]).float()
    return right.mean(), right @ asked / asked.sum(dim=0)


@mistake(
    "mean_probability",
    "The classifier's probability of the asked class is averaged. Count how often that class is the most probable.",
)
def class_accuracy(logits, labels):
    right = logits.softmax(dim=1).gather(1, labels[:, None])[:, 0]
    asked = F.one_hot(labels, logits.shape[1]).float()
    return right.mean(), right @ asked / asked.sum(dim=0)


@mistake("percent", "The shares are percentages. Wanted are numbers in [0, 1].")
def class_accuracy(logits, labels):
    overall, per_class = class_accuracy(logits, labels)
    return 100 * overall, 100 * per_class


@mistake("counts", "Hits are counted and not divided. Wanted are shares.")
def class_accuracy(logits, labels):
    right = (logits.argmax(dim=1) == labels).float()
    return right.sum(), right @ F.one_hot(labels, logits.shape[1]).float()


@mistake("whole_division", "The hits are divided as whole numbers, so that every share is 0 or 1.")
def class_accuracy(logits, labels):
    overall, per_class = class_accuracy(logits, labels)
    return overall.floor(), per_class.floor()


@mistake("exchanged", "The two values are exchanged: overall first, then per_class.")
def class_accuracy(logits, labels):
    return class_accuracy(logits, labels)[::-1]


@mistake("overall_alone", "The shares of the classes are missing: return both, overall and per_class.")
def class_accuracy(logits, labels):
    return class_accuracy(logits, labels)[0]


@mistake("python_numbers", "The shares are a Python number and a list. Wanted are tensors: a scalar, and one of shape (K,).")
def class_accuracy(logits, labels):
    overall, per_class = class_accuracy(logits, labels)
    return overall.item(), per_class.tolist()


@mistake("error_rate", "These are the shares of wrong images. Wanted are those of the right ones.")
def class_accuracy(logits, labels):
    overall, per_class = class_accuracy(logits, labels)
    return 1 - overall, 1 - per_class


@mistake(
    "logits_overwritten", "The logits that were passed in are overwritten (by a softmax in place, say). Compute a new tensor."
)
def class_accuracy(logits, labels):
    answer = class_accuracy(logits, labels)
    logits -= logits.max()
    return answer
