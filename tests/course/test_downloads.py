"""Models offered for download: kept as one file, loaded again, and changed files noticed."""

import json
import re
import tomllib

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from autograde import ROOT
from ganlib import downloads


def network(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3))


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    monkeypatch.setenv("GANLIB_DOWNLOADS", str(tmp_path / "models"))
    monkeypatch.delenv("GANLIB_DOWNLOADS_LINK", raising=False)


def offer(**options):
    options = {"name": "net-8", "note": "a <net>", "settings": {"width": 3}, "generator": network(1)} | options
    return downloads.offer(**options)


def test_what_is_offered_can_be_loaded():
    generator, discriminator = network(1), nn.Linear(2, 2)
    generator(torch.randn(4, 1, 8, 8))  # its averages change, and are kept, too
    offered = offer(generator=generator, discriminator=discriminator)
    other, more = network(2), nn.Linear(2, 2)
    known = downloads.load(offered.path, generator=other, discriminator=more)
    assert known == {"course": f"ganlib {downloads.VERSION}", "note": "a <net>", "settings": {"width": 3}}
    for network_, again in ((generator, other), (discriminator, more)):
        for key, value in network_.state_dict().items():
            assert torch.equal(value, again.state_dict()[key]), key


def test_one_of_the_networks_can_be_loaded_alone():
    generator = network(1)
    path = offer(generator=generator, critic=nn.Linear(2, 2)).path
    other = network(2)
    downloads.load(str(path), generator=other)
    assert torch.equal(generator[0].weight, other[0].weight)


def test_the_file_says_what_it_is_and_is_the_same_every_time():
    path = offer().path
    with safe_open(path, framework="pt") as file:
        metadata = json.loads(file.metadata()["model"])
        assert sorted(file.keys()) == sorted(f"generator.{key}" for key in network().state_dict())
    assert metadata["known"]["settings"] == {"width": 3}
    assert len(metadata["sha256"]) == 64
    first = path.read_bytes()
    assert offer().path.read_bytes() == first


def test_the_version_is_that_of_the_course():
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == downloads.VERSION


def test_the_page_shows_link_size_and_the_line_that_loads_it(monkeypatch):
    monkeypatch.setenv("GANLIB_DOWNLOADS_LINK", "../_downloads/models")
    offered = offer()
    html = offered._repr_html_()
    assert '<a href="../_downloads/models/net-8.safetensors" download="net-8.safetensors">' in html
    assert f"({offered.path.stat().st_size / 1000:.0f} kB): a &lt;net&gt;" in html
    assert "downloads.load(&quot;net-8.safetensors&quot;, generator=generator)" in html
    assert "net-8.safetensors (" in repr(offered)
    assert str(offered.path.parent) not in html


def test_without_a_book_the_link_leads_to_the_file():
    offered = offer()
    assert re.search(r'href="([^"]+)"', offered._repr_html_())[1] == offered.path.as_uri()


@pytest.mark.parametrize(
    "options, message",
    [
        ({"name": "../up"}, "name: got '../up', want small letters, digits and hyphens"),
        ({"name": "Net"}, "name: got 'Net'"),
        ({"settings": {"width": torch.zeros(1)}}, "settings: got a dict that is no JSON"),
        ({"generator": "weights"}, "generator: got 'weights', want an nn.Module"),
        ({"generator": nn.Linear(2000, 2000)}, "networks: got 16,0"),
    ],
)
def test_bad_offers_are_named(options, message, tmp_path):
    with pytest.raises(ValueError) as caught:
        offer(**options)
    assert message in str(caught.value)
    assert not (tmp_path / "models").exists()


def test_an_offer_needs_a_network():
    with pytest.raises(ValueError, match="networks: got none"):
        downloads.offer("net", "nothing", {})


def test_another_network_is_named_and_nothing_is_changed():
    path = offer(discriminator=nn.Linear(2, 2)).path
    generator = network(2)
    before = generator[0].weight.clone()
    with pytest.raises(ValueError, match=re.escape("discriminator: ")) as caught:
        downloads.load(path, generator=generator, discriminator=nn.Linear(3, 2))
    assert "weight is (2, 2) in the file and (2, 3) here" in str(caught.value)
    assert "{'width': 3}" in str(caught.value)
    assert torch.equal(generator[0].weight, before)
    with pytest.raises(ValueError, match="critic: .* holds no such network, want one of discriminator, generator"):
        downloads.load(path, critic=nn.Linear(2, 2))


def test_a_changed_file_is_noticed(tmp_path):
    path = offer().path
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    tensors = load_file(path)
    tensors["generator.0.weight"][0] += 1e-3
    save_file(tensors, path, metadata)
    with pytest.raises(ValueError, match="was changed after it was made"):
        downloads.load(path, generator=network())
    save_file(tensors, path)
    with pytest.raises(ValueError, match="no model of the course"):
        downloads.load(path, generator=network())
    path.write_bytes(offer().path.read_bytes()[:-100])
    with pytest.raises(ValueError, match="no safetensors file, or not all of it"):
        downloads.load(path, generator=network())
    with pytest.raises(FileNotFoundError, match="does not exist"):
        downloads.load(tmp_path / "absent.safetensors", generator=network())
