"""Paintings drawn by chance: each manner is told by its texture, at any size."""

import pytest
import torch
import torch.nn.functional as F

from ganlib import paintings

MANNERS = list(paintings.MANNERS)


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("size", [(16, 16), (50, 33), (48, 72)])
def test_a_painting_has_any_size(manner, size):
    picture = paintings.paint(manner, *size)
    assert picture.shape == (3, *size) and picture.dtype == torch.float32
    assert picture.min() >= 0 and picture.max() <= 1 and picture.std() > 0.05


@pytest.mark.parametrize("manner", MANNERS)
def test_a_seed_is_a_painting(manner):
    first = paintings.paint(manner, 32, 48, seed=3)
    assert torch.equal(first, paintings.paint(manner, 32, 48, seed=3))
    assert (first - paintings.paint(manner, 32, 48, seed=4)).abs().mean() > 0.03


@pytest.mark.parametrize("manner", MANNERS)
def test_a_larger_painting_is_the_same_with_more_detail(manner):
    large, small = paintings.paint(manner, 96, 144), paintings.paint(manner, 48, 72)
    again = F.avg_pool2d(large[None], 2)[0]
    pair = torch.stack([F.avg_pool2d(each[None], 2).flatten() for each in (again, small)])
    assert torch.corrcoef(pair)[0, 1] > 0.9


def test_glass_has_dark_leads_and_many_colors():
    picture = paintings.paint("stained glass", 96, 144)
    assert 0.1 < (picture.amax(dim=0) < 0.15).float().mean() < 0.4
    vivid = picture[:, picture.amax(dim=0) > 0.3]
    assert len(torch.bincount(vivid.argmax(dim=0), minlength=3).nonzero()) == 3


def test_swirls_change_more_across_the_flow_than_along_it():
    """At most pixels the gradient has one direction: its tensor, averaged over a small neighborhood, is far from round."""
    gray = paintings.paint("swirl", 96, 144).mean(dim=0)
    dy, dx = gray[1:, :-1] - gray[:-1, :-1], gray[:-1, 1:] - gray[:-1, :-1]
    tensor = F.avg_pool2d(torch.stack([dx * dx, dy * dy, dx * dy])[:, None], 7, 1)[:, 0]
    spread = ((tensor[0] - tensor[1]).square() + 4 * tensor[2].square()).sqrt() / (tensor[0] + tensor[1])
    assert spread.median() > 0.6


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="manner: got 'cubism'"):
        paintings.paint("cubism")
    with pytest.raises(ValueError, match="height: got 8"):
        paintings.paint("swirl", 8)
    with pytest.raises(ValueError, match="width: got 8"):
        paintings.paint("swirl", 64, 8)
    with pytest.raises(ValueError, match="seed: got -1"):
        paintings.paint("swirl", seed=-1)
