@mistake(
    "norm_over_the_batch",
    "One norm is taken over the whole batch. Each sample has a slope of its own: flatten(1), then the norm along dim 1.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope.norm() - 1) ** 2


@mistake("real_points_alone", "The slopes are taken at the real samples. They are to be taken between real and fake, at eps.")
def gradient_penalty(critic, real, fake, eps):
    x = real.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("fakes_alone", "The slopes are taken at the fakes. They are to be taken between real and fake, at eps.")
def gradient_penalty(critic, real, fake, eps):
    x = fake.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("one_eps_for_all", "All samples are mixed with the first eps. Each has its own: reshape eps to (N, 1, ...).")
def gradient_penalty(critic, real, fake, eps):
    x = (eps[0] * real + (1 - eps[0]) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("mean_eps", "All samples are mixed with the mean of eps. Each has its own.")
def gradient_penalty(critic, real, fake, eps):
    x = (eps.mean() * real + (1 - eps.mean()) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("own_eps", "New places are drawn inside. Use eps: then a step can be repeated.")
def gradient_penalty(critic, real, fake, eps):
    weight = torch.rand_like(eps).reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "eps_along_the_last_axis",
    "eps has shape (N,), and torch lines it up with the last axis of the samples: a size error, or one eps for each column. "
    "Give it an axis of 1 for every axis of an image: (N, 1, ...).",
)
def gradient_penalty(critic, real, fake, eps):
    x = (eps * real + (1 - eps) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "eps_along_the_last_axis_of_a_leaf",
    "eps has shape (N,), and torch lines it up with the last axis of the samples: a size error, or one eps for each column. "
    "Give it an axis of 1 for every axis of an image: (N, 1, ...).",
)
def gradient_penalty(critic, real, fake, eps):
    x = (eps * real.detach() + (1 - eps) * fake.detach()).requires_grad_()
    scores = critic(x)
    (slope,) = torch.autograd.grad(scores, x, grad_outputs=torch.ones_like(scores), create_graph=True)
    return ((slope.reshape(len(slope), -1).norm(2, dim=1) - 1) ** 2).mean()


@mistake(
    "eps_along_the_last_axis_with_a_history",
    "eps has shape (N,), and torch lines it up with the last axis of the samples: a size error, or one eps for each column. "
    "Give it an axis of 1 for every axis of an image: (N, 1, ...).",
)
def gradient_penalty(critic, real, fake, eps):
    x = eps * real + (1 - eps) * fake
    if not x.requires_grad:
        x.requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("eps_for_vectors", "eps becomes (N, 1), which fits vectors and not images: one 1 for each axis but the first.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps[:, None]
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("eps_exchanged", "eps and 1 - eps are exchanged: eps = 1 is the real sample.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = ((1 - weight) * real + weight * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("middle", "The slopes are taken in the middle, whatever eps is.")
def gradient_penalty(critic, real, fake, eps):
    x = ((real + fake) / 2).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "no_second_derivative",
    "No gradient reaches the critic's parameters: create_graph=True is missing, or what it made is detached.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "norm_detached", "No gradient reaches the critic's parameters: create_graph=True is missing, or what it made is detached."
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.detach().flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "by_backward",
    "The slope is taken by backward(), which also fills .grad of the critic's parameters with what nobody asked for. Use "
    "torch.autograd.grad.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    critic(x).sum().backward(create_graph=True)
    return ((x.grad.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("slope_of_the_mean", "The slope is that of the mean of the scores, 1/N of what it should be. Take their sum.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).mean(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "norm_over_channels",
    "The norm is along dim 1 alone, one for each pixel. It is over all axes but the first: flatten(1) before.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.norm(dim=1) - 1) ** 2).mean()


@mistake("sum", "The penalties are added up. Take their mean, so that lambda does not depend on the batch.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).sum()


@mistake("squared_slopes", "The square of the slope is compared with 1: (|g|^2 - 1)^2. Wanted: (|g| - 1)^2.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).square().sum(dim=1) - 1) ** 2).mean()


@mistake(
    "one_sided",
    "Slopes below 1 cost nothing here. That is another penalty, one-sided; equation (3) of the paper has both sides.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (torch.relu(slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake("zero_centered", "The slopes are pulled to 0, not to 1. (There is such a penalty, R1; it is not this one.)")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return slope.flatten(1).square().sum(dim=1).mean()


@mistake(
    "mean_slope_alone",
    "The mean of the slopes is compared with 1: one that is too steep makes up for one too flat. Square each first.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope.flatten(1).norm(dim=1).mean() - 1) ** 2


@mistake("absolute_deviation", "The deviation is not squared: |(|g| - 1)|. Wanted: its square.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - 1).abs().mean()


@mistake(
    "sum_of_absolute_values",
    "The slope is measured by the sum of absolute values. Take the length of the gradient, its 2-norm.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).abs().sum(dim=1) - 1) ** 2).mean()


@mistake(
    "not_detached",
    "The points between still hang on real and fake: the penalty's gradient runs on into the generator. Detach.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = weight * real + (1 - weight) * fake
    if not x.requires_grad:
        x.requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "root_of_zero",
    "The root of a sum of squares has an infinite slope at 0: a flat critic gets NaN. Use norm, or add a tiny number inside.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).square().sum(dim=1).sqrt() - 1) ** 2).mean()


@mistake("scores_for_slopes", "The scores are compared with 1. It is their gradients by the input that have the length 1.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach()
    return ((critic(x).flatten(1).norm(dim=1) - 1) ** 2).mean() if critic(x).ndim > 1 else ((critic(x).abs() - 1) ** 2).mean()


@mistake("chord", "The slope is that of the chord from fake to real. Wanted: the gradient at the point between.")
def gradient_penalty(critic, real, fake, eps):
    rise = (critic(real.detach()) - critic(fake.detach())).flatten()
    way = (real - fake).detach().flatten(1).norm(dim=1).clamp(min=1e-12)
    return (((rise / way).abs() - 1) ** 2).mean()


@mistake("weighted", "The penalty is multiplied by 10. Its weight comes in elsewhere: wgan_step has the argument penalty.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return 10 * ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "float64",
    "float32 samples give a penalty in float64: keep the dtype.",
)
def gradient_penalty(critic, real, fake, eps):
    return gradient_penalty(critic, real, fake, eps).double()


@mistake("one_for_each_sample", "One penalty for each sample comes back. Wanted: their mean.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - 1) ** 2


@mistake("samples_overwritten", "The samples that were passed in are mixed in place (lerp_, mul_). Compute a new tensor.")
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = fake.detach().lerp_(real.detach(), weight).requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "scores_of_one_axis",
    "The scores are taken to have the shape (N,). They may come as (N, 1) or (N, 1, 1, 1): sum them up.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x), x, grad_outputs=torch.ones(len(x), dtype=x.dtype), create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "vectors_or_images",
    "eps is given the axes of vectors or of images alone. Samples have any number of axes: one 1 for each but the first.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.view(-1, 1, 1, 1) if real.ndim == 4 else eps.view(-1, 1)
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "eps_takes_gradients",
    "eps itself is made to take gradients (requires_grad_), and stays so for the caller. It is the points between that need it.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.requires_grad_().reshape(-1, *[1] * (real.ndim - 1))
    x = weight * real.detach() + (1 - weight) * fake.detach()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "seeded",
    "A seed is set inside (torch.manual_seed): whatever is drawn afterwards is the same each time. Nothing is to be drawn here.",
)
def gradient_penalty(critic, real, fake, eps):
    torch.manual_seed(0)
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "large_number_under_the_root",
    "The number added under the root is too large: a slope is measured too steep by it. 1e-12 is enough.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (((slope.flatten(1).square().sum(dim=1) + 1e-8).sqrt() - 1) ** 2).mean()


@mistake(
    "eps_for_images",
    "eps becomes (N, 1, 1, 1), which fits images and not vectors: they become (N, 1, N, d). One 1 for each axis but the first.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.view(-1, 1, 1, 1)
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "points_without_requires_grad",
    "The points between do not ask for gradients: behind detach() they need requires_grad_() before the critic sees them.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "grad_of_many_scores",
    "torch.autograd.grad wants one number: take the sum of the scores, or give it grad_outputs of ones.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


@mistake(
    "norm_along_the_last_axis",
    "The norm is along the last axis alone, one for each row of each image. It is over all axes but the first: flatten(1) before.",
)
def gradient_penalty(critic, real, fake, eps):
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    x = (weight * real + (1 - weight) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.norm(2, dim=-1) - 1) ** 2).mean()


@mistake(
    "critic_in_evaluation_mode",
    "The critic is put into another mode (eval(), train()) and left there. In which mode it is, is the caller's business.",
)
def gradient_penalty(critic, real, fake, eps):
    _check_pairs(real, fake, eps)
    if isinstance(critic, nn.Module):
        critic.eval()
    weight = eps.reshape(-1, *[1] * (real.ndim - 1))
    between = torch.lerp(fake.detach(), real.detach(), weight).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return ((gradient.flatten(1).norm(dim=1) - 1) ** 2).mean()
