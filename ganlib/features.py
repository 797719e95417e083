"""Metrics that look at digits through a small classifier, whose weights come with the package.

``python -m ganlib.features`` trains the classifiers again.
"""

from collections.abc import Callable
from functools import cache
from math import log
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save
from torch import Tensor, nn

from ganlib import data, training
from ganlib._checks import check_choice, check_count, check_tensor, describe

WEIGHTS = Path(__file__).parent / "weights"


class DigitClassifier(nn.Module):
    """Two convolutions, 64 features, 10 classes; for images (N, 1, size, size) in [0, 1].

    Args:
        size: side of the images, 8, 16 or 32.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        check_choice(data.DIGIT_SIZES, size=size)
        self.size = size
        # Larger images are first averaged down, so that all sizes have about as many weights.
        pools = {8: (1, 2), 16: (2, 2), 32: (4, 2)}[size]
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.AvgPool2d(pools[0]),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.AvgPool2d(pools[1]),
            nn.Flatten(),
            nn.Linear(32 * 4 * 4, 64),
            nn.ReLU(),
        )
        self.head = nn.Linear(64, 10)

    def features(self, images: Tensor) -> Tensor:
        """Features (N, 64), at least 0."""
        return self.body(images)

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, 10)."""
        return self.head(self.features(images))


def load_classifier(size: int) -> DigitClassifier:
    """The classifier for digits of 8, 16 or 32 pixels a side, in evaluation mode, its weights frozen.

    Every caller gets the same object; it is read from disk once.

    Raises:
        ValueError: if there is no classifier for this size.
    """
    check_choice(data.DIGIT_SIZES, size=size)
    return _classifier(size)


@cache
def _classifier(size: int) -> DigitClassifier:
    model = DigitClassifier(size)
    weights = load_file(WEIGHTS / f"digits{size}.safetensors")
    model.load_state_dict({name: value.float() for name, value in weights.items()})
    return model.eval().requires_grad_(False)


def extract(images: Tensor) -> Tensor:
    """The classifier's features of digits.

    Args:
        images: shape (N, 1, size, size) with size 8, 16 or 32, values in [0, 1].

    Returns:
        Shape (N, 64), at least 0, on the CPU.

    Raises:
        ValueError: if the shape or the range of the images is another.
    """
    return _apply(_classifier_of("images", images).features, images)


def probabilities(images: Tensor) -> Tensor:
    """The classifier's probabilities of the ten digits: shape (N, 10), on the CPU. Argument and errors as in :func:`extract`."""
    return _apply(_classifier_of("images", images), images).softmax(dim=1)


def check_digits(**sets: Tensor) -> None:
    """Raise ValueError unless each named argument is images of digits as in :func:`extract`, all of one size."""
    for name, images in sets.items():
        _classifier_of(name, images)
    (first_name, first), *others = sets.items()
    for name, images in others:
        if images.shape[1:] != first.shape[1:]:
            raise ValueError(f"{name}: got {describe(images)}, want the size of {first_name}, {describe(first)}")


def _classifier_of(name: str, images: object) -> DigitClassifier:
    """The classifier that fits these images, after a look at their shape and range."""
    check_tensor(ndim=4, like="(N, 1, size, size)", **{name: images})
    shape = tuple(images.shape[1:])
    if shape not in [(1, size, size) for size in data.DIGIT_SIZES] or not len(images):
        raise ValueError(f"{name}: got {describe(images)}, want shape (N, 1, size, size) with size one of 8, 16, 32 and N > 0")
    low, high = images.min().item(), images.max().item()
    # Interpolated images may leave the range by a rounding error; a NaN fails both comparisons.
    if not (low >= -1e-4 and high <= 1 + 1e-4):
        wanted = "want values in [0, 1]: a sigmoid does that for logits, (x + 1) / 2 for values in [-1, 1]"
        raise ValueError(f"{name}: got values in [{low:.3g}, {high:.3g}], {wanted}")
    return load_classifier(shape[1])


def _apply(function: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    with torch.no_grad():
        return torch.cat([function(part.float().cpu()) for part in images.split(512)])


def mode_counts(images: Tensor) -> Tensor:
    """How many of the images look most like each digit: shape (10,), int64. Argument and errors as in :func:`extract`."""
    return probabilities(images).argmax(dim=1).bincount(minlength=10)


def label_entropy(images: Tensor) -> float:
    """Entropy of the predicted digits over log 10: 1 if all ten are equally frequent, 0 if there is only one.

    Argument and errors as in :func:`extract`.
    """
    share = mode_counts(images).double() / len(images)
    return float(torch.special.entr(share).sum() / log(10))


def normalized_frechet(real_images: Tensor, fake_images: Tensor) -> float:
    r"""Fréchet distance of the features of real and fake digits, divided by the trace of the real covariance ("nFD").

    .. math:: \frac{\lVert \mu_r - \mu_f \rVert^2 + \operatorname{tr}(\Sigma_r + \Sigma_f - 2 (\Sigma_r \Sigma_f)^{1/2})}
              {\operatorname{tr} \Sigma_r}

    It is 0 for equal means and covariances, and 1 for a generator whose images all have the mean feature.

    Args:
        real_images: shape (N, 1, size, size), N at least 2, values in [0, 1]. The course passes the test images.
        fake_images: shape (M, 1, size, size), M at least 2, values in [0, 1].

    Raises:
        ValueError: if a shape or a range is another, the sizes differ, or all real images have the same features.

    Source: Heusel et al. (2017), equation (6), with a digit classifier in place of Inception.
    """
    check_digits(real_images=real_images, fake_images=fake_images)
    parts = []
    for name, images in (("real_images", real_images), ("fake_images", fake_images)):
        if len(images) < 2:
            raise ValueError(f"{name}: got 1 image, want at least 2 to have a covariance")
        features = extract(images).double()
        parts.append((features.mean(dim=0), features.T.cov()))
    spread = parts[0][1].trace()
    if spread < 1e-9:
        raise ValueError("real_images: got images that all have the same features, want a varied set")
    return float(_frechet(*parts[0], *parts[1]) / spread)


def _frechet(mean_a: Tensor, cov_a: Tensor, mean_b: Tensor, cov_b: Tensor) -> Tensor:
    """Squared Fréchet distance of two Gaussians, means (d,) and covariances (d, d); the covariances may be singular."""
    # AB has the eigenvalues of the symmetric A^(1/2) B A^(1/2): real, and at least 0 but for rounding.
    values, vectors = torch.linalg.eigh(cov_a)
    root_a = vectors * values.clamp(min=0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root_a @ cov_b @ root_a).clamp(min=0).sqrt().sum()
    distance = (mean_a - mean_b).square().sum() + cov_a.trace() + cov_b.trace() - 2 * cross
    return distance.clamp(min=0)


def precision_recall(real_images: Tensor, fake_images: Tensor, k: int = 3) -> tuple[float, float]:
    """Precision and recall of fake digits by k nearest neighbors in the classifier's features.

    A set's balls reach from each of its points to the k-th nearest other one. Precision is the share of the fakes that lie in
    a ball of the real images, recall the share of the real images that lie in a ball of the fakes; the edge belongs to a ball.

    Args:
        real_images: shape (N, 1, size, size), N more than k, values in [0, 1]. The course passes the test images.
        fake_images: shape (M, 1, size, size), M more than k. Both shares depend on the numbers: compare at equal ones.
        k: which neighbor sets the radius.

    Raises:
        ValueError: if a shape or a range is another, the sizes differ or a set has too few images.

    Source: Kynkäänniemi et al. (2019), with a digit classifier in place of VGG-16.
    """
    from sklearn.neighbors import NearestNeighbors

    check_count(k=k)
    check_digits(real_images=real_images, fake_images=fake_images)
    points = []
    for name, images in (("real_images", real_images), ("fake_images", fake_images)):
        if len(images) <= k:
            raise ValueError(f"{name}: got {len(images)} images, want more than k = {k}")
        points.append(extract(images).double())
    shares = []
    for base, query in (points, points[::-1]):
        # Asked for no points, it returns the neighbors of its own, without the point itself.
        radius = torch.from_numpy(NearestNeighbors(n_neighbors=k).fit(base.numpy()).kneighbors()[0][:, -1])
        distance = torch.cdist(query, base, compute_mode="donot_use_mm_for_euclid_dist")
        shares.append(float((distance <= radius).any(dim=1).double().mean()))
    return shares[0], shares[1]


def knn_accuracy(train_codes: Tensor, train_labels: Tensor, test_codes: Tensor, test_labels: Tensor, k: int = 5) -> float:
    """Share of the test codes that have the label of the majority of their k nearest training codes.

    Args:
        train_codes: shape (N, d).
        train_labels: whole numbers, shape (N,).
        test_codes: shape (M, d).
        test_labels: whole numbers, shape (M,).
        k: number of neighbors, at most N.

    Raises:
        ValueError: if the shapes do not fit together or k is not in 1..N.
    """
    from sklearn.neighbors import KNeighborsClassifier

    check_tensor(ndim=2, like="(N, d)", train_codes=train_codes, test_codes=test_codes)
    check_tensor(ndim=1, like="(N,)", floating=False, train_labels=train_labels, test_labels=test_labels)
    for name, labels, codes in (("train_labels", train_labels, train_codes), ("test_labels", test_labels, test_codes)):
        if labels.is_floating_point() or len(labels) != len(codes) or not len(codes):
            raise ValueError(f"{name}: got {describe(labels)} for {len(codes)} codes, want one whole number for each code")
    if train_codes.shape[1] != test_codes.shape[1]:
        raise ValueError(f"test_codes: got {describe(test_codes)}, want shape (M, {train_codes.shape[1]}), as train_codes has it")
    check_count(k=k)
    if k > len(train_codes):
        raise ValueError(f"k: got {k}, want at most the number of training codes, {len(train_codes)}")
    neighbors = KNeighborsClassifier(k).fit(train_codes.detach().cpu().numpy(), train_labels.cpu().numpy())
    return float(neighbors.score(test_codes.detach().cpu().numpy(), test_labels.cpu().numpy()))


def train_classifier(size: int, epochs: int = 30, seed: int = 0) -> tuple[DigitClassifier, float]:
    """Train a classifier on the training digits; returns it with its accuracy on the test digits."""
    check_count(epochs=epochs)
    digits = data.load("digits", size=size)
    training.seed_everything(seed)
    model = DigitClassifier(size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    run = training.Run({"classifier": model}, {"adam": optimizer}, seed=seed, device="cpu")

    def step(images: Tensor, labels: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return {"loss": loss}

    training.fit(step, digits.train_images, run, epochs=epochs, batch_size=64, labels=digits.train_labels, progress=False)
    with torch.no_grad():
        accuracy = (model(digits.test_images).argmax(dim=1) == digits.test_labels).float().mean()
    return model.eval(), float(accuracy)


def main() -> None:
    """Train the classifiers of all sizes and write their weights."""
    WEIGHTS.mkdir(exist_ok=True)
    for size in data.DIGIT_SIZES:
        model, accuracy = train_classifier(size)
        weights = {name: value.half() for name, value in model.state_dict().items()}
        (WEIGHTS / f"digits{size}.safetensors").write_bytes(save(weights))
        print(f"{size} x {size}: test accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
