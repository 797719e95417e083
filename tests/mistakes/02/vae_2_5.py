@mistake(
    "mean_of_logs",
    "This is the mean of the logarithms: K times the plain ELBO, averaged. Wanted is the logarithm of the mean weight.",
)
def importance_bound(log_w):
    return log_w.mean(dim=0)


@mistake("sum", "The weights are added up, not averaged: log K is to be subtracted.")
def importance_bound(log_w):
    return log_w.logsumexp(dim=0)


@mistake("overflow", "exp of 1000 is infinite and exp of -1000 is 0. Take the largest log-weight out first: log-sum-exp does.")
def importance_bound(log_w):
    return log_w.exp().mean(dim=0).log()


@mistake("wrong_axis", "The sum runs over the images. The K samples lie along axis 0.")
def importance_bound(log_w):
    return log_w.logsumexp(dim=1) - log(log_w.shape[1])


@mistake("maximum", "This is the largest log-weight, without the others.")
def importance_bound(log_w):
    return log_w.max(dim=0).values


@mistake("divided_by_k", "log-sum-exp is divided by K. Dividing the weights by K is subtracting log K from the logarithm.")
def importance_bound(log_w):
    return log_w.logsumexp(dim=0) / len(log_w)


@mistake(
    "one_maximum_for_all",
    "One maximum is taken out for the whole batch: images whose weights are far below it underflow. Take it per image, dim=0.",
)
def importance_bound(log_w):
    top = log_w.max()
    return top + (log_w - top).exp().mean(dim=0).log()


@mistake(
    "mean_taken_out",
    "The mean is taken out before exp, so a weight far above it overflows. Take the maximum out: log-sum-exp does.",
)
def importance_bound(log_w):
    middle = log_w.mean(dim=0)
    return middle + (log_w - middle).exp().mean(dim=0).log()


@mistake("in_place", "log_w is overwritten (log_w -= ..., exp_()): the caller still needs it. Compute a new tensor.")
def importance_bound(log_w):
    top = log_w.max(dim=0).values
    log_w -= top
    return top + log_w.exp().mean(dim=0).log()
