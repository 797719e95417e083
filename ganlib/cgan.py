"""Chapter 6: generators and discriminators that are told a class."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer

from ganlib._checks import check_batch, check_count, check_tensor, describe
from ganlib.dcgan import Discriminator, Generator
from ganlib.gan import discriminator_loss, generator_loss


def condition_multiply(z: Tensor, labels: Tensor, embedding: Callable[[Tensor], Tensor]) -> Tensor:
    """Exercise 6.1. Noise told a class by multiplication: each entry of z times that of the class's vector.

    Args:
        z: noise, shape (N, d).
        labels: classes, whole numbers, shape (N,).
        embedding: maps labels (N,) to vectors (N, d), such as ``nn.Embedding(n_classes, d)``.

    Returns:
        Shape (N, d).

    Raises:
        ValueError: if a shape or a dtype is not as stated.

    Source: a common form in public code; what it cannot say is theorem 6.2 of the chapter.
    """
    _check_labeled(z=z, labels=labels, ndim=2, like="(N, d)")
    raise NotImplementedError("Exercise 6.1")


def condition_concat(z: Tensor, labels: Tensor, embedding: Callable[[Tensor], Tensor]) -> Tensor:
    """Exercise 6.1. Noise told a class by concatenation: z first, then the class's vector.

    Args:
        z: noise, shape (N, d).
        labels: classes, whole numbers, shape (N,).
        embedding: maps labels (N,) to vectors (N, e), such as ``nn.Embedding(n_classes, e)``.

    Returns:
        Shape (N, d + e).

    Raises:
        ValueError: if a shape or a dtype is not as stated.

    Source: Mirza and Osindero (2014), section 3.2.
    """
    _check_labeled(z=z, labels=labels, ndim=2, like="(N, d)")
    raise NotImplementedError("Exercise 6.1")


def label_planes(labels: Tensor, n_classes: int, h: int, w: int) -> Tensor:
    """Exercise 6.2. A label as images: one plane a class, all ones for the class of the label and zeros for the others.

    Args:
        labels: classes from 0 to n_classes - 1, shape (N,).
        n_classes: number of classes K.
        h: height of a plane.
        w: width of a plane.

    Returns:
        Shape (N, K, h, w), float32.

    Raises:
        ValueError: if a label is out of range, or an argument is not as stated.

    Source: Reed et al. (2016) for text; the chapter, section "How a discriminator is told".
    """
    check_count(n_classes=n_classes, h=h, w=w)
    _check_classes(labels, n_classes)
    raise NotImplementedError("Exercise 6.2")


class ConditionalGenerator(nn.Module):
    """Exercise 6.3. A generator that is told the class: :func:`condition_concat` in front of :class:`~ganlib.dcgan.Generator`.

    Args:
        latent_dim: length of the noise.
        n_classes: number of classes; the class is told by a learned vector of ``n_classes`` numbers.
        channels: of the images.
        image_size: side of the images, as for :class:`~ganlib.dcgan.Generator`.
        width: channels of the last hidden layer.

    Raises:
        ValueError: if an argument is no positive whole number, or the image_size is none of a DCGAN.

    Source: Mirza and Osindero (2014), with the networks of Radford et al. (2016).
    """

    def __init__(
        self, latent_dim: int = 64, n_classes: int = 10, channels: int = 1, image_size: int = 16, width: int = 32
    ) -> None:
        super().__init__()
        check_count(latent_dim=latent_dim, n_classes=n_classes, channels=channels, width=width)
        self.latent_dim, self.n_classes = latent_dim, n_classes
        raise NotImplementedError("Exercise 6.3")

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Images in [-1, 1] of the asked classes: (N, latent_dim) and (N,) -> (N, channels, image_size, image_size)."""
        check_batch((self.latent_dim,), z=z)
        _check_classes(labels, self.n_classes, len(z))
        raise NotImplementedError("Exercise 6.3")


class ConditionalDiscriminator(nn.Module):
    """Exercise 6.3. A DCGAN discriminator of pairs: the image with its :func:`label_planes` as further channels.

    Args:
        n_classes: number of classes.
        channels: of the images.
        image_size: side of the images, as for :class:`~ganlib.dcgan.Generator`.
        width: channels behind the first layer.

    Raises:
        ValueError: if an argument is no positive whole number, or the image_size is none of a DCGAN.

    Source: Mirza and Osindero (2014), with the networks of Radford et al. (2016).
    """

    def __init__(self, n_classes: int = 10, channels: int = 1, image_size: int = 16, width: int = 32) -> None:
        super().__init__()
        check_count(n_classes=n_classes, channels=channels, width=width)
        self.n_classes, self.image_shape = n_classes, (channels, image_size, image_size)
        raise NotImplementedError("Exercise 6.3")

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """Logits that the pair is real: (N, channels, image_size, image_size) and (N,) -> (N,)."""
        check_batch(self.image_shape, x=x)
        _check_classes(labels, self.n_classes, len(x))
        raise NotImplementedError("Exercise 6.3")


def cgan_step(
    generator: nn.Module,
    discriminator: nn.Module,
    opt_g: Optimizer,
    opt_d: Optimizer,
    real: Tensor,
    labels: Tensor,
    z_d: Tensor,
    z_g: Tensor | None = None,
    fake_labels: Tensor | None = None,
) -> dict[str, Tensor]:
    """Exercise 6.4. One step of each player of the conditional game, as :func:`ganlib.gan.gan_step`, on pairs of image and label.

    The discriminator sees the real images with their labels, and by themselves the generated ones with the labels that they
    were asked for. Only its parameters change in its step, and only the generator's in the generator's; both are left in the
    mode in which they come, and frozen weights stay frozen.

    Args:
        generator: maps noise (M, latent_dim) and labels (M,) to images.
        discriminator: maps images (N, ...) and labels (N,) to logits.
        opt_g: optimizer of the generator's parameters.
        opt_d: optimizer of the discriminator's parameters.
        real: a batch of real images, shape (N, ...).
        labels: their classes, shape (N,).
        z_d: noise for the discriminator's step, shape (M, latent_dim).
        z_g: fresh noise for the generator's step, shape (M, latent_dim); None uses the images made from ``z_d`` once more,
            which saves a pass through the generator.
        fake_labels: the classes that the generator is asked for in both steps, shape (M,); None asks for those of the real
            batch (then M = N).

    Returns:
        ``{"d_loss": ..., "g_loss": ...}``: each player's loss before its own update, detached scalars.

    Raises:
        ValueError: if a batch is empty, or a batch and its labels are not of one length.

    Source: Mirza and Osindero (2014), equation (2), with the non-saturating loss.
    """
    asked = labels if fake_labels is None else fake_labels
    check_tensor(real=real)
    _check_classes(labels, None, len(real))
    for name, z in {"z_d": z_d, "z_g": z_g}.items():
        if z is not None:
            _check_labeled(ndim=2, like="(M, latent_dim)", **{name: z, "labels" if fake_labels is None else "fake_labels": asked})
    raise NotImplementedError("Exercise 6.4")


def class_accuracy(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Exercise 6.5. How often a classifier sees the class that was asked for, in all and for each class.

    Args:
        logits: of the classifier for generated images, shape (N, K).
        labels: the classes that were asked for, from 0 to K - 1, shape (N,).

    Returns:
        The share of all images, a scalar, and the share of each class's images, shape (K,), NaN for a class that was
        never asked for; in [0, 1].

    Raises:
        ValueError: if a shape is not as stated, a label is out of range or there are no images.

    Source: Odena, Olah and Shlens (2017), section 4, with a classifier of real digits.
    """
    check_tensor(ndim=2, like="(N, K)", logits=logits)
    _check_classes(labels, logits.shape[1], len(logits))
    raise NotImplementedError("Exercise 6.5")


def projection_logit(
    features: Tensor, labels: Tensor, embedding: Callable[[Tensor], Tensor], linear: Callable[[Tensor], Tensor]
) -> Tensor:
    r"""Exercise 6.6. The projection discriminator's logit, :math:`e(y) \cdot \phi(x) + \psi(\phi(x))`.

    Args:
        features: :math:`\phi(x)`, shape (N, d).
        labels: classes, whole numbers, shape (N,).
        embedding: :math:`e`, maps labels (N,) to vectors (N, d), such as ``nn.Embedding(n_classes, d)``.
        linear: :math:`\psi`, maps features (N, d) to (N, 1), such as ``nn.Linear(d, 1)``.

    Returns:
        Logits, shape (N,).

    Raises:
        ValueError: if a shape or a dtype is not as stated.

    Source: Miyato and Koyama (2018), equation (7). Derived in the chapter, theorem 6.4.
    """
    _check_labeled(features=features, labels=labels, ndim=2, like="(N, d)")
    raise NotImplementedError("Exercise 6.6")


def _check_labeled(ndim: int, like: str, **pair: Tensor) -> None:
    """A batch and its labels, by name."""
    (name, batch), (label_name, labels) = pair.items()
    check_tensor(ndim=ndim, like=like, **{name: batch})
    _check_classes(labels, None, len(batch), label_name)


def _check_classes(labels: Tensor, n_classes: int | None, count: int | None = None, name: str = "labels") -> None:
    check_tensor(ndim=1, like="(N,)", floating=False, **{name: labels})
    if labels.is_floating_point() or labels.dtype == torch.bool:
        raise ValueError(f"{name}: got {describe(labels)}, want whole numbers, such as torch.tensor([3, 8, 9])")
    if len(labels) == 0 or count not in (None, len(labels)):
        raise ValueError(f"{name}: got {len(labels)}, want {count or 'at least one'}: one for each of the batch")
    # On a GPU, reading the labels would wait for it at every step; there, an index out of range ends the program.
    if n_classes is not None and labels.device.type == "cpu" and not (labels.min() >= 0 and labels.max() < n_classes):
        wrong = labels[(labels < 0) | (labels >= n_classes)][0]
        raise ValueError(f"{name}: got the class {int(wrong)}, want classes from 0 to {n_classes - 1}")
