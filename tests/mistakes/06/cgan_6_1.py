@mistake("sum_for_product", "The class's vector is added to the noise. condition_multiply multiplies, entry by entry.")
def condition_multiply(z, labels, embedding):
    return z + embedding(labels)


@mistake("one_plus_e", "The noise is multiplied by 1 + e(y). Wanted is the plain product of z and e(y).")
def condition_multiply(z, labels, embedding):
    return z * (1 + embedding(labels))


@mistake(
    "noise_overwritten", "The noise is multiplied in place (z *= ...), so what was passed in is overwritten. Return a new tensor."
)
def condition_multiply(z, labels, embedding):
    z.data.mul_(embedding(labels).data)
    return z


@mistake("number_times_noise", "The noise is multiplied by the number of the class. Look its vector up: embedding(labels).")
def condition_multiply(z, labels, embedding):
    return z * labels[:, None]


@mistake(
    "inner_product", "The product is summed over the entries, or is a product of matrices. Multiply entry by entry: shape (N, d)."
)
def condition_multiply(z, labels, embedding):
    return z @ embedding(labels).T


@mistake("every_pair", "Every noise is combined with every label, shape (N, N, d). Each noise has one label, its own.")
def condition_multiply(z, labels, embedding):
    return z[:, None] * embedding(labels)


@mistake("concatenated_for_product", "condition_multiply concatenates: the two functions are exchanged.")
def condition_multiply(z, labels, embedding):
    return condition_concat(z, labels, embedding)


@mistake("detached_factor", "The class's vector is detached: no gradient reaches the embedding, and it never learns.")
def condition_multiply(z, labels, embedding):
    return z * embedding(labels).detach()


@mistake(
    "absolute_value", "The size of e(y) is multiplied. That has the same law, but the product is z times e(y), with its sign."
)
def condition_multiply(z, labels, embedding):
    return z * embedding(labels).abs()


@mistake("by_position", "The vectors are looked up by the place in the batch. They belong to the labels: embedding(labels).")
def condition_multiply(z, labels, embedding):
    return z * embedding(torch.arange(len(z)) % (1 + int(labels.max())))


@mistake("weight_indexed", "The weight of the embedding is indexed (embedding.weight[labels]). It may be any function: call it.")
def condition_multiply(z, labels, embedding):
    return z * embedding.weight[labels]


@mistake("single_precision_product", "The result is turned into float32 (.float()): float64 goes in and must come out.")
def condition_multiply(z, labels, embedding):
    return (z * embedding(labels)).float()


@mistake("class_first", "The class's vector comes first. The noise is first, then the class.")
def condition_concat(z, labels, embedding):
    return torch.cat([embedding(labels), z], dim=1)


@mistake("stacked_rows", "The vectors are put below the noises: concatenate along axis 1, so that each row has both.")
def condition_concat(z, labels, embedding):
    e = embedding(labels)
    width = max(z.shape[1], e.shape[1])
    return torch.cat([F.pad(z, (0, width - z.shape[1])), F.pad(e, (0, width - e.shape[1]))], dim=0)


@mistake(
    "number_behind_noise",
    "The number of the class is concatenated, as if a 9 were more than a 2. Concatenate its vector: embedding(labels).",
)
def condition_concat(z, labels, embedding):
    return torch.cat([z, labels[:, None].to(z.dtype)], dim=1)


@mistake("product_and_class", "The noise is multiplied before it is concatenated. Concatenate z as it is.")
def condition_concat(z, labels, embedding):
    e = embedding(labels)
    return torch.cat([z * e if z.shape == e.shape else z, e], dim=1)


@mistake("first_label_for_all", "All noises get the vector of the first label. Each has a label of its own.")
def condition_concat(z, labels, embedding):
    return torch.cat([z, embedding(labels[:1]).expand(len(z), -1)], dim=1)


@mistake("detached_class", "The class's vector is detached before it is concatenated: no gradient reaches the embedding.")
def condition_concat(z, labels, embedding):
    return torch.cat([z, embedding(labels).detach()], dim=1)


@mistake(
    "concatenated_in_single_precision", "The concatenation is turned into float32 (.float()): float64 goes in and must come out."
)
def condition_concat(z, labels, embedding):
    return torch.cat([z.float(), embedding(labels).float()], dim=1)


@mistake(
    "concatenated_by_weight",
    "The weight of the embedding is concatenated (embedding.weight[labels]). It may be any function: call it.",
)
def condition_concat(z, labels, embedding):
    return torch.cat([z, embedding.weight[labels]], dim=1)


@mistake("centered_in_place", "The noise is changed in place before it is concatenated, so what was passed in is overwritten.")
def condition_concat(z, labels, embedding):
    z.data -= z.data.mean(dim=0)
    return torch.cat([z, embedding(labels)], dim=1)
