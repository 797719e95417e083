"""A CycleGAN with the published settings as a command, and what it has learned applied to anyone's pictures.

``python -m ganlib.cyclegan train --data horse2zebra --size 256`` trains the networks and the step of the exercises, on a GPU
where there is one, and writes into ``runs/cyclegan-horse2zebra-256`` (or the folder that ``--out`` names):

- ``run.safetensors``: the whole run with both pools, after every epoch; the same command goes on from there, with the same
  numbers;
- ``samples/epoch-0001.png`` and so on: test images, their translations, and the way back;
- ``history.json``: the settings, and what was measured in each epoch.

``python -m ganlib.cyclegan translate runs/cyclegan-horse2zebra-256 PICTURE...`` translates pictures of any size.
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from ganlib import data, downloads, pictures
from ganlib._checks import check_choice, check_count, check_range, check_seed
from ganlib._commands import (
    DEVICES,
    NO_MEMORY,
    begin_folder,
    check_folder,
    check_out,
    draw,
    guarded,
    read_settings,
    real,
    whole,
    write_json,
)
from ganlib.training import Run, Step, fit, load_modules, pick_device, seed_everything
from ganlib.upsampling import fuse_upsampling

GENERATORS = ("resnet", "unet")
SHOWN = 5  # test images of each domain in a picture


@dataclass(frozen=True)
class Settings:
    """Those of Zhu et al. (2017), section 7.1 and appendix, for 256 x 256 pixels; 128 x 128 have 6 blocks.

    ``blocks`` are the residual blocks of a ResNet, or how often a U-Net halves its sides; ``mirror``: whether each image is
    mirrored or not at random.
    """

    generator: str = "resnet"
    width: int = 64
    blocks: int = 9
    size: int = 256
    batch_size: int = 1
    lr: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    epochs: int = 200
    lambda_cycle: float = 10.0
    lambda_identity: float = 0.0
    pool: int = 50
    mirror: bool = True

    @property
    def multiple(self) -> int:
        """The sides of an image that the generator takes are multiples of it."""
        return 4 if self.generator == "resnet" else 2**self.blocks


class PoolMemory(nn.Module):
    """Holds the images of an :class:`~ganlib.cyclegan.ImagePool` where a checkpoint finds them.

    Args:
        pool: the pool.
        image_shape: of its images.
    """

    def __init__(self, pool, image_shape: tuple[int, ...]) -> None:
        super().__init__()
        self.pool = pool
        self.register_buffer("images", torch.zeros(pool.size, *image_shape))
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        self.register_state_dict_pre_hook(lambda module, *_: module.remember())
        self.register_load_state_dict_post_hook(lambda module, _: module.recall())

    def remember(self) -> None:
        """From the pool into the buffers."""
        self.count.fill_(len(self.pool.images))
        for place, image in zip(self.images, self.pool.images, strict=False):
            place.copy_(image)

    def recall(self) -> None:
        """From the buffers into the pool."""
        self.pool.images[:] = [image.clone() for image in self.images[: int(self.count)]]


def build(settings: Settings, channels: int = 3) -> tuple[nn.Module, nn.Module]:
    """The two generators, to y and to x; upsampling and convolutions in one."""
    from ganlib.cyclegan import ResNetGenerator, UNetGenerator

    check_choice(GENERATORS, generator=settings.generator)
    kind = ResNetGenerator if settings.generator == "resnet" else UNetGenerator
    return tuple(fuse_upsampling(kind(channels, settings.width, settings.blocks)) for _ in range(2))


def prepare(settings: Settings, channels: int, seed: int, device: str | torch.device) -> tuple[Run, tuple, tuple]:
    """The run of a CycleGAN, its four networks and its two pools."""
    from ganlib.cyclegan import ImagePool, Networks, PatchDiscriminator

    seed_everything(seed)
    networks = Networks(*build(settings, channels), *(PatchDiscriminator(channels, settings.width) for _ in range(2)))
    networks = Networks(*(network.apply(small_weights).to(device) for network in networks))
    adam = dict(lr=settings.lr, betas=settings.betas, fused=True)
    optimizers = {
        "generators": torch.optim.Adam(networks.parameters("to_y", "to_x"), **adam),
        "discriminators": torch.optim.Adam(networks.parameters("of_x", "of_y"), **adam),
    }
    pools = tuple(ImagePool(settings.pool) for _ in range(2))
    shape = (channels, settings.size, settings.size)
    memories = {f"pool_{name}": PoolMemory(pool, shape) for name, pool in zip("xy", pools, strict=True)}
    return Run(networks._asdict() | memories, optimizers, seed, device), networks, pools


def small_weights(layer: nn.Module) -> None:
    """Initialize one layer as CycleGAN does; ``network.apply(small_weights)`` does it to all of a network.

    Convolutions, transposed or not: weights from N(0, 0.02^2), biases 0. Other modules are left as they are.

    Args:
        layer: any module, changed in place.

    Source: Zhu et al. (2017), section 7.1.
    """
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, std=0.02)
        if layer.bias is not None:
            nn.init.constant_(layer.bias, 0.0)


def translation_step(run: Run, networks: tuple, pools: tuple, others: Tensor, settings: Settings) -> Step:
    """The step of ``fit`` on images of x; those of y are drawn from ``others``.

    The learning rate falls linearly to 0 over the second half of the epochs. (The paper also enlarges the images by an eighth
    and cuts them back at random.)
    """
    from ganlib.cyclegan import cyclegan_step

    def step(x: Tensor, source: torch.Generator) -> dict[str, Tensor]:
        factor = min(1.0, 2 * (1 - run.history.epochs / settings.epochs))
        for optimizer in run.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = factor * settings.lr
        y = others[torch.randint(len(others), (len(x),), generator=source).to(others.device)]
        if settings.mirror:
            x, y = (half_mirrored(batch, source) for batch in (x, y))
        weights = settings.lambda_cycle, settings.lambda_identity
        return cyclegan_step((x, y), networks, *run.optimizers.values(), pools, *weights, generator=source)

    return step


def half_mirrored(batch: Tensor, source: torch.Generator) -> Tensor:
    """Images (N, C, H, W), each by itself mirrored left to right with probability 1/2."""
    chosen = (torch.rand(len(batch), generator=source) < 0.5).to(batch.device)
    return torch.where(chosen[:, None, None, None], batch.flip(3), batch)


@torch.no_grad()
def there_and_back(networks: tuple, x: Tensor, y: Tensor) -> Tensor:
    """Six rows of images in [0, 1]: x, its translation, the way back; y, its translation, the way back."""
    to_y, to_x = networks[:2]
    fake_y, fake_x = to_y(x), to_x(y)
    return (torch.cat([x, fake_y, to_x(fake_y), y, fake_x, to_y(fake_x)]).cpu() + 1) / 2


# The commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Train or translate; the exit status is that of :func:`ganlib._commands.guarded`."""
    options = _parser().parse_args(arguments)
    return guarded(lambda: options.run(options), options.parser)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ganlib.cyclegan", description="Train a CycleGAN, or use one.")
    commands = parser.add_subparsers(dest="command", required=True)
    words = "train a CycleGAN with the published settings; the same command goes on where it was stopped"
    train = commands.add_parser("train", help=words, description=words)
    train.set_defaults(run=_train, parser=train)
    add = train.add_argument
    domains = f"the two domains: {', '.join(data.DOMAINS).replace('_', '-')}; facades need no files (default: facades)"
    add("--data", default="facades", metavar="NAME", help=domains)
    add("--size", type=whole, default=256, metavar="N", help="side of the images in pixels (default: 256)")
    add("--generator", default="resnet", help="resnet, as published, or unet (default: resnet)")
    add("--width", type=whole, metavar="N", help="channels behind the first layers (default: 64)")
    blocks = "residual blocks of a resnet (default: 9, below 256 pixels 6), or how often a unet halves the sides (default: 4)"
    add("--blocks", type=whole, metavar="N", help=blocks)
    add("--epochs", type=whole, metavar="N", help="how often each image of the first domain is seen (default: 200)")
    add("--batch-size", type=whole, metavar="N", help="images a step of each domain (default: 1)")
    identity = "weight of the identity loss (default: 0; the paper has 0.5 for paintings)"
    add("--identity", type=real, metavar="W", help=identity)
    mirror = "mirror half of the images at random, as published (default: yes, but not of the drawn facades)"
    add("--mirror", action=argparse.BooleanOptionalAction, help=mirror)
    add("--limit", type=whole, metavar="N", help="only the first N training images of each domain, for a quick try")
    add("--seed", type=whole, default=0, metavar="N", help="seed of weights, order and pools (default: 0)")
    add("--device", default="auto", help=DEVICES)
    written = "where checkpoints, samples and the history are written (default: runs/cyclegan-DATA-SIZE)"
    add("--out", type=Path, metavar="FOLDER", help=written)
    words = "turn pictures of any size into what they would be in the other domain (horses into zebras), by a trained CycleGAN"
    translate = commands.add_parser("translate", help=words, description=words)
    translate.set_defaults(run=_translate, parser=translate)
    add = translate.add_argument
    add("checkpoint", type=Path, help="a folder that train has written, or a model that a page offers for download")
    add("picture", type=Path, nargs="+", help="what to translate: PNG, JPEG, ...")
    direction = "y: pictures of the first domain into the second, of horse2zebra horses into zebras; x: the way back (default: y)"
    add("--to", default="y", help=direction)
    written = "folder of the translations, NAME-to-y.png or NAME-to-x.png (default: this one)"
    add("--out", type=Path, default=Path(), metavar="FOLDER", help=written)
    add("--max-side", type=whole, default=512, metavar="N", help="longest side in pixels, larger ones are scaled (default: 512)")
    add("--device", default="auto", help=DEVICES)
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    check_count(minimum=32, size=options.size)  # of smaller images the discriminator leaves nothing
    check_choice(GENERATORS, generator=options.generator)
    blocks = 4 if options.generator == "unet" else 9 if options.size >= 256 else 6
    settings = Settings(generator=options.generator, size=options.size, blocks=blocks)
    given = {name: getattr(options, name) for name in ("width", "blocks", "epochs", "batch_size")}
    given = {name: value for name, value in given.items() if value is not None}
    check_count(**given)
    if options.identity is not None:
        check_range(0, identity=options.identity)
        given["lambda_identity"] = options.identity
    settings = replace(settings, **given)
    if settings.generator == "unet":
        check_count(minimum=2, blocks=settings.blocks)
    if settings.size % settings.multiple:
        raise ValueError(f"size: got {settings.size}, want a multiple of {settings.multiple} for the {settings.generator}")
    return settings


def _train(options: argparse.Namespace) -> None:
    source = options.data.replace("-", "_")
    check_choice([each.replace("_", "-") for each in data.DOMAINS], data=source.replace("_", "-"))
    # Of houses that are mirrored as often as not, nothing tells a translation from its mirror image.
    mirror = source != "facades" if options.mirror is None else options.mirror
    settings = replace(_settings(options), mirror=mirror)
    if options.limit is not None:
        check_count(minimum=2, limit=options.limit)
    check_seed(options.seed)
    device = pick_device(options.device)
    written = {"data": source, "limit": options.limit, "seed": options.seed} | asdict(settings)
    out = options.out or Path("runs") / f"cyclegan-{options.data}-{settings.size}"
    # The number of epochs is no setting of the networks, but the learning rate falls by it.
    check_folder(out, written, {"mirror": True})  # runs of before it was a setting

    loaded = data.load(source, size=settings.size)
    x, y = (2 * images[: options.limit] - 1 for images in loaded.unpaired())
    shown = [(2 * images[:SHOWN] - 1).to(device) for images in (loaded.test_x, loaded.test_y)]
    run, networks, pools = prepare(settings, len(x[0]), options.seed, device)
    told = f"{len(x)} + {len(y)} images, {settings.epochs} epochs, on {device}"
    print(f"cyclegan on {source}: {told}; written to {out}", flush=True)

    def after_epoch() -> None:
        history = run.history
        write_json(out / "history.json", {"settings": written, "seconds": history.seconds, "history": history.values})
        draw(there_and_back(networks, *shown), len(shown[0]), out / "samples" / f"epoch-{history.epochs:04}.png")

    begin_folder(out, written)
    step = translation_step(run, networks, pools, y.to(device), settings)
    sizes = dict(epochs=settings.epochs, batch_size=settings.batch_size)
    fit(step, x, run, **sizes, checkpoint=out / "run.safetensors", after_epoch=after_epoch)
    after_epoch()  # once more: a run that died between its checkpoint and these files lacks them
    print(f"{run.history.epochs} epochs are done: {out}")


def _translate(options: argparse.Namespace) -> None:
    check_choice(("y", "x"), to=options.to)
    check_count(max_side=options.max_side)
    targets = _targets(options.picture, options.out, options.to)
    check_out(options.out)
    device = pick_device(options.device)
    to_y, to_x, settings = load(options.checkpoint)
    network = (to_y if options.to == "y" else to_x).to(device).eval()
    faults = []
    for done, (path, target) in enumerate(targets.items()):
        try:
            image = pictures.read(path, options.max_side, settings.multiple).to(device)
            print(pictures.write(_translated(image, network, path), target), flush=True)
        except (ValueError, OSError) as error:  # the others are translated all the same
            faults.append(str(error))
        except KeyboardInterrupt as stop:
            written = f"stopped at {path}: {done - len(faults)} of {len(targets)} pictures were written"
            stop.args = ("\n".join([*faults, written]),)
            raise
    if faults:
        raise ValueError("\n".join(faults))


def _targets(paths: Sequence[Path], out: Path, to: str) -> dict[Path, Path]:
    """Where the translation of each picture is written."""
    targets, sources = {path: out / f"{path.stem}-to-{to}.png" for path in paths}, {}
    given = {path.resolve() for path in paths}
    for path, target in targets.items():
        if target.resolve() in given:
            raise ValueError(f"out: got {out}, want another folder: {target}, which was given, would be written over")
        if target in sources:
            raise ValueError(f"picture: got {sources[target]} and {path}, want one of them: both are written as {target}")
        sources[target] = path
    return targets


@torch.no_grad()
def _translated(image: Tensor, network: nn.Module, path: Path) -> Tensor:
    """A picture in [0, 1] to a picture in [0, 1]; an error names the file."""
    try:
        return (network(2 * image - 1) + 1) / 2
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    except torch.OutOfMemoryError as error:
        raise ValueError(f"{path}: {NO_MEMORY} ({error})") from error


def load(checkpoint: Path) -> tuple[nn.Module, nn.Module, Settings]:
    """The generators to y and to x of a run or of a downloaded model, and their settings.

    Args:
        checkpoint: the folder of a run, its ``run.safetensors``, or a model that a page offers.

    Raises:
        FileNotFoundError: if it is not there.
        ValueError: if it is damaged or no CycleGAN.

    Nothing else of a run is made: no discriminators, optimizers or pools.
    """
    path = checkpoint / "run.safetensors" if checkpoint.is_dir() else checkpoint
    if checkpoint.is_dir() and not path.exists():
        raise FileNotFoundError(f"checkpoint: got {checkpoint}, want the folder of a run: there is no {path.name} in it")
    history = path.with_name("history.json")
    if path.name == "run.safetensors" and history.is_file():
        found, fill = read_settings(history, "checkpoint"), load_modules
    else:
        found, fill = downloads._read(path)[1]["settings"], downloads.load
    settings = _known(found, path)
    with torch.random.fork_rng(devices=[]):  # the caller's random numbers are none of our business
        to_y, to_x = build(settings)
    fill(path, to_y=to_y, to_x=to_x)
    return to_y, to_x, settings


def _known(found: dict, path: Path) -> Settings:
    if not {"generator", "width", "blocks"} <= set(found):
        raise ValueError(f"checkpoint: {path} is no CycleGAN: it has the settings {', '.join(found) or 'none'}")
    names = set(Settings.__dataclass_fields__) & set(found) - {"betas"}  # these are never chosen
    return replace(Settings(), **{name: found[name] for name in names})
