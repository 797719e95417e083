@alternative("eigenvectors")
def linear_autoencoder(X, k):
    mean = X.mean(0)
    vectors = torch.linalg.eigh((X - mean).T @ (X - mean)).eigenvectors
    top = vectors[:, -k:]
    return top.T, top, mean


@alternative("mixed_code")
def linear_autoencoder(X, k):
    mean = X.mean(dim=0, keepdim=True)
    axes = torch.linalg.svd(X - mean)[2][:k]
    mixing = torch.eye(k, dtype=X.dtype) * 2 + 0.3
    return mixing @ axes, axes.T @ torch.linalg.inv(mixing), mean[0]


@alternative("sklearn")
def linear_autoencoder(X, k):
    from sklearn.decomposition import PCA

    pca = PCA(k, svd_solver="full").fit(X.numpy())
    axes = torch.from_numpy(pca.components_)
    return axes, axes.mT, torch.from_numpy(pca.mean_)
