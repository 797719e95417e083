@alternative("reshape_and_back")
def spectral_normalize(weight, u):
    matrix = weight.reshape(weight.shape[0], -1)
    sigma, new = power_iteration(matrix, u, n_steps=1)
    return (matrix / sigma).view_as(weight), new


@alternative("without_power_iteration")
def spectral_normalize(weight, u):
    matrix = weight.view(len(weight), -1)
    with torch.no_grad():
        v = torch.mv(matrix.t(), u)
        v /= v.norm() + 1e-12
        wv = torch.mv(matrix, v)
        new = wv / (wv.norm() + 1e-12)
    sigma = new.dot(matrix.mv(v))
    return weight * sigma.reciprocal(), new
