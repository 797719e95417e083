"""Probes of chapter 4: metrics of features, for the table of targets."""

from torch import Tensor

from ganlib import metrics


def normalized_frechet(real: Tensor, fake: Tensor) -> Tensor:
    """Fréchet distance of two sets of features over the variance of the first."""
    real, fake = (points.double() for points in (real, fake))
    distance = metrics.frechet_distance(real.mean(dim=0), real.T.cov(), fake.mean(dim=0), fake.T.cov())
    return distance / real.T.cov().trace()


def precision_recall(real: Tensor, fake: Tensor) -> tuple[float, float]:
    """Precision and recall with three neighbors."""
    return tuple(metrics.precision_recall(real, fake))
