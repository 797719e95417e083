@alternative("einsum")
def projection_logit(features, labels, embedding, linear):
    return torch.einsum("nd,nd->n", embedding(labels), features) + linear(features)[:, 0]


@alternative("batched_product")
def projection_logit(features, labels, embedding, linear):
    product = torch.bmm(features.unsqueeze(1), embedding(labels).unsqueeze(2)).flatten()
    return product + linear(features).flatten()


@alternative("column_until_the_end")
def projection_logit(features, labels, embedding, linear):
    return (torch.linalg.vecdot(embedding(labels), features).unsqueeze(1) + linear(features)).squeeze(-1)
