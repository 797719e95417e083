@alternative("maximum_taken_out")
def importance_bound(log_w):
    top = log_w.max(dim=0).values
    return top + (log_w - top).exp().mean(dim=0).log()


@alternative("log_k_first")
def importance_bound(log_w):
    return (log_w - log(log_w.shape[0])).logsumexp(0)


@alternative("double")
def importance_bound(log_w):
    k = torch.tensor(float(len(log_w)), dtype=torch.float64)
    return torch.logsumexp(log_w.double(), 0) - k.log()
