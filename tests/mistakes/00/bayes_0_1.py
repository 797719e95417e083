@mistake("prior_forgotten", "The prior is missing: a rare class is judged as if it were as frequent as the others.")
def posterior(log_px_given_y, log_prior):
    return torch.softmax(log_px_given_y, dim=1)


@mistake(
    "overflow",
    "exp(-1000) is 0 and exp(1000) infinite. Stay in logarithms: log-sum-exp or softmax take the largest one out first.",
)
def posterior(log_px_given_y, log_prior):
    joint = (log_px_given_y + log_prior).exp()
    return joint / joint.sum(dim=1, keepdim=True)


@mistake("logarithms", "These are the logarithms of the probabilities. Wanted are the probabilities themselves.")
def posterior(log_px_given_y, log_prior):
    return torch.log_softmax(log_px_given_y + log_prior, dim=1)


@mistake(
    "wrong_axis", "The sum runs over the points. It is the classes, along axis 1, that share the probability 1 of each point."
)
def posterior(log_px_given_y, log_prior):
    return torch.softmax(log_px_given_y + log_prior, dim=0)


@mistake("not_normalized", "This is the joint density p(x | y) p(y): it is not divided by its sum over the classes, p(x).")
def posterior(log_px_given_y, log_prior):
    return (log_px_given_y + log_prior).exp()


@mistake(
    "prior_as_probability",
    "log_prior is added as a probability (exp was applied). Logarithms add up where probabilities multiply.",
)
def posterior(log_px_given_y, log_prior):
    return torch.softmax(log_px_given_y + log_prior.exp(), dim=1)


@mistake("prior_multiplied", "The logarithms are multiplied. Logarithms add up where probabilities multiply.")
def posterior(log_px_given_y, log_prior):
    return torch.softmax(log_px_given_y * log_prior, dim=1)


@mistake("prior_divided", "The prior is divided out instead of multiplied in.")
def posterior(log_px_given_y, log_prior):
    return torch.softmax(log_px_given_y - log_prior, dim=1)


@mistake("one_maximum_for_all", "One maximum is taken out for the whole batch: points far below it underflow. Take it per row.")
def posterior(log_px_given_y, log_prior):
    joint = log_px_given_y + log_prior
    joint = (joint - joint.max()).exp()
    return joint / joint.sum(dim=1, keepdim=True)


@mistake("winner_takes_all", "The best class gets 1, the others 0. The posterior says how sure one may be.")
def posterior(log_px_given_y, log_prior):
    joint = log_px_given_y + log_prior
    return torch.nn.functional.one_hot(joint.argmax(dim=1), joint.shape[1]).to(joint.dtype)


@mistake("sigmoid", "Each class gets a sigmoid of its own: the rows do not sum to 1. Softmax is the sigmoid of several classes.")
def posterior(log_px_given_y, log_prior):
    return torch.sigmoid(log_px_given_y + log_prior)


@mistake(
    "shrunk", "A small constant is added to the densities or to their sum: where the densities underflow it decides everything."
)
def posterior(log_px_given_y, log_prior):
    joint = (log_px_given_y + log_prior).exp() + 1e-8
    return joint / joint.sum(dim=1, keepdim=True)


@mistake("detached", "The values are right, but no gradient comes through (detach, no_grad, numpy).")
def posterior(log_px_given_y, log_prior):
    return torch.softmax(log_px_given_y + log_prior, dim=1).detach()


@mistake("in_place", "An argument is overwritten (+=, exp_()): the caller still needs it. Compute a new tensor.")
def posterior(log_px_given_y, log_prior):
    changed = log_px_given_y.data
    changed += log_prior.data
    return torch.softmax(log_px_given_y, dim=1)
