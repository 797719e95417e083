"""The steps and the loop compute nothing that nobody reads, and never wait for the device within an epoch."""

import os
from collections import Counter

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from ganlib import data, recipes
from ganlib.training import Run, fit

pytestmark = pytest.mark.skipif(
    os.environ.get("GANLIB") != "solutions", reason="the steps are exercises: GANLIB=solutions, as make test has it"
)


class Counted(nn.Module):
    """A linear network of one or two arguments that counts its passes, those with a graph, and its weights' gradients."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.layer = nn.Linear(inputs, outputs)
        self.seen = Counter()
        self.layer.weight.register_hook(lambda gradient: self.seen.update(["gradients"]))

    def forward(self, x: torch.Tensor, labels: torch.Tensor | None = None) -> torch.Tensor:
        self.seen["passes"] += 1
        self.seen["graphs"] += torch.is_grad_enabled()
        return self.layer(x)


def play(labeled: bool, fresh: bool) -> tuple[Counted, Counted]:
    """One step of a game whose discriminator's gradient is also taken by hand, from its weights before the step."""
    from ganlib.cgan import cgan_step
    from ganlib.gan import gan_step

    torch.manual_seed(0)
    generator, discriminator = Counted(3, 2), Counted(2, 1)
    optimizers = [torch.optim.SGD(player.parameters(), lr=0.1) for player in (generator, discriminator)]
    real, z_d, z_g = torch.randn(6, 2), torch.randn(6, 3), torch.randn(6, 3) if fresh else None
    weight, bias = (value.detach().clone().requires_grad_() for value in discriminator.layer.parameters())
    with torch.no_grad():
        fake = generator.layer(z_d)
    answers = torch.cat([-(real @ weight.T + bias), fake @ weight.T + bias])
    nn.functional.softplus(answers).mean().mul(2).backward()
    if labeled:
        cgan_step(generator, discriminator, *optimizers, real, torch.arange(6), z_d, z_g)
    else:
        gan_step(generator, discriminator, *optimizers, real, z_d, z_g)
    # Nothing of the generator's step was added to the gradient of the discriminator's.
    torch.testing.assert_close(discriminator.layer.weight.grad, weight.grad)
    return generator, discriminator


@pytest.mark.parametrize("labeled", [False, True])
def test_fakes_are_made_once_and_serve_both_players(labeled):
    generator, discriminator = play(labeled, fresh=False)
    assert generator.seen == {"passes": 1, "graphs": 1, "gradients": 1}
    assert discriminator.seen["passes"] == 3


@pytest.mark.parametrize("labeled", [False, True])
def test_fakes_for_the_discriminator_alone_have_no_graph(labeled):
    generator, discriminator = play(labeled, fresh=True)
    assert generator.seen == {"passes": 2, "graphs": 1, "gradients": 1}
    assert discriminator.seen["passes"] == 3


@pytest.mark.parametrize("labeled", [False, True])
@pytest.mark.parametrize("fresh", [False, True])
def test_the_generators_step_takes_no_gradient_of_the_discriminators_weights(labeled, fresh):
    _, discriminator = play(labeled, fresh)
    assert discriminator.seen["gradients"] == 1, "one in its own step, none in the generator's"


class Operators(TorchDispatchMode):
    """Counts the operators that reach a device."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = Counter()

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        self.calls[function.overloadpacket._qualified_op_name.removeprefix("aten::")] += 1
        return function(*arguments, **(options or {}))


def one_epoch(name: str) -> tuple[Counter, int]:
    """The operators of the second epoch of a recipe, and how many numbers it records."""
    digits = data.load("digits", size=8)
    model = recipes.prepare(name, digits, device="cpu")
    labels = None if model.labels is None else model.labels[:48]
    options = dict(batch_size=8, labels=labels, progress=False)
    fit(model.step, model.images[:48], model.run, epochs=1, **options)
    with Operators() as found:
        fit(model.step, model.images[:48], model.run, epochs=2, **options)
    return found.calls, len(model.run.history.values)


@pytest.mark.parametrize("name", ["dcgan", "vae"])
def test_an_epoch_reads_each_recorded_number_once_and_nothing_else(name):
    calls, recorded = one_epoch(name)
    assert calls["_local_scalar_dense"] == recorded
    assert not calls["is_nonzero"] and not calls["equal"]


def test_labels_are_checked_where_that_waits_for_nothing():
    """On the CPU a wrong class is named; on another device its value is not read (the meta device has none to read)."""
    from ganlib.cgan import ConditionalDiscriminator, ConditionalGenerator

    generator, discriminator = ConditionalGenerator(4, 10, 1, 8, 4), ConditionalDiscriminator(10, 1, 8, 4)
    with pytest.raises(ValueError, match="labels: got the class 10"):
        generator(torch.zeros(2, 4), torch.tensor([3, 10]))
    z, labels = torch.zeros(2, 4, device="meta"), torch.zeros(2, dtype=torch.int64, device="meta")
    assert discriminator.to("meta")(generator.to("meta")(z, labels), labels).shape == (2,)


@pytest.mark.parametrize("name", ["dcgan", "cgan", "vae"])
def test_an_epoch_copies_each_image_once(name):
    """Batches are gathered from memory; no image is copied between devices or layouts on its way."""
    calls, _ = one_epoch(name)
    gathered = 2 if name == "cgan" else 1  # labels too
    assert calls["index_select"] == 6 * gathered and not calls["index"]
    assert not calls["_to_copy"] or name == "cgan"  # label planes are made of whole numbers
    assert not calls["contiguous"]


@pytest.mark.parametrize("fused", [False, True])
def test_a_network_in_another_order_of_memory_resumes_exactly(fused, tmp_path):
    """A fused optimizer reads parameter and state side by side in memory."""
    images = torch.rand(12, 2, 6, 6, generator=torch.Generator().manual_seed(0))

    def run(seed: int = 0) -> tuple[Run, object]:
        torch.manual_seed(0)
        model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Flatten(), nn.Linear(48, 1)).to(memory_format=torch.channels_last)
        adam = torch.optim.Adam(model.parameters(), lr=0.01, fused=fused)
        made = Run({"model": model}, {"adam": adam}, seed, "cpu")

        def step(batch, generator):
            loss = model(batch).square().mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
            return {"loss": loss}

        return step, images, made

    def train(parts: tuple, epochs: int, **options) -> list[float]:
        return fit(*parts, epochs=epochs, batch_size=4, progress=False, **options)["loss"]

    train(run(), 2, checkpoint=tmp_path / "run")
    assert train(run(seed=9), 4, checkpoint=tmp_path / "run") == train(run(), 4)


def test_something_can_be_done_after_each_epoch(tmp_path):
    made, seen = Run({}, {}, device="cpu"), []

    def after_epoch() -> None:
        seen.append((made.history.epochs, (tmp_path / "run").is_file()))

    options = dict(batch_size=4, progress=False, checkpoint=tmp_path / "run", after_epoch=after_epoch)
    fit(lambda *_: {"one": 1.0}, torch.rand(8, 1), made, epochs=2, **options)
    assert seen == [(1, True), (2, True)]
