"""Films in the page: what plots.film makes, and how it plays, in a real browser."""

import base64
import io
import json
import re

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

from matplotlib import pyplot as plt  # noqa: E402 (the backend is chosen first)
from PIL import Image  # noqa: E402

from ganlib import plots  # noqa: E402

CAPTIONS = ["black </script>", "gray & more", "white"]


def make(captions=CAPTIONS, title="Fade <1>", **options):
    figure = plt.figure(figsize=(2, 1))

    def draw(index):
        figure.clear()
        figure.add_axes((0, 0, 1, 1), facecolor=(index / 2,) * 3, xticks=[], yticks=[]).spines[:].set_visible(False)

    return plots.film(figure, draw, captions, title, "a gray that fades", **options)


def pictures(film):
    data = json.loads(re.search(r'class="gf-data">(.*?)</script>', film._repr_html_(), re.DOTALL)[1])
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(frame))).convert("L")) for frame in data["frames"]]


def test_each_picture_is_the_figure_as_it_was_drawn():
    found = pictures(make())
    assert [picture.shape for picture in found] == [(120, 240)] * 3
    assert [round(float(picture.mean()) / 255, 1) for picture in found] == [0.0, 0.5, 1.0]


def test_the_figure_is_closed():
    open_before = plt.get_fignums()
    make()
    assert plt.get_fignums() == open_before


@pytest.mark.parametrize(
    "options, message",
    [
        ({"captions": []}, "captions: got none, want one for each picture"),
        ({"start": 3}, "start: got 3, want one of 0, 1, 2"),
        ({"seconds": 0}, "seconds: got 0, want a positive number"),
    ],
)
def test_bad_arguments_are_named(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make(**options)


@pytest.fixture
def open_film(browser):
    contexts = []

    def open_film(width=390, **options):
        context = browser.new_context(viewport={"width": width, "height": 700}, **options)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("request", lambda request: request.url.startswith("data:") or page.problems.append(request.url))
        head = '<html lang="en"><title>Films</title><meta name="viewport" content="width=device-width"><main><h1>Films</h1>'
        page.set_content(head + make(seconds=0.03)._repr_html_() + make(title="Second", start=0)._repr_html_() + "</main>")
        return page

    yield open_film
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_film):
    page = open_film()
    yield page
    assert page.problems == []


def frame(page, index=0):
    return page.locator(".ganlib-film").nth(index).get_attribute("data-frame")


def test_it_starts_where_it_was_told(page):
    assert (frame(page, 0), frame(page, 1)) == ("2", "0")


def test_it_is_stepped_through_by_buttons_and_keys(page):
    page.get_by_role("button", name="One picture back").first.click()
    assert frame(page) == "1"
    assert page.locator(".gf-caption").first.text_content() == "gray & more"
    page.keyboard.press("Tab")
    page.get_by_role("slider").first.press("Home")
    assert frame(page) == "0"
    assert page.locator(".gf-caption").first.text_content() == "black </script>"
    page.get_by_role("button", name="One picture back").first.click()
    assert frame(page) == "0"
    assert frame(page, 1) == "0"


def test_it_plays_from_the_beginning_to_the_end_and_stops_there(page):
    page.get_by_role("button", name="Play").first.click()
    page.wait_for_selector(".ganlib-film[data-playing='false'][data-frame='2']")
    assert page.get_by_role("button", name="Play").count() == 2


def test_it_can_be_paused(open_film):
    page = open_film()
    second = page.locator(".ganlib-film").nth(1)
    second.get_by_role("button", name="Play").click()
    second.get_by_role("button", name="Pause").click()
    assert second.get_attribute("data-playing") == "false"


def test_the_picture_changes_with_the_slider(page):
    picture = page.locator(".gf-picture").first
    before = picture.get_attribute("src")
    page.get_by_role("slider").first.press("ArrowLeft")
    assert picture.get_attribute("src") != before
    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 240


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(open_film, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = open_film(color_scheme=theme)
    assert not [(rule["id"], rule["impact"]) for rule in axe.Axe().run(page).response["violations"]]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("img", name="a gray that fades").count() == 2


def test_without_scripts_one_picture_and_its_caption_are_there(open_film):
    page = open_film(java_script_enabled=False)
    assert page.locator(".gf-caption").first.text_content() == "white"
    assert page.locator(".gf-controls").first.is_hidden()
