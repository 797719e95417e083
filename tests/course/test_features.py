"""The digit classifiers and the metrics that rest on them."""

import math

import pytest
import torch
from safetensors.torch import load_file

from ganlib import data, features

SIZES = data.DIGIT_SIZES


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def real(size: int) -> torch.Tensor:
    return data.load("digits", size=size).test_images


def pixel_gaussian(images: torch.Tensor, n: int) -> torch.Tensor:
    """Samples of a Gaussian with the mean and the covariance of the images, clipped to [0, 1]."""
    flat = images.flatten(1)
    values, vectors = torch.linalg.eigh(flat.T.cov())
    noise = torch.randn(n, len(values), generator=generator()) * values.clamp(min=0).sqrt()
    return (flat.mean(dim=0) + noise @ vectors.T).clamp(0, 1).reshape(n, *images.shape[1:])


# The weights


@pytest.mark.parametrize("size", SIZES)
def test_accuracy_on_the_test_digits(size):
    digits = data.load("digits", size=size)
    guesses = features.probabilities(digits.test_images).argmax(dim=1)
    assert (guesses == digits.test_labels).float().mean() >= 0.97
    # One shift of the labels, and the same measurement has to collapse.
    assert (guesses == (digits.test_labels + 1) % 10).float().mean() < 0.05


def test_weights_are_small_and_half_precision():
    files = [features.WEIGHTS / f"digits{size}.safetensors" for size in SIZES]
    assert sum(file.stat().st_size for file in files) <= 400_000
    assert {value.dtype for file in files for value in load_file(file).values()} == {torch.float16}


@pytest.mark.parametrize("size", SIZES)
def test_classifier_is_ready_to_measure(size):
    model = features.load_classifier(size)
    assert model is features.load_classifier(size)
    assert not model.training
    assert all(value.dtype == torch.float32 and not value.requires_grad for value in model.parameters())
    images = real(size)[:3].requires_grad_()
    assert model.features(images).shape == (3, 64) and model(images).shape == (3, 10)
    assert not features.extract(images).requires_grad
    # Gradients reach the images: a generator may be trained against the classifier.
    assert torch.autograd.grad(model(images).sum(), images)[0].abs().sum() > 0


def test_training_again_gives_a_classifier_as_good():
    model, accuracy = features.train_classifier(8, epochs=3)
    assert accuracy > 0.85 and not model.training


def test_main_writes_what_load_classifier_reads(monkeypatch, tmp_path, capsys):
    models = {}

    def untrained(size):
        torch.manual_seed(size)
        models[size] = features.DigitClassifier(size)
        return models[size], 0.1

    monkeypatch.setattr(features, "WEIGHTS", tmp_path / "weights")
    monkeypatch.setattr(features, "train_classifier", untrained)
    features.main()
    assert capsys.readouterr().out.splitlines()[0] == "8 x 8: test accuracy 0.100"
    read = features._classifier.__wrapped__(16)
    for name, value in models[16].state_dict().items():
        assert torch.equal(read.state_dict()[name], value.half().float())


# Features and probabilities


def test_features_do_not_depend_on_the_batch():
    images = real(8).repeat(3, 1, 1, 1)
    whole = features.extract(images)
    assert whole.shape == (1200, 64) and whole.min() >= 0
    assert torch.allclose(whole[600:610], features.extract(images[600:610]), atol=1e-5)


def test_probabilities_sum_to_one():
    probabilities = features.probabilities(real(16))
    assert probabilities.shape == (400, 10) and probabilities.min() >= 0
    assert torch.allclose(probabilities.sum(dim=1), torch.ones(400))


def test_modes_and_entropy():
    digits = data.load("digits")
    counts = features.mode_counts(digits.test_images)
    assert counts.dtype == torch.int64 and counts.shape == (10,) and counts.sum() == 400
    assert (counts - digits.test_labels.bincount(minlength=10)).abs().max() <= 5
    assert features.label_entropy(digits.test_images) > 0.99
    # Two digits in equal shares have the entropy log 2.
    sure = features.probabilities(digits.test_images)
    threes, eights = (digits.test_images[sure.argmax(dim=1) == k][:20] for k in (3, 8))
    assert features.label_entropy(torch.cat([threes, eights])) == pytest.approx(math.log(2) / math.log(10))
    assert str(features.label_entropy(threes)) == "0.0", "not -0.0"
    assert features.mode_counts(threes).tolist() == [0, 0, 0, 20, 0, 0, 0, 0, 0, 0]


# Precision and recall


def by_hand(real: torch.Tensor, fake: torch.Tensor, k: int) -> float:
    """Precision, image by image."""
    inside = 0
    for f in fake:
        radii = (sorted(torch.dist(r, other).item() for j, other in enumerate(real) if j != i)[k - 1] for i, r in enumerate(real))
        inside += any(torch.dist(r, f).item() <= radius for r, radius in zip(real, radii, strict=True))
    return inside / len(fake)


@pytest.mark.parametrize("k", [1, 3])
def test_precision_and_recall_are_those_counted_by_hand(k):
    reals, fakes = real(8)[:30], torch.cat([real(8)[30:45], torch.rand(5, 1, 8, 8, generator=generator())])
    a, b = features.extract(reals).double(), features.extract(fakes).double()
    assert features.precision_recall(reals, fakes, k) == pytest.approx((by_hand(a, b, k), by_hand(b, a, k)))


def test_precision_and_recall_of_known_sets():
    images = real(16)
    assert features.precision_recall(images, images) == (1.0, 1.0)
    zeros = images[data.load("digits", size=16).test_labels == 0]
    precision, recall = features.precision_recall(images, zeros)
    assert precision == 1.0 and recall < 0.2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((torch.rand(9, 1, 8, 8), torch.rand(3, 1, 8, 8)), "fake_images: got 3 images, want more than k = 3"),
        ((torch.rand(9, 1, 8, 8), torch.rand(9, 1, 16, 16)), "fake_images: .*the size of real_images"),
        ((torch.rand(9, 1, 8, 8), torch.rand(9, 1, 8, 8), 0), "k: got 0"),
    ],
)
def test_precision_and_recall_refuse_what_they_cannot_measure(arguments, message):
    with pytest.raises(ValueError, match=message):
        features.precision_recall(*arguments)


# The Fréchet distance


def frechet(mean_a, cov_a, mean_b, cov_b) -> float:
    return features._frechet(*(torch.as_tensor(part, dtype=torch.float64) for part in (mean_a, cov_a, mean_b, cov_b))).item()


def test_frechet_of_a_shift_is_its_squared_length():
    cov = torch.tensor([[2.0, 0.5, 0], [0.5, 1, 0.2], [0, 0.2, 3]])
    assert frechet(torch.zeros(3), cov, torch.tensor([1.0, 2, 2]), cov) == pytest.approx(9.0)


def test_frechet_of_commuting_covariances_is_the_distance_of_the_standard_deviations():
    assert frechet([0], [[4.0]], [0], [[25.0]]) == pytest.approx(9.0)
    assert frechet([0, 0], [[4.0, 0], [0, 1]], [0, 0], [[1.0, 0], [0, 9]]) == pytest.approx(1 + 4)


def test_frechet_of_covariances_that_do_not_commute():
    """Against the closed form in two dimensions: tr (AB)^(1/2) = (tr AB + 2 (det AB)^(1/2))^(1/2)."""
    a, b = torch.tensor([[2.0, 1], [1, 2]]).double(), torch.tensor([[1.0, 0], [0, 5]]).double()
    root = ((a @ b).trace() + 2 * torch.linalg.det(a @ b).sqrt()).sqrt()
    assert frechet([0, 0], a, [0, 0], b) == pytest.approx((a.trace() + b.trace() - 2 * root).item())
    assert frechet([0, 0], a, [0, 0], b) == pytest.approx(frechet([0, 0], b, [0, 0], a))


def test_frechet_of_singular_covariances():
    """Two lines at an angle t: the covariances uu' and vv' have tr (uu'vv')^(1/2) = |u.v| = |cos t|."""
    for angle in (0.0, 0.3, math.pi / 2):
        u, v = torch.tensor([1.0, 0, 0]).double(), torch.tensor([math.cos(angle), math.sin(angle), 0]).double()
        distance = frechet(torch.zeros(3), torch.outer(u, u), torch.zeros(3), torch.outer(v, v))
        assert distance == pytest.approx(2 - 2 * abs(math.cos(angle)), abs=1e-6)
        assert distance >= 0
    assert frechet(torch.zeros(3), torch.zeros(3, 3), torch.zeros(3), torch.eye(3)) == pytest.approx(3)


@pytest.mark.parametrize("seed", range(5))
def test_frechet_of_the_same_few_samples_is_zero(seed):
    """Fewer samples than dimensions: the covariance is singular, and rounding must not make a NaN or a negative distance."""
    samples = torch.randn(10, 64, generator=generator(seed)).double()
    distance = frechet(samples.mean(dim=0), samples.T.cov(), samples.mean(dim=0), samples.T.cov())
    assert 0 <= distance < 1e-5


# nFD


@pytest.mark.parametrize("size", SIZES)
def test_nfd_puts_the_models_in_order(size):
    digits = data.load("digits", size=size)
    test, n = digits.test_images, 1000
    samples = {
        "itself": test,
        "training images": digits.train_images,
        "pixel Gaussian": pixel_gaussian(digits.train_images, n),
        "uniform noise": torch.rand(n, 1, size, size, generator=generator()),
        "mean image": digits.train_images.mean(dim=0, keepdim=True).repeat(n, 1, 1, 1),
    }
    nfd = {name: features.normalized_frechet(test, images) for name, images in samples.items()}
    assert nfd["itself"] == pytest.approx(0, abs=1e-6)
    assert nfd["training images"] < 0.03
    assert 3 * nfd["training images"] < nfd["pixel Gaussian"] < 0.15
    assert nfd["uniform noise"] > 3 * nfd["pixel Gaussian"]
    assert nfd["mean image"] > 0.95


@pytest.mark.parametrize("size", SIZES)
def test_nfd_of_one_class_alone_is_large(size):
    digits = data.load("digits", size=size)
    assert features.normalized_frechet(digits.test_images, digits.train_images[digits.train_labels == 4]) > 0.8


def test_nfd_is_normalized_by_the_real_images():
    """The distance itself is symmetric: only the divisor tells the two sets apart."""
    images = real(8)
    few = images[:30]
    there, back = features.normalized_frechet(images, few), features.normalized_frechet(few, images)
    spread = [features.extract(part).T.cov().trace().item() for part in (images, few)]
    assert there * spread[0] == pytest.approx(back * spread[1], rel=1e-4)
    assert there != pytest.approx(back, rel=1e-3)


# Neighbors


def test_knn_accuracy_counts_the_majority():
    train = torch.tensor([[0.0], [0.1], [0.2], [1.0], [1.1]])
    labels = torch.tensor([0, 0, 1, 1, 1])
    test, truth = torch.tensor([[0.05], [0.21], [1.2]]), torch.tensor([0, 0, 1])
    assert features.knn_accuracy(train, labels, test, truth, k=3) == 1
    assert features.knn_accuracy(train, labels, test, truth, k=1) == pytest.approx(2 / 3)
    assert features.knn_accuracy(train, labels, test, truth, k=5) == pytest.approx(1 / 3)
    assert features.knn_accuracy(train, labels, test, truth) == pytest.approx(1 / 3), "k is 5 unless given"


# Bad arguments


BAD_IMAGES = [
    "images",
    None,
    torch.zeros(8, 8),
    torch.zeros(2, 3, 8, 8),
    torch.zeros(2, 1, 28, 28),
    torch.zeros(2, 1, 8, 16),
    torch.zeros(0, 1, 8, 8),
    torch.zeros(2, 1, 8, 8, dtype=torch.uint8),
    torch.full((2, 1, 8, 8), -1.0),
    torch.full((2, 1, 8, 8), 1.01),
    torch.full((2, 1, 8, 8), float("nan")),
]


@pytest.mark.parametrize("function", [features.extract, features.probabilities, features.mode_counts, features.label_entropy])
@pytest.mark.parametrize("images", BAD_IMAGES, ids=str)
def test_bad_images_are_refused(function, images):
    with pytest.raises(ValueError, match="^images: got .*, want "):
        function(images)


@pytest.mark.parametrize("images", BAD_IMAGES, ids=str)
def test_bad_images_are_refused_by_nfd_and_named(images):
    with pytest.raises(ValueError, match="^real_images: got"):
        features.normalized_frechet(images, real(8))
    with pytest.raises(ValueError, match="^fake_images: got"):
        features.normalized_frechet(real(8), images)


def test_nfd_refuses_what_has_no_spread_or_another_size():
    with pytest.raises(ValueError, match="^fake_images: got 1 image, want at least 2"):
        features.normalized_frechet(real(8), real(8)[:1])
    with pytest.raises(ValueError, match="^real_images: got images that all have the same features"):
        features.normalized_frechet(real(8)[:1].repeat(5, 1, 1, 1), real(8))
    with pytest.raises(ValueError, match="^fake_images: got a tensor .*want the size of real_images"):
        features.normalized_frechet(real(8), real(16))


def test_a_rounding_error_outside_the_range_is_accepted():
    assert features.extract(torch.full((2, 1, 8, 8), 1 + 1e-5)).shape == (2, 64)


@pytest.mark.parametrize("size", [28, 0, "8", None, [8]])
def test_there_is_no_classifier_for_other_sizes(size):
    with pytest.raises(ValueError, match="^size: got .*, want one of 8, 16, 32"):
        features.load_classifier(size)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"train_codes": torch.zeros(6)}, "train_codes"),
        ({"test_codes": torch.zeros(4, 3)}, "test_codes"),
        ({"train_labels": torch.zeros(5, dtype=torch.int64)}, "train_labels"),
        ({"test_labels": torch.zeros(4)}, "test_labels"),
        ({"test_labels": [0, 0, 0, 0]}, "test_labels"),
        ({"k": 0}, "k"),
        ({"k": 7}, "k"),
    ],
)
def test_knn_accuracy_names_the_bad_argument(change, named):
    good = {"train_codes": torch.zeros(6, 2), "train_labels": torch.zeros(6, dtype=torch.int64)}
    good |= {"test_codes": torch.zeros(4, 2), "test_labels": torch.zeros(4, dtype=torch.int64), "k": 3}
    assert features.knn_accuracy(**good) == 1
    with pytest.raises(ValueError, match=f"^{named}: got"):
        features.knn_accuracy(**good | change)
