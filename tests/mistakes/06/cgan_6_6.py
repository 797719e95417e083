@mistake("psi_forgotten", "psi is missing: it says how real an image looks, whatever its class. Add linear(features).")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels)).sum(dim=1)


@mistake("class_forgotten", "The product with the class's vector is missing: labels change nothing.")
def projection_logit(features, labels, embedding, linear):
    return linear(features).squeeze(1)


@mistake("mean_for_sum", "The product with the class's vector is averaged over the d features. It is a sum.")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels)).mean(dim=1) + linear(features).squeeze(1)


@mistake("psi_of_the_embedding", "psi is applied to the class's vector. It takes the features: psi(phi(x)).")
def projection_logit(features, labels, embedding, linear):
    e = embedding(labels)
    return (features * e).sum(dim=1) + linear(e).squeeze(1)


@mistake(
    "psi_of_the_product",
    "psi is applied to the product of features and class vector. The two terms are added: e . phi, and psi(phi).",
)
def projection_logit(features, labels, embedding, linear):
    return linear(features * embedding(labels)).squeeze(1)


@mistake(
    "psi_of_the_sum",
    "psi is applied to phi + e(y). Then an image and its label are judged apart: the two terms are e . phi, and psi(phi).",
)
def projection_logit(features, labels, embedding, linear):
    return linear(features + embedding(labels)).squeeze(1)


@mistake("cosine", "The cosine of features and class vector is taken. Their lengths count: it is the plain product.")
def projection_logit(features, labels, embedding, linear):
    return F.cosine_similarity(features, embedding(labels), dim=1) + linear(features).squeeze(1)


@mistake("scaled_product", "The product is divided by the square root of d, as in attention. Here it is not.")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels)).sum(dim=1) / features.shape[1] ** 0.5 + linear(features).squeeze(1)


@mistake("sigmoid", "A sigmoid turns the logits into probabilities. Return the logits.")
def projection_logit(features, labels, embedding, linear):
    return torch.sigmoid((features * embedding(labels)).sum(dim=1) + linear(features).squeeze(1))


@mistake("column", "The logits have shape (N, 1). Wanted is (N,).")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels)).sum(dim=1, keepdim=True) + linear(features)


@mistake("broadcast", "(N,) + (N, 1) makes (N, N): every image with every other. Bring both to shape (N,) first.")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels)).sum(dim=1) + linear(features)


@mistake("squeezed_whole", "squeeze() without an axis takes the batch away, too, if it has one image. Say squeeze(1).")
def projection_logit(features, labels, embedding, linear):
    return ((features * embedding(labels)).sum(dim=1, keepdim=True) + linear(features)).squeeze()


@mistake(
    "every_pair", "Every image is multiplied with the label of every image (a product of matrices) and the results are summed."
)
def projection_logit(features, labels, embedding, linear):
    return (features @ embedding(labels).T).sum(dim=1) + linear(features).squeeze(1)


@mistake("summed_over_the_batch", "The product is summed over the images instead of the features: sum over dim=1.")
def projection_logit(features, labels, embedding, linear):
    product = (features * embedding(labels)).sum(dim=0)
    return product.repeat(len(features))[: len(features)] + linear(features).squeeze(1)


@mistake("product_of_the_terms", "The two terms are multiplied. They are added: the logit is a logarithm of a product of ratios.")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels)).sum(dim=1) * linear(features).squeeze(1)


@mistake("psi_subtracted", "psi is subtracted. The two terms are added.")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels)).sum(dim=1) - linear(features).squeeze(1)


@mistake(
    "weights_taken_out",
    "The weights are taken out of the layers (embedding.weight, linear.weight). They may be any functions: call them.",
)
def projection_logit(features, labels, embedding, linear):
    return (features * embedding.weight[labels]).sum(dim=1) + features @ linear.weight[0] + linear.bias


@mistake("first_label_for_all", "All images get the vector of the first label. Each has a label of its own.")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels[:1])).sum(dim=1) + linear(features).squeeze(1)


@mistake("detached_embedding", "The class's vector is detached: no gradient reaches the embedding, and it never learns.")
def projection_logit(features, labels, embedding, linear):
    return (features * embedding(labels).detach()).sum(dim=1) + linear(features).squeeze(1)


@mistake("detached_features", "The features are detached: the layers below, and the generator, learn nothing from the class.")
def projection_logit(features, labels, embedding, linear):
    return (features.detach() * embedding(labels)).sum(dim=1) + linear(features).squeeze(1)


@mistake("features_overwritten", "The features that were passed in are overwritten (features *= ...). Compute a new tensor.")
def projection_logit(features, labels, embedding, linear):
    psi = linear(features).squeeze(1)
    product = features * embedding(labels)
    features.data.copy_(product.data)
    return product.sum(dim=1) + psi
