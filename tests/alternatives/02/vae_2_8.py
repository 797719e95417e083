@alternative("by_hand")
def active_units(mu, threshold=1e-2):
    centered = mu - mu.mean(0)
    return sum(1 for variance in (centered**2).mean(0).tolist() if variance > threshold)


@alternative("numpy")
def active_units(mu, threshold=1e-2):
    return int(torch.count_nonzero(torch.from_numpy(mu.numpy().var(axis=0)) > threshold).item())
