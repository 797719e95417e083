"""Pictures and the explorable latent plane; the latter in a real browser, compared with PyTorch."""

import os
import subprocess
import sys
import types

import matplotlib
import numpy as np
import pytest
import torch
from torch import nn

matplotlib.use("Agg")

from matplotlib import pyplot as plt  # noqa: E402 (the backend is chosen first)

from autograde import ROOT  # noqa: E402
from ganlib import plots  # noqa: E402
from ganlib.upsampling import ResizeConv2d  # noqa: E402

CODES, LABELS = torch.randn(60, 2, generator=torch.Generator().manual_seed(0)), torch.arange(60) % 10


class Plane(nn.Module):
    """A decoder with random weights, large enough that pictures have black and white."""

    def __init__(self, shape=(1, 8, 8), hidden=256, seed=0, bias=True):
        super().__init__()
        torch.manual_seed(seed)
        n = int(np.prod(shape))
        self.decoder = nn.Sequential(
            nn.Linear(2, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, n, bias),
            nn.Unflatten(1, shape),
        )
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.mul_(2)

    def decode(self, z):
        return self.decoder(z)


@pytest.fixture(autouse=True)
def no_figure_stays():
    yield
    plt.close("all")


# ---- the look ----


def linear(color):
    value = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast_with_white(color):
    return 1.05 / (linear(color) @ [0.2126, 0.7152, 0.0722] + 0.05)


# How the three kinds of color blindness see linear RGB (Machado, Oliveira and Fernandes, 2009, severity 1).
BLIND = {
    "no": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}


def lab(color, blindness):
    rgb = np.clip(BLIND[blindness] @ linear(color), 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb / [0.9505, 1, 1.089]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("name", plots.COLORS)
def test_a_line_of_each_color_stands_out_from_white(name):
    assert contrast_with_white(plots.COLORS[name]) >= 3


@pytest.mark.parametrize("blindness", BLIND)
@pytest.mark.parametrize("pair", [("real", "fake"), ("generator", "discriminator"), ("latent", "prior"), ("real", "accent")])
def test_colors_that_meet_in_a_figure_differ_for_every_reader(pair, blindness):
    a, b = (lab(plots.COLORS[name], blindness) for name in pair)
    assert np.linalg.norm(a - b) >= 15


def test_ten_classes_have_ten_colors_and_ten_markers():
    assert len(set(plots.CLASS_COLORS)) == len(set(plots.CLASS_MARKERS)) == 10


def test_text_is_at_least_nine_points_and_figures_fit_the_column():
    plots.use_style()
    rows = {"a name that is too long for one line": torch.rand(20, 1, 8, 8), "b": torch.rand(3, 1, 8, 8)}
    figures = [
        plots.image_rows(rows, title="rows"),
        plots.image_grid(torch.rand(40, 1, 8, 8), columns=40).figure,
        plots.latent_scatter(CODES, LABELS, title="codes").figure,
        plots.manifold(torch.rand(9, 1, 4, 4), 3, 2.0).figure,
        plots.history({"loss": [2.0, 1.0], "KL": [0.0, 1.0]}).figure,
    ]
    for figure in figures:
        assert figure.get_figwidth() <= plots.MAX_WIDTH
        figure.canvas.draw()
        texts = [text for text in figure.findobj(matplotlib.text.Text) if text.get_text() and text.get_visible()]
        assert all(text.get_fontsize() >= 9 for text in texts)
        drawn = figure.get_tightbbox()
        assert drawn.x0 >= 0 and drawn.x1 <= figure.get_figwidth(), "something reaches beyond the figure"


@pytest.mark.parametrize("kind, metadata", [("png", {}), ("svg", {"Date": None})])
def test_the_same_figure_is_the_same_file(kind, metadata, tmp_path):
    for name in ("a", "b"):
        plots.latent_scatter(CODES, LABELS).figure.savefig(tmp_path / f"{name}.{kind}", metadata=metadata)
    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


# ---- pictures ----


def drawn(ax):
    return np.asarray(ax.images[0].get_array())


def test_a_grid_puts_images_row_by_row_with_equal_white_gutters():
    images = torch.arange(5).reshape(5, 1, 1, 1).expand(5, 1, 20, 30) / 10
    sheet = drawn(plots.image_grid(images, columns=3))
    assert sheet.shape == (20 + 2 + 20, 30 + 2 + 30 + 2 + 30)
    tiles = [sheet[row : row + 20, column : column + 30] for row in (0, 22) for column in (0, 32, 64)]
    assert [tile.min() for tile in tiles] == [tile.max() for tile in tiles] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 1])
    assert (sheet[20:22] == 1).all() and (sheet[:, 30:32] == 1).all() and (sheet[:, 62:64] == 1).all()


def test_a_range_of_values_is_black_to_white_and_beyond_is_cut():
    sheet = drawn(plots.image_grid(torch.tensor([-2.0, -1, 0, 1, 2]).reshape(1, 1, 1, 5), value_range=(-1, 1)))
    assert sheet.tolist() == [[0, 0, 0.5, 1, 1]]


def test_rows_and_a_manifold_have_the_range_too():
    images = torch.tensor([-2.0, -1, 0, 1]).reshape(4, 1, 1, 1)
    assert drawn(plots.image_rows({"row": images}, value_range=(-1, 1)).axes[0])[0, ::2].tolist() == [0, 0, 0.5, 1]
    assert drawn(plots.manifold(images, 2, 1.0, value_range=(-1, 1)))[::2, ::2].tolist() == [[0, 0], [0.5, 1]]


def test_color_images_keep_their_channels():
    images = torch.tensor([1.0, 0.5, 0.0]).reshape(1, 3, 1, 1).expand(1, 3, 2, 4)
    assert drawn(plots.image_grid(images))[1, 2].tolist() == [1.0, 0.5, 0.0]


def test_pictures_need_no_detach():
    plots.image_grid(torch.rand(2, 1, 4, 4, requires_grad=True))
    plots.latent_scatter(CODES.clone().requires_grad_(), LABELS)


def test_rows_are_named_at_their_height():
    rows = {"top": torch.zeros(3, 1, 10, 10), "bottom": torch.ones(2, 1, 10, 10)}
    ax = plots.image_rows(rows).axes[0]
    names = {label.get_text(): int(place) for label, place in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)}
    assert {name: drawn(ax)[place, 0] for name, place in names.items()} == {"top": 0, "bottom": 1}


def test_each_class_is_named_in_the_legend():
    ax = plots.latent_scatter(CODES, LABELS % 3)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["0", "1", "2"]
    shown = ax.collections[2].get_offsets()
    assert np.allclose(shown, CODES[LABELS % 3 == 2])


def test_an_image_of_the_manifold_lies_on_its_code():
    axis = torch.linspace(-3, 3, 7)
    z1, z0 = torch.meshgrid(axis.flip(0), axis, indexing="ij")  # read like a text: z_1 falls from row to row
    images = (z0 + 10 * z1).reshape(49, 1, 1, 1).expand(49, 1, 4, 4) / 100 + 0.5
    ax = plots.manifold(images, 7, 3.0)
    left, right, bottom, top = ax.images[0].get_extent()
    sheet = drawn(ax)
    for x, y in [(-3, 3), (0, 0), (2, -1), (3, -3)]:
        row, column = (top - y) / (top - bottom) * sheet.shape[0], (x - left) / (right - left) * sheet.shape[1]
        assert sheet[int(row), int(column)] == pytest.approx((x + 10 * y) / 100 + 0.5)


def test_a_history_is_drawn_against_the_epoch_from_one_on():
    history = types.SimpleNamespace(values={"loss": [3.0, 2.0], "KL": [0.0, 0.5]})
    lines = plots.history(history).lines
    assert [(line.get_label(), line.get_xdata().tolist(), list(line.get_ydata())) for line in lines] == [
        ("loss", [1, 2], [3.0, 2.0]),
        ("KL", [1, 2], [0.0, 0.5]),
    ]
    assert [line.get_label() for line in plots.history(history, names=["KL"]).lines] == ["KL"]


IMAGES, SMALL = torch.rand(4, 1, 8, 8), torch.rand(4, 1, 4, 4)
WRONG = {
    "images: got a tensor of shape (8, 8)": lambda: plots.image_grid(torch.rand(8, 8)),
    "images: got a tensor of shape (4, 2, 8, 8)": lambda: plots.image_grid(torch.rand(4, 2, 8, 8)),
    "images: got a tensor of shape (0, 1, 8, 8)": lambda: plots.image_grid(torch.rand(0, 1, 8, 8)),
    "images: got 256 values that are NaN": lambda: plots.image_grid(IMAGES * torch.nan),
    "columns: got 0": lambda: plots.image_grid(IMAGES, columns=0),
    "value_range: got (1, 0)": lambda: plots.image_grid(IMAGES, value_range=(1, 0)),
    "rows: got a dict": lambda: plots.image_rows({}),
    "rows['b']: got a list": lambda: plots.image_rows({"a": IMAGES, "b": [1]}),
    "rows: got images of the shapes 'a' (1, 8, 8), 'b' (1, 4, 4)": lambda: plots.image_rows({"a": IMAGES, "b": SMALL}),
    "codes: got a tensor of shape (60, 3)": lambda: plots.latent_scatter(torch.rand(60, 3), LABELS),
    "labels: got 5, want 60": lambda: plots.latent_scatter(CODES, LABELS[:5]),
    "labels: got a tensor of shape (60,), int64, want whole numbers from 0 to 9": lambda: plots.latent_scatter(CODES, LABELS + 1),
    "images: got 4 images, want n * n = 9": lambda: plots.manifold(IMAGES, 3, 1.0),
    "limit: got 0, want a positive number": lambda: plots.manifold(IMAGES, 2, 0),
    "history: got a dict": lambda: plots.history({}),
    "names: got 'kl', want one of 'loss'": lambda: plots.history({"loss": [1.0]}, names=["kl"]),
    "limit: got nan, want a positive number": lambda: plots.manifold(IMAGES, 2, float("nan")),
    "limit: got '1', want a positive number": lambda: plots.manifold(IMAGES, 2, "1"),
    "limit: got -1": lambda: plots.latent_explorer(Plane(), limit=-1),
    "codes: got None with labels": lambda: plots.latent_explorer(Plane(), labels=LABELS),
    "model: got a Linear with no decoder": lambda: plots.latent_explorer(nn.Linear(2, 2)),
    "model: got a decoder with a Tanh layer": lambda: plots.latent_explorer(altered(lambda m: m.decoder.append(nn.Tanh()))),
    "model: got a decoder of 3 latent dimensions": lambda: plots.latent_explorer(altered(three_dimensions)),
    "model: got weights that are NaN": lambda: plots.latent_explorer(altered(lambda m: m.decoder[0].bias.data.fill_(torch.nan))),
    "model: got a decode that does something else": lambda: plots.latent_explorer(altered(to_pixels)),
    "model: got a decoder that returns the shape (1, 2, 4, 4)": lambda: plots.latent_explorer(Plane((2, 4, 4))),
}


def altered(change):
    model = Plane()
    change(model)
    return model


def three_dimensions(model):
    model.decoder[0] = nn.Linear(3, 256)


def to_pixels(model):
    model.decode = lambda z: model.decoder(z).sigmoid()


@pytest.mark.parametrize("message", WRONG)
def test_bad_input_is_named(message):
    with pytest.raises(ValueError) as caught:
        WRONG[message]()
    assert message in str(caught.value)


# ---- the explorer ----


def test_the_fragment_is_small_and_loads_nothing():
    html = plots.latent_explorer(Plane(), torch.randn(400, 2), torch.arange(400) % 10)._repr_html_()
    assert len(html.encode()) <= 300_000
    for loader in ("http", "//cdn", "import(", "fetch(", "src=", "href=", "url("):
        assert loader not in html
    assert html.count("</script") == 2, "a script ends early"


def test_the_title_cannot_break_the_page():
    html = plots.latent_explorer(Plane(), title='</script><b>"x"')._repr_html_()
    assert "</script><b>" not in html and "&lt;/script&gt;&lt;b&gt;&quot;x&quot;" in html


def test_the_fragment_is_the_same_every_time():
    assert len({plots.latent_explorer(Plane(), CODES, LABELS)._repr_html_() for _ in range(2)}) == 1


MODELS = {"gray": Plane(), "color": Plane((3, 4, 5), hidden=16, seed=1, bias=False)}


class Told(nn.Module):
    """A generator that is told one of three classes."""

    def __init__(self):
        super().__init__()
        self.latent_dim, self.embedding = 6, nn.Embedding(3, 2)
        self.layers = nn.Sequential(nn.Unflatten(1, (8, 1, 1)), nn.ConvTranspose2d(8, 1, 5), nn.Tanh())

    def forward(self, z, labels):
        return self.layers(torch.cat([z, self.embedding(labels)], dim=1))


def lively(generator, seed=0):
    """Random weights and averages, as of a generator that was trained: no two layers look alike."""
    random = torch.Generator().manual_seed(seed)
    for layer in generator.modules():
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            layer.running_mean.normal_(0, 0.5, generator=random)
            layer.running_var.uniform_(0.3, 3, generator=random)
            if layer.affine:
                layer.weight.data.normal_(1, 0.4, generator=random)
                layer.bias.data.normal_(0, 0.4, generator=random)
        elif isinstance(layer, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            layer.weight.data.normal_(0, layer.weight[0].numel() ** -0.5 * 2, generator=random)
    return generator


def dcgan(latent_dim, *layers):
    generator = nn.Sequential(*layers)
    generator.latent_dim = latent_dim
    return lively(generator)


GENERATORS = {
    # As in chapter 5, and with what its exercises allow besides.
    "transposed": dcgan(
        16,
        nn.Unflatten(1, (16, 1, 1)),
        nn.Sequential(nn.ConvTranspose2d(16, 24, 4, bias=False), nn.BatchNorm2d(24), nn.ReLU()),
        nn.Sequential(nn.ConvTranspose2d(24, 8, 4, 2, 1, bias=False), nn.BatchNorm2d(8, affine=False), nn.ReLU()),
        nn.ConvTranspose2d(8, 1, 4, 2, 1),
        nn.Tanh(),
    ),
    "upsampled": dcgan(
        5,
        nn.Linear(5, 6 * 3 * 4),
        nn.BatchNorm1d(6 * 3 * 4),
        nn.LeakyReLU(0.2),
        nn.Unflatten(1, (6, 3, 4)),
        nn.Upsample(scale_factor=3),
        nn.Conv2d(6, 7, 4, 2, 1),
        nn.BatchNorm2d(7),
        nn.ReLU(),
        nn.ConvTranspose2d(7, 3, 5, 3, 2, output_padding=1),
        nn.Identity(),
        nn.Sigmoid(),
    ),
    "told": lively(Told()),
}


@pytest.fixture
def open_page(browser):
    """Opens a page with the two explorers, or with others; errors and requests are collected."""
    contexts = []

    def open_page(theme="light", width=1000, explorers=None, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: page.problems.append(request.url))
        explorers = explorers or (
            plots.latent_explorer(MODELS["gray"], CODES, LABELS, title="Gray plane"),
            plots.latent_explorer(MODELS["color"], limit=2.0, title="Color plane", prior=True),
        )
        page.set_content(
            f'<!doctype html><html lang="en" data-theme="{theme}"><head><title>Page</title><meta name="viewport" '
            'content="width=device-width"><style>html[data-theme="dark"] {--pst-color-text-base: #ced6dd; '
            "--pst-color-background: #14181e}</style></head><body><main><h1>Page</h1>"
            f"{''.join(each._repr_html_() for each in explorers)}</main></body></html>"
        )
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    page = open_page()
    yield page
    assert page.problems == []


def explorer(page, index=0):
    return page.locator(".latent-explorer").nth(index)


def place(root):
    return float(root.get_attribute("data-z0")), float(root.get_attribute("data-z1"))


def pixels(root):
    script = """root => { const c = root.querySelector(".le-picture");
        return [c.height, c.width, ...c.getContext("2d").getImageData(0, 0, c.width, c.height).data]; }"""
    height, width, *values = root.evaluate(script)
    return np.array(values).reshape(height, width, 4)[..., :3].transpose(2, 0, 1)


def by_torch(model, z):
    with torch.no_grad():
        picture = model.decode(torch.tensor([z])).sigmoid()[0]
    return 255 * picture.expand(3, -1, -1).numpy()


def press_at(root, fx, fy):
    box = root.locator(".le-plane").bounding_box()
    return box["x"] + fx * box["width"], box["y"] + fy * box["height"]


@pytest.mark.parametrize("index, name", [(0, "gray"), (1, "color")])
def test_the_browser_decodes_as_pytorch_does(page, index, name):
    root = explorer(page, index)
    assert root.get_attribute("data-ready") == "true"
    seen = []
    for fx, fy in [(None, None), (0.2, 0.2), (0.9, 0.3), (0.5, 0.8), (0.99, 0.01)]:
        if fx is not None:
            page.mouse.click(*press_at(root, fx, fy))
        seen.append(pixels(root))
        assert np.abs(seen[-1] - by_torch(MODELS[name], place(root))).max() <= 2
    assert np.ptp(seen, axis=0).max() > 50, "the pictures hardly differ: nothing is compared"


def test_dragging_walks_over_the_plane_and_stays_in_it(page):
    root = explorer(page)
    page.mouse.move(*press_at(root, 0.5, 0.5))
    page.mouse.down()
    start, first = place(root), pixels(root)
    page.mouse.move(*press_at(root, 0.7, 0.3), steps=4)
    x, y = place(root)
    assert x > start[0] + 1 and y > start[1] + 1
    assert np.abs(pixels(root) - first).max() > 10
    page.mouse.move(*press_at(root, 5.0, -1.0))
    assert place(root) == (4, 4)
    page.mouse.up()
    page.mouse.move(*press_at(root, 0.5, 0.5))
    assert place(root) == (4, 4), "it still follows the pointer after the button was let go"


def test_a_finger_walks_too(open_page):
    page = open_page(has_touch=True, width=390)
    root = explorer(page)
    page.touchscreen.tap(*press_at(root, 0.3, 0.6))
    assert place(root)[0] < -1 and place(root)[1] < 0


def test_the_keyboard_walks_when_the_plane_has_the_focus(page):
    root = explorer(page)
    page.keyboard.press("ArrowRight")
    assert place(root) == (0, 0)
    page.keyboard.press("Tab")
    assert root.locator(".le-plane").evaluate("plane => plane === document.activeElement")
    before = pixels(root)
    for key, expected in [
        ("ArrowRight", (0.2, 0)),
        ("ArrowUp", (0.2, 0.2)),
        ("Shift+ArrowLeft", (0.18, 0.2)),
        ("ArrowDown", (0.18, 0)),
    ]:
        page.keyboard.press(key)
        assert place(root) == pytest.approx(expected, abs=1e-4)
    assert root.locator(".le-readout").text_content() == "z = (0.18, 0.00)"
    assert (pixels(root) != before).any()
    page.keyboard.press("Home")
    assert place(root) == (0, 0) and (pixels(root) == before).all()


def test_two_explorers_on_a_page_are_independent(page):
    before = pixels(explorer(page, 1))
    page.mouse.click(*press_at(explorer(page, 0), 0.3, 0.3))
    assert place(explorer(page, 0)) != (0, 0)
    assert place(explorer(page, 1)) == (0, 0) and (pixels(explorer(page, 1)) == before).all()
    described = [page.locator(".le-plane").nth(i).get_attribute("aria-describedby") for i in (0, 1)]
    assert len(set(described)) == 2 and all(page.locator(f"#{name}").count() == 1 for name in described)


def test_it_leaves_nothing_in_the_global_scope(page):
    names = "Object.keys(window)"
    known = set(page.context.new_page().evaluate(names))
    assert set(page.evaluate(names)) <= known


def test_the_plane_follows_the_theme_of_the_page(page):
    root = explorer(page)
    color = "root => getComputedStyle(root).backgroundColor"
    drawing = """root => root.querySelector(".le-plane").toDataURL() + root.querySelector(".le-legend").innerHTML"""
    light, light_drawing = root.evaluate(color), root.evaluate(drawing)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"before => ({drawing})(document.querySelector('.latent-explorer')) !== before", arg=light_drawing)
    assert light != root.evaluate(color) == "rgb(20, 24, 30)"


def test_the_legend_names_the_classes_and_the_nearest_code_is_told(page):
    root = explorer(page)
    assert root.locator(".le-legend li").all_text_contents() == [str(label) for label in range(10)]
    page.mouse.click(*press_at(root, 0.6, 0.6))
    nearest = LABELS[(CODES - torch.tensor(place(root))).norm(dim=1).argmin()].item()
    assert root.locator(".le-nearest").text_content() == f"nearest code: class {nearest}"
    assert explorer(page, 1).locator(".le-legend").is_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1000])
def test_everybody_can_use_it(open_page, theme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = open_page(theme, width)
    found = [(rule["id"], rule["impact"]) for rule in axe.Axe().run(page).response["violations"]]
    assert not found
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert explorer(page).locator(".le-plane").bounding_box()["width"] >= 250


def test_a_screen_reader_hears_what_it_is_how_it_moves_and_where_it_stands(page):
    plane = page.get_by_role("application", name="Gray plane")
    assert "arrow keys" in page.locator(f"#{plane.get_attribute('aria-describedby')}").text_content()
    plane.press("ArrowLeft")
    assert explorer(page).get_by_role("img", name="Decoded image at z = (-0.20, 0.00)").is_visible()
    assert explorer(page).get_by_role("status").get_attribute("aria-live") == "polite"


def test_the_focus_is_seen(page):
    page.keyboard.press("Tab")
    assert explorer(page).locator(".le-plane").evaluate("plane => parseFloat(getComputedStyle(plane).outlineWidth)") >= 2


def test_without_scripts_a_sentence_says_so(open_page):
    page = open_page(java_script_enabled=False)
    assert "needs JavaScript" in explorer(page).inner_text()
    assert explorer(page).locator(".le-plane").is_hidden()


# ---- the explorer of generators ----

PLANES = torch.randn(2, 3, 16, generator=torch.Generator().manual_seed(1))


def generate(name, z, label=None):
    generator = GENERATORS[name].eval()
    with torch.no_grad():
        image = generator(z) if label is None else generator(z, torch.tensor([label]))
    return image[0].expand(3, -1, -1).numpy()


def test_a_plane_of_noise_is_typical():
    planes = plots._random_planes(50, 10, seed=0)
    center, u, v = planes.unbind(dim=1)
    assert torch.allclose(center.norm(dim=1), torch.tensor(8.0**0.5))
    assert torch.allclose(torch.stack([u, v]).norm(dim=2), torch.ones(()))
    for a, b in ((center, u), (center, v), (u, v)):
        assert (a * b).sum(dim=1).abs().max() < 1e-5


@pytest.mark.parametrize("name, value_range", [("transposed", (-1, 1)), ("upsampled", (0, 1))])
def test_the_browser_generates_as_pytorch_does_in_eval_mode(open_page, name, value_range):
    generator = GENERATORS[name].train()
    planes = PLANES[..., : generator.latent_dim].half().float()
    made = plots.generator_explorer(generator, planes=planes, limit=2.0, value_range=value_range)
    assert all(module.training for module in generator.modules()), "the generator is left in its own mode"
    page = open_page(explorers=[made])
    root, seen = explorer(page), []
    for plane in (0, 1):
        for fx, fy in [(None, None), (0.2, 0.2), (0.9, 0.3), (0.5, 0.8)]:
            if fx is not None:
                page.mouse.click(*press_at(root, fx, fy))
            a, b = place(root)
            image = generate(name, planes[plane, :1] + a * planes[plane, 1:2] + b * planes[plane, 2:])
            low, high = value_range
            wanted = 255 * (image - low) / (high - low)
            seen.append(pixels(root))
            assert np.abs(seen[-1] - wanted).max() <= 2
        root.get_by_role("button", name="Another plane").click()
        assert place(root) == (0, 0)
        assert root.locator(".le-nearest").text_content() == f"plane {(plane + 1) % 2 + 1} of 2"
    assert np.ptp(seen, axis=0).max() > 50, "the pictures hardly differ: nothing is compared"
    assert page.problems == []


def test_a_plane_is_paved_with_its_images_and_paved_anew_for_another(open_page):
    planes = PLANES.half().float()
    page = open_page(explorers=[plots.generator_explorer(GENERATORS["transposed"], planes=planes)])
    root = explorer(page)
    tiles = """root => { const c = root.querySelector(".le-plane"), k = c.width / c.clientWidth, side = (c.clientWidth - 50) / 7;
        const at = (i) => [...c.getContext("2d").getImageData(k * (40 + (i + 0.53) * side), k * (10 + 0.53 * side), 1, 1).data];
        return [0, 1, 2, 3, 4, 5, 6].map(at); }"""
    first = np.array(root.evaluate(tiles))
    assert (first[:, 3] == 153).all(), "pale, for the ring to be seen"
    top_row = [planes[0, :1] + 6 / 7 * (i - 3) * planes[0, 1:2] + 18 / 7 * planes[0, 2:] for i in range(7)]
    wanted = [127.5 * (generate("transposed", z)[0, 8, 8] + 1) for z in top_row]
    assert np.abs(first[:, 0] - wanted).max() <= 3
    assert np.ptp(wanted) > 20, "the tiles hardly differ: nothing is compared"
    root.get_by_role("button", name="Another plane").click()
    assert np.abs(np.array(root.evaluate(tiles)) - first).max() > 20


def test_the_class_is_chosen_by_mouse_and_by_keyboard(open_page):
    planes = PLANES[..., :6].half().float()
    made = plots.generator_explorer(GENERATORS["told"], classes=["zero", "<one>", "two"], planes=planes)
    page = open_page(explorers=[made, plots.generator_explorer(GENERATORS["told"], classes=3)])
    root = explorer(page)

    def check(label):
        assert root.get_attribute("data-chosen") == str(label)
        assert np.abs(pixels(root) - 127.5 * (generate("told", planes[0, :1], label) + 1)).max() <= 2

    check(0)
    first = pixels(root)
    root.get_by_role("radio", name="<one>").check()
    check(1)
    page.keyboard.press("ArrowRight")
    check(2)
    assert root.get_by_role("img", name="Generated image at a = 0.00, b = 0.00, class two").is_visible()
    assert np.abs(pixels(root) - first).max() > 20
    assert explorer(page, 1).get_attribute("data-chosen") == "0", "the other explorer has choices of its own"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert root.locator(".le-plane").evaluate("plane => plane === document.activeElement")
    page.keyboard.press("ArrowLeft")
    assert place(root) == pytest.approx((-0.15, 0))
    assert root.locator(".le-readout").text_content() == "a = \u22120.15, b = 0.00"
    assert page.problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1000])
def test_everybody_can_choose_a_class(open_page, theme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = open_page(theme, width, [plots.generator_explorer(GENERATORS["told"], classes=3)])
    assert not [(rule["id"], rule["impact"]) for rule in axe.Axe().run(page).response["violations"]]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = explorer(page).get_by_role("radio", name="1").bounding_box()
    assert min(box["width"], box["height"]) >= 24
    page.get_by_role("radio", name="0").focus()
    label = page.locator(".le-choices label").first
    assert label.evaluate("label => parseFloat(getComputedStyle(label).outlineWidth)") >= 2


def test_the_solutions_generators_are_small_and_can_be_explored(tmp_path):
    """In a process of its own: here ganlib's exercise modules may be blank."""
    code = """
from ganlib import cgan, dcgan, plots
plain = plots.generator_explorer(dcgan.Generator(16, width=32))
told = plots.generator_explorer(cgan.ConditionalGenerator(16), classes=10)
print(*(len(made._repr_html_().encode()) for made in (plain, told)))
"""
    environment = {**os.environ, "GANLIB": "solutions", "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(int(size) <= 250_000 for size in done.stdout.split())


class Skips(nn.Module):
    """Adds its input to what its layers make of it."""

    def __init__(self):
        super().__init__()
        self.layer, self.shape = nn.Linear(16, 16), nn.Unflatten(1, (1, 4, 4))

    def forward(self, z):
        return self.shape(z + self.layer(z))


def small(*layers):
    return nn.Sequential(nn.Unflatten(1, (16, 1, 1)), *layers)


def too_large(layer):
    layer.weight.data.fill_(1e5)
    return small(layer)


NOT_RUNNABLE = {
    "generator: got 'not a network', want an nn.Module": "not a network",
    "generator: got a GroupNorm layer, want a generator whose forward is a chain of these layers": small(
        nn.GroupNorm(4, 16), nn.ConvTranspose2d(16, 1, 4)
    ),
    "generator: got a BatchNorm2d that does not follow a linear or convolutional layer": small(
        nn.ConvTranspose2d(16, 1, 4), nn.ReLU(), nn.BatchNorm2d(1)
    ),
    "generator: got a BatchNorm2d that does not follow": small(
        nn.ConvTranspose2d(16, 1, 4), nn.BatchNorm2d(1, track_running_stats=False)
    ),
    "generator: got a ConvTranspose2d with groups, dilation": small(nn.ConvTranspose2d(16, 16, 4, groups=4)),
    "generator: got a Conv2d with groups, dilation, a padding mode": small(
        nn.ConvTranspose2d(16, 1, 4), nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect")
    ),
    "generator: got a ConvTranspose2d with groups, dilation, a padding mode, or different": small(
        nn.ConvTranspose2d(16, 1, (4, 3))
    ),
    "generator: got a Upsample that is not mode='nearest'": small(
        nn.ConvTranspose2d(16, 1, 4), nn.Upsample(scale_factor=2, mode="bilinear")
    ),
    "generator: got a ResizeConv2d (fuse_upsampling makes it": small(nn.ConvTranspose2d(16, 1, 2), ResizeConv2d(1, 1)),
    "generator: got 524,288 weights, want at most 180,000": small(nn.ConvTranspose2d(16, 2048, 4, bias=False)),
    "generator: got one that returns the shape (3, 2, 4, 4)": small(nn.ConvTranspose2d(16, 2, 4)),
    "generator: got one whose layers, run in their order, give other images": Skips(),
    "generator: got weights that are NaN, infinite or beyond 65504": too_large(nn.ConvTranspose2d(16, 1, 4)),
}


@pytest.mark.parametrize("message", NOT_RUNNABLE)
def test_what_the_script_cannot_run_is_named(message):
    with pytest.raises(ValueError) as caught:
        plots.generator_explorer(NOT_RUNNABLE[message], latent_dim=16)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"latent_dim": 2}, "latent_dim: got 2, want a whole number of at least 3"),
        ({"planes": PLANES[:, :2]}, "planes: got a tensor of shape (2, 2, 16), float32, want shape (P, 3, 16)"),
        ({"planes": 0}, "planes: got 0"),
        ({"limit": 0}, "limit: got 0"),
        ({"value_range": (1, 0)}, "value_range: got (1, 0)"),
        ({"classes": 1}, "classes: got 1"),
    ],
)
def test_bad_options_of_the_generator_explorer_are_named(options, message):
    with pytest.raises(ValueError) as caught:
        plots.generator_explorer(GENERATORS["transposed"], **options)
    assert message in str(caught.value)


def test_the_embedding_has_a_row_for_each_class():
    with pytest.raises(ValueError, match="classes: got 10, want 3"):
        plots.generator_explorer(GENERATORS["told"], classes=10)
    with pytest.raises(ValueError, match="begins with a Unflatten, want an nn.Embedding"):
        plots.generator_explorer(Untold(), classes=3)


class Untold(Told):
    """Knows its classes without an embedding."""

    def forward(self, z, labels):
        return self.layers(torch.cat([z, labels[:, None] * torch.ones(2)], dim=1))
