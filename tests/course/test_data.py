"""The data sets: fixed splits, the real file formats, and every way a file can be missing or damaged."""

import gzip
import hashlib
import io
import pickle
import socket
import struct
import tarfile
import threading
import urllib.error
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import torch

from ganlib import data

TRAIN, TEST = 7, 3  # images in the small files that are written here


def md5(contents: bytes) -> str:
    return hashlib.md5(contents).hexdigest()


def flip(path, position: int = -5) -> None:
    """Flip one bit of a file."""
    contents = bytearray(path.read_bytes())
    contents[position] ^= 1
    path.write_bytes(contents)


def idx(values: np.ndarray) -> bytes:
    return bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}i", *values.shape) + values.tobytes()


# Digits, photographs, toys


@pytest.mark.parametrize("size", data.DIGIT_SIZES)
def test_digits_are_as_promised(size):
    digits = data.load("digits", size=size)
    assert digits.image_shape == (1, size, size)
    assert digits.train_images.shape == (1397, 1, size, size) and digits.test_images.shape == (400, 1, size, size)
    assert digits.train_labels.shape == (1397,) and digits.test_labels.shape == (400,)
    assert digits.classes == tuple("0123456789")
    for images in (digits.train_images, digits.test_images):
        assert images.dtype == torch.float32 and images.min() == 0 and 0.9 < images.max() <= 1
    for labels in (digits.train_labels, digits.test_labels):
        assert labels.dtype == torch.int64


def test_the_split_never_changes():
    digits = data.load("digits")
    labels = bytes(torch.cat([digits.train_labels, digits.test_labels]).to(torch.uint8).tolist())
    assert hashlib.sha256(labels).hexdigest() == "0f9ffd7948cafb397f7a000b667568d2e6ff757cc70e9e96e7ac289f51898d6f"
    pixels = bytes((torch.cat([digits.train_images, digits.test_images]) * 16).to(torch.uint8).flatten().tolist())
    assert hashlib.sha256(pixels).hexdigest() == "22ccb51d1417f8119764af32a91d6d7351b6b6f703ee31920487dcfdf6a4e72a"


def test_training_and_test_part_are_disjoint():
    digits = data.load("digits")
    train, test = ({tuple(image) for image in part.flatten(1).tolist()} for part in (digits.train_images, digits.test_images))
    assert len(train) == 1397 and len(test) == 400 and not train & test


def test_classes_are_balanced_in_both_parts():
    digits = data.load("digits")
    for labels in (digits.train_labels, digits.test_labels):
        share = labels.bincount(minlength=10) / len(labels)
        assert share.min() > 0.07 and share.max() < 0.13


def test_larger_digits_show_the_same_images():
    small, large = data.load("digits", size=8), data.load("digits", size=32)
    assert torch.equal(small.test_labels, large.test_labels)
    centers = large.test_images.unfold(2, 4, 4).unfold(3, 4, 4)[..., 1:3, 1:3].mean(dim=(-1, -2))
    inner = (slice(None), slice(None), slice(1, -1), slice(1, -1))
    correlation = torch.corrcoef(torch.stack([centers[inner].flatten(), small.test_images[inner].flatten()]))[0, 1]
    assert correlation > 0.98


def test_a_change_in_place_stays_with_the_caller():
    data.load("digits").train_images.zero_()
    data.load("digits").test_labels.zero_()
    assert data.load("digits").train_images.max() == 1
    assert data.load("digits").test_labels.max() == 9


def test_repr_is_one_line():
    assert repr(data.load("digits")) == "Dataset('digits': 1397 training and 400 test images of shape (1, 8, 8), 10 classes)"


@pytest.mark.parametrize("name", data.PHOTOGRAPHS)
def test_photographs(name):
    image = data.photograph(name)
    assert image.shape == (3, 427, 640) and image.dtype == torch.float32
    assert image.min() >= 0 and 0.9 < image.max() <= 1


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("make", [data.swiss_roll_2d, data.rings, data.moons])
def test_toys_follow_their_generator(make):
    points = make(101, 0.1, generator(1))
    assert points.shape == (101, 2) and points.dtype == torch.float32
    assert torch.equal(points, make(101, 0.1, generator(1)))
    assert not torch.equal(points, make(101, 0.1, generator(2)))


@pytest.mark.parametrize("make", [data.swiss_roll_2d, data.rings, data.moons])
def test_noise_of_toys_has_the_given_standard_deviation(make):
    noise = make(20_000, 0.3, generator()) - make(20_000, 0.0, generator())
    assert noise.std() == pytest.approx(0.3, abs=0.005)
    assert noise.mean() == pytest.approx(0, abs=0.01)


def test_shapes_of_toys():
    rings, moons, roll = (make(2000, 0.0, generator()) for make in (data.rings, data.moons, data.swiss_roll_2d))
    radius = rings.norm(dim=1)
    assert (((radius - 1).abs() < 1e-5).sum(), ((radius - 0.5).abs() < 1e-5).sum()) == (1000, 1000)
    upper, lower = moons[::2] + torch.tensor([0.5, 0.25]), moons[1::2] - torch.tensor([0.5, 0.25])
    assert torch.allclose(torch.cat([upper, lower]).norm(dim=1), torch.ones(2000))
    assert upper[:, 1].min() >= 0 and lower[:, 1].max() <= 0
    radius, angle = roll.norm(dim=1), torch.atan2(roll[:, 1], roll[:, 0])
    turns = radius * 4.5 * torch.pi
    assert torch.allclose(torch.stack([turns.cos(), turns.sin()]), torch.stack([angle.cos(), angle.sin()]), atol=1e-3)
    assert radius.min() == pytest.approx(1 / 3, abs=0.01) and radius.max() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("make", [data.swiss_roll_2d, data.rings, data.moons])
@pytest.mark.parametrize(("arguments", "named"), [((0,), "n"), ((2.5,), "n"), ((5, -1.0), "noise"), ((5, 0.1, 7), "generator")])
def test_toys_name_the_bad_argument(make, arguments, named):
    with pytest.raises(ValueError, match=rf"^{named}: got"):
        make(*arguments)


# Bad arguments


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="name: got 'minst', want one of 'digits', 'mnist', 'fashion_mnist', 'cifar10'"):
        data.load("minst")


@pytest.mark.parametrize("size", [28, 0, 16.0, "16", True])
def test_a_size_the_digits_lack_is_refused(size):
    with pytest.raises(ValueError, match="^size: got"):
        data.load("digits", size=size)


def test_a_bad_size_is_refused_before_files_are_read(tmp_path):
    with pytest.raises(ValueError, match="^size: got"):
        data.load("mnist", size=-1, root=tmp_path)


@pytest.mark.parametrize("root", [3, ""])
def test_a_bad_root_is_refused(root):
    with pytest.raises(ValueError, match="^root: got"):
        data.load("mnist", root=root)


def test_unknown_photograph_lists_the_known_ones():
    with pytest.raises(ValueError, match="want one of 'china', 'flower'"):
        data.photograph("lena")


def test_default_folder(monkeypatch, tmp_path, root):
    monkeypatch.delenv("GANLIB_DATA", raising=False)
    assert data.data_folder() == root / "data"
    monkeypatch.setenv("GANLIB_DATA", str(tmp_path))
    assert data.data_folder() == tmp_path
    assert data.data_folder(tmp_path / "other") == tmp_path / "other"
    monkeypatch.delenv("GANLIB_DATA")
    monkeypatch.setattr(data, "__file__", str(tmp_path / "site-packages" / "ganlib" / "data.py"))
    assert data.data_folder().parts[-2:] == (".cache", "ganlib")


# The larger sets, from small files in their real formats


@pytest.fixture
def offline(monkeypatch):
    """No network: whatever torchvision opens fails at once. Holds what was asked for."""
    from torchvision.datasets import utils

    asked = []

    def refuse(request, *args, **kwargs):
        asked.append(request.full_url)
        raise urllib.error.URLError("no network here")

    monkeypatch.setattr(utils.urllib.request, "urlopen", refuse)
    return asked


@pytest.fixture
def server(monkeypatch, tmp_path):
    """A folder and the address at which it is served on this machine."""
    monkeypatch.setenv("no_proxy", "*")
    folder = tmp_path / "served"
    folder.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield folder, f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()


@pytest.fixture(params=["mnist", "fashion_mnist"])
def mnist(request, monkeypatch, tmp_path):
    """A small MNIST: its name, its folder, and the files by name, whose MD5 torchvision now expects."""
    return small_mnist(request.param, monkeypatch, tmp_path)


@pytest.fixture
def one_mnist(monkeypatch, tmp_path):
    return small_mnist("mnist", monkeypatch, tmp_path)


class Small:
    """A data set in small: name, folder of the files, arrays by file name, archives by file name."""

    def __init__(self, name, root, folder, arrays, archives):
        self.name, self.root, self.folder, self.arrays, self.archives = name, root, folder, arrays, archives

    def load(self, **kwargs):
        return data.load(self.name, root=self.root, **kwargs)

    def put(self, *names, extracted=False):
        """Lay files into the folder; all of them if none is named."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in names or self.archives:
            path, contents = self.folder / name, self.archives[name]
            if extracted:
                path, contents = path.with_suffix(""), gzip.decompress(contents)
            path.write_bytes(contents)


def small_mnist(name, monkeypatch, tmp_path) -> Small:
    from torchvision import datasets

    rng = np.random.default_rng(0)
    kind = datasets.MNIST if name == "mnist" else datasets.FashionMNIST
    arrays = {}
    for split, n in (("train", TRAIN), ("t10k", TEST)):
        arrays[f"{split}-images-idx3-ubyte"] = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        arrays[f"{split}-labels-idx1-ubyte"] = rng.integers(0, 10, n, dtype=np.uint8)
    archives = {f"{file}.gz": gzip.compress(idx(values)) for file, values in arrays.items()}
    monkeypatch.setattr(kind, "resources", [(file, md5(contents)) for file, contents in archives.items()])
    root = tmp_path / "data"
    return Small(name, root, root / kind.__name__ / "raw", arrays, archives)


def assert_is(small: Small, dataset) -> None:
    """The data set holds what the small files say."""
    for part, split in (("train", "train"), ("test", "t10k")):
        images, labels = getattr(dataset, f"{part}_images"), getattr(dataset, f"{part}_labels")
        assert images.dtype == torch.float32 and labels.dtype == torch.int64
        pixels = torch.tensor(small.arrays[f"{split}-images-idx3-ubyte"])[:, None]
        assert torch.equal((images * 255).round().to(torch.uint8), pixels)
        assert labels.tolist() == small.arrays[f"{split}-labels-idx1-ubyte"].tolist()


def test_mnist_is_read_from_the_published_archives(mnist, offline):
    mnist.put()
    dataset = mnist.load()
    assert_is(mnist, dataset)
    assert dataset.name == mnist.name and dataset.image_shape == (1, 28, 28) and len(dataset.classes) == 10
    assert not offline
    assert not list(mnist.folder.glob(".*")) and not list(mnist.folder.glob("*.damaged"))


def test_mnist_is_read_from_extracted_files_alone(mnist, offline):
    mnist.put(extracted=True)
    assert_is(mnist, mnist.load())
    assert not offline


def test_the_folder_can_come_from_the_environment(one_mnist, monkeypatch, offline):
    one_mnist.put()
    monkeypatch.setenv("GANLIB_DATA", str(one_mnist.root))
    assert_is(one_mnist, data.load("mnist"))


def test_torchvision_reads_what_was_extracted(one_mnist, offline):
    from torchvision.datasets import MNIST

    one_mnist.put()
    one_mnist.load()
    assert len(MNIST(one_mnist.root, train=True)) == TRAIN


def test_images_are_resized(one_mnist, offline):
    one_mnist.put()
    full = one_mnist.load()
    for size in (14, 32):
        images = one_mnist.load(size=size).train_images
        assert images.shape == (TRAIN, 1, size, size) and images.min() >= 0 and images.max() <= 1
        assert images.mean() == pytest.approx(full.train_images.mean().item(), abs=0.02)


def test_a_shrunk_image_averages_its_pixels(one_mnist, offline):
    """Half of each block of four columns is white; the two that plain bilinear interpolation would look at are both white."""
    stripes = np.tile(np.array([0, 255, 255, 0], dtype=np.uint8), (TRAIN, 28, 7))
    one_mnist.put(extracted=True)
    (one_mnist.folder / "train-images-idx3-ubyte").write_bytes(idx(stripes))
    images = one_mnist.load(size=7).train_images
    assert (images - 0.5).abs().max() < 0.1


def test_the_manifest_is_what_sha256sum_prints(one_mnist, offline):
    one_mnist.put()
    one_mnist.load()
    lines = (one_mnist.folder / data.MANIFEST).read_text().splitlines()
    expected = {f"{hashlib.sha256(idx(values)).hexdigest()}  {file}" for file, values in one_mnist.arrays.items()}
    assert set(lines) == expected


@pytest.mark.parametrize("damage", ["flipped", "truncated", "empty"])
def test_a_damaged_archive_is_named_and_moved_aside(mnist, offline, damage):
    mnist.put()
    path = mnist.folder / "train-labels-idx1-ubyte.gz"
    original = path.read_bytes()
    {"flipped": flip, "truncated": lambda p: p.write_bytes(original[:-3]), "empty": lambda p: p.write_bytes(b"")}[damage](path)
    with pytest.raises(data.DamagedFileError, match=r"train-labels-idx1-ubyte\.gz is damaged: its MD5 .* fetches it again"):
        mnist.load()
    assert not path.exists() and path.with_name(path.name + ".damaged").exists()
    assert not (mnist.folder / "train-labels-idx1-ubyte").exists()


@pytest.mark.parametrize(
    ("file", "damage", "fault"),
    [
        ("train-images-idx3-ubyte", lambda b: b[:-1], "bytes, its header promises"),
        ("train-images-idx3-ubyte", lambda b: b + b"\0", "bytes, its header promises"),
        ("train-images-idx3-ubyte", lambda b: b[:9], "within its header"),
        ("train-images-idx3-ubyte", lambda b: b"", "starts with the bytes"),
        ("train-images-idx3-ubyte", lambda b: b"\0\0\x0d\3" + b[4:], "starts with the bytes 00 00 0d 03, want 00 00 08 03"),
        ("train-images-idx3-ubyte", lambda b: b[:8] + struct.pack(">2i", 14, 56) + b[16:], r"header says \(7, 14, 56\)"),
        ("train-images-idx3-ubyte", lambda b: b[:4] + struct.pack(">i", -7) + b[8:], "header says"),
        ("train-images-idx3-ubyte", lambda b: gzip.compress(b), "starts with the bytes 1f 8b"),
        ("t10k-labels-idx1-ubyte", lambda b: b[:4] + struct.pack(">i", 2) + b[8:10], r"header says \(2,\), want \(3\)"),
        ("t10k-labels-idx1-ubyte", lambda b: b[:-1] + b"\x0a", "label 10, want 0 to 9"),
    ],
)
def test_an_extracted_file_without_archive_or_manifest_is_checked_by_its_format(one_mnist, offline, file, damage, fault):
    one_mnist.put(extracted=True)
    path = one_mnist.folder / file
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(data.DamagedFileError, match=f"{file} is damaged: .*{fault}"):
        one_mnist.load()
    assert not path.exists() and path.with_name(file + ".damaged").exists()


def test_a_flipped_pixel_is_found_by_the_manifest(one_mnist, offline):
    one_mnist.put()
    one_mnist.load()
    for archive in one_mnist.archives:
        (one_mnist.folder / archive).unlink()
    assert_is(one_mnist, one_mnist.load())
    path = one_mnist.folder / "t10k-images-idx3-ubyte"
    flip(path)
    with pytest.raises(data.DamagedFileError, match="t10k-images-idx3-ubyte is damaged: its SHA-256"):
        one_mnist.load()
    assert path.with_name(path.name + ".damaged").exists()
    with pytest.raises(FileNotFoundError):
        one_mnist.load()
    one_mnist.put()
    assert_is(one_mnist, one_mnist.load())


def test_an_intact_archive_repairs_the_extracted_file(one_mnist, offline):
    one_mnist.put()
    one_mnist.load()
    path = one_mnist.folder / "t10k-images-idx3-ubyte"
    intact = path.read_bytes()
    flip(path)
    (one_mnist.folder / data.MANIFEST).write_text("nonsense\n")
    assert_is(one_mnist, one_mnist.load())
    assert path.read_bytes() == intact
    assert len((one_mnist.folder / data.MANIFEST).read_text().splitlines()) == 4


def test_a_stale_manifest_is_corrected_by_the_archives(one_mnist, offline):
    one_mnist.put()
    manifest = one_mnist.folder / data.MANIFEST
    manifest.write_text("".join(f"{'0' * 64}  {file}\n" for file in one_mnist.arrays))
    one_mnist.load()
    assert "0" * 64 not in manifest.read_text()
    for archive in one_mnist.archives:
        (one_mnist.folder / archive).unlink()
    assert_is(one_mnist, one_mnist.load())


def test_a_network_that_does_not_answer_is_given_up(one_mnist, monkeypatch):
    """The time limit holds during the download, and the process's own is back afterwards."""
    from torchvision.datasets import utils

    limits = []

    def hang(*args, **kwargs):
        limits.append(socket.getdefaulttimeout())
        raise TimeoutError("timed out")

    monkeypatch.setattr(utils.urllib.request, "urlopen", hang)
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(7.0)
    try:
        with pytest.raises(FileNotFoundError, match="timed out"):
            one_mnist.load()
        assert set(limits) == {data.TIMEOUT} and socket.getdefaulttimeout() == 7
    finally:
        socket.setdefaulttimeout(before)


def test_a_repaired_file_is_replaced_whole(one_mnist, offline):
    """Another name of the damaged file keeps the old bytes: no file is written into, so none is ever half written."""
    one_mnist.put()
    path = one_mnist.folder / "t10k-images-idx3-ubyte"
    path.write_bytes(b"damaged")
    other = path.with_name("other-name")
    other.hardlink_to(path)
    one_mnist.load()
    assert other.read_bytes() == b"damaged" and path.read_bytes() == idx(one_mnist.arrays[path.name])


def test_files_that_cannot_be_written_are_no_obstacle(one_mnist, offline):
    """As in a folder that is read-only: folders lie where the extracted file and the manifest would go."""
    one_mnist.put()
    (one_mnist.folder / "train-images-idx3-ubyte").mkdir()
    (one_mnist.folder / data.MANIFEST).mkdir()
    assert_is(one_mnist, one_mnist.load())
    assert not list(one_mnist.folder.glob(".*"))


def test_missing_files_and_no_network_say_how_to_get_them(mnist, offline):
    with pytest.raises(FileNotFoundError) as caught:
        mnist.load()
    message = str(caught.value)
    assert "no network here" in message and str(mnist.folder) in message and all(name in message for name in mnist.archives)
    assert "GANLIB_DATA" in message and "data.load('digits') works now" in message
    assert offline, "the download was not tried"


def test_without_download_nothing_is_asked_of_the_network(mnist, offline):
    with pytest.raises(FileNotFoundError, match="download=False"):
        mnist.load(download=False)
    assert not offline


def test_digits_need_no_network(offline):
    data.load("digits")
    assert not offline


def test_mnist_is_downloaded_once(one_mnist, server, monkeypatch):
    from torchvision.datasets import MNIST

    folder, address = server
    for name, contents in one_mnist.archives.items():
        (folder / name).write_bytes(contents)
    monkeypatch.setattr(MNIST, "mirrors", [address + "nowhere/", address])
    assert_is(one_mnist, one_mnist.load())
    for name in one_mnist.archives:
        (folder / name).unlink()
    assert_is(one_mnist, one_mnist.load())
    assert {path.name for path in one_mnist.folder.iterdir()} == {*one_mnist.archives, *one_mnist.arrays, data.MANIFEST}


def test_a_download_with_the_wrong_checksum_is_not_kept(one_mnist, server, monkeypatch):
    from torchvision.datasets import MNIST

    folder, address = server
    for name, contents in one_mnist.archives.items():
        (folder / name).write_bytes(contents[:-1])
    monkeypatch.setattr(MNIST, "mirrors", [address])
    with pytest.raises(FileNotFoundError, match="corrupted"):
        one_mnist.load()
    assert list(one_mnist.folder.iterdir()) == []


def test_the_call_after_damage_fetches_the_file_again(one_mnist, server, monkeypatch):
    from torchvision.datasets import MNIST

    folder, address = server
    one_mnist.put()
    damaged = one_mnist.folder / "t10k-images-idx3-ubyte.gz"
    (folder / damaged.name).write_bytes(damaged.read_bytes())
    monkeypatch.setattr(MNIST, "mirrors", [address])
    flip(damaged)
    with pytest.raises(data.DamagedFileError):
        one_mnist.load()
    assert_is(one_mnist, one_mnist.load())


# CIFAR-10


class Poison:
    """Unpickling it leaves a trace."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


@pytest.fixture
def cifar(monkeypatch, tmp_path):
    from torchvision.datasets import CIFAR10

    rng = np.random.default_rng(1)
    files, pixels, labels = {}, [], []
    for name in [f"data_batch_{i}" for i in range(1, 6)] + ["test_batch"]:
        pixels.append(rng.integers(0, 256, (2, 3072), dtype=np.uint8))
        labels.append(rng.integers(0, 10, 2).tolist())
        files[name] = pickle.dumps({"data": pixels[-1], "labels": labels[-1]}, protocol=2)
    files["batches.meta"] = pickle.dumps({"label_names": [f"class {i}" for i in range(10)]}, protocol=2)
    set_cifar_checksums(monkeypatch, files)
    archive = cifar_archive(files)
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(archive))
    small = Small("cifar10", tmp_path / "data", tmp_path / "data", files, {CIFAR10.filename: archive})
    small.pixels, small.labels, small.batches = np.concatenate(pixels), sum(labels, []), small.root / CIFAR10.base_folder
    return small


def set_cifar_checksums(monkeypatch, files) -> None:
    from torchvision.datasets import CIFAR10

    monkeypatch.setattr(CIFAR10, "train_list", [[f"data_batch_{i}", md5(files[f"data_batch_{i}"])] for i in range(1, 6)])
    monkeypatch.setattr(CIFAR10, "test_list", [["test_batch", md5(files["test_batch"])]])
    monkeypatch.setattr(CIFAR10, "meta", CIFAR10.meta | {"md5": md5(files["batches.meta"])})


def cifar_archive(files) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, contents in files.items():
            info = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            info.size = len(contents)
            tar.addfile(info, io.BytesIO(contents))
    return stream.getvalue()


def assert_is_cifar(cifar: Small, dataset) -> None:
    images = torch.cat([dataset.train_images, dataset.test_images])
    assert torch.equal((images * 255).round().to(torch.uint8), torch.tensor(cifar.pixels).reshape(-1, 3, 32, 32))
    assert torch.cat([dataset.train_labels, dataset.test_labels]).tolist() == cifar.labels
    assert len(dataset.train_images) == 10 and dataset.image_shape == (3, 32, 32)
    assert dataset.classes == tuple(f"class {i}" for i in range(10))


def lay_batches(cifar: Small) -> None:
    cifar.batches.mkdir(parents=True)
    for name, contents in cifar.arrays.items():
        (cifar.batches / name).write_bytes(contents)


def test_cifar_is_read_from_the_archive_and_then_from_its_batches(cifar, offline):
    cifar.put()
    assert_is_cifar(cifar, cifar.load())
    (cifar.root / "cifar-10-python.tar.gz").unlink()
    assert_is_cifar(cifar, cifar.load())
    assert not offline


def test_cifar_is_read_from_batches_alone_and_resized(cifar, offline):
    lay_batches(cifar)
    assert_is_cifar(cifar, cifar.load())
    assert cifar.load(size=16).test_images.shape == (2, 3, 16, 16)


def test_cifar_is_downloaded(cifar, server, monkeypatch):
    from torchvision.datasets import CIFAR10

    folder, address = server
    (folder / CIFAR10.filename).write_bytes(cifar.archives[CIFAR10.filename])
    monkeypatch.setattr(CIFAR10, "url", address + CIFAR10.filename)
    assert_is_cifar(cifar, cifar.load())


def test_cifar_missing_and_no_network_says_how_to_get_it(cifar, offline):
    with pytest.raises(FileNotFoundError, match=r"cifar-10-python\.tar\.gz is not there(.|\n)*works now"):
        cifar.load()
    assert offline


def test_a_damaged_cifar_archive_is_named_and_moved_aside(cifar, offline):
    cifar.put()
    path = cifar.root / "cifar-10-python.tar.gz"
    flip(path, position=100)
    with pytest.raises(data.DamagedFileError, match=r"cifar-10-python\.tar\.gz is damaged: its MD5"):
        cifar.load()
    assert not path.exists() and path.with_name(path.name + ".damaged").exists() and not cifar.batches.exists()


@pytest.mark.parametrize("name", ["data_batch_3", "test_batch", "batches.meta"])
def test_a_damaged_batch_is_never_unpickled(cifar, offline, tmp_path, name):
    lay_batches(cifar)
    trace = tmp_path / "trace"
    (cifar.batches / name).write_bytes(pickle.dumps(Poison(trace)))
    with pytest.raises(data.DamagedFileError, match=f"{name} is damaged: its MD5"):
        cifar.load()
    assert not trace.exists()
    assert (cifar.batches / f"{name}.damaged").exists() and not (cifar.batches / name).exists()


def test_the_call_after_damage_to_several_batches_fetches_the_archive(cifar, server, monkeypatch):
    from torchvision.datasets import CIFAR10

    folder, address = server
    (folder / CIFAR10.filename).write_bytes(cifar.archives[CIFAR10.filename])
    monkeypatch.setattr(CIFAR10, "url", address + CIFAR10.filename)
    lay_batches(cifar)
    for name in ("data_batch_1", "test_batch"):
        flip(cifar.batches / name)
    with pytest.raises(data.DamagedFileError, match=r"data_batch_1 is damaged(.|\n)*test_batch is damaged"):
        cifar.load()
    assert_is_cifar(cifar, cifar.load())


def test_a_batch_in_an_archive_is_verified_too(cifar, offline, monkeypatch, tmp_path):
    """The archive's MD5 is right here, the batch's is not."""
    from torchvision.datasets import CIFAR10

    trace = tmp_path / "trace"
    archive = cifar_archive(cifar.arrays | {"data_batch_2": pickle.dumps(Poison(trace))})
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(archive))
    cifar.root.mkdir()
    (cifar.root / CIFAR10.filename).write_bytes(archive)
    with pytest.raises(data.DamagedFileError, match="the MD5 of data_batch_2 in it"):
        cifar.load()
    assert not trace.exists()


def test_poison_would_be_noticed(tmp_path):
    pickle.loads(pickle.dumps(Poison(tmp_path / "trace"))).close()
    assert (tmp_path / "trace").exists()


def test_an_intact_archive_repairs_a_batch(cifar, offline):
    cifar.put()
    cifar.load()
    flip(cifar.batches / "data_batch_4")
    (cifar.batches / "test_batch").unlink()
    assert_is_cifar(cifar, cifar.load())
    assert (cifar.batches / "data_batch_4").read_bytes() == cifar.arrays["data_batch_4"]
