@alternative("second_moments")
def polynomial_mmd(a, b):
    return (a.T @ a / len(a) - b.T @ b / len(b)).pow(2).sum()


@alternative("pair_by_pair")
def polynomial_mmd(a, b):
    def mean(x, y):
        return sum(torch.dot(p, q) ** 2 for p in x for q in y) / (len(x) * len(y))

    return mean(a, a) - 2 * mean(a, b) + mean(b, b)


@alternative("one_matrix")
def polynomial_mmd(a, b):
    both = torch.cat([a, b])
    signs = torch.cat([a.new_full((len(a),), 1 / len(a)), a.new_full((len(b),), -1 / len(b))])
    return signs @ torch.einsum("id,jd->ij", both, both) ** 2 @ signs
