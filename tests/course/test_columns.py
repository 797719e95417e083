"""Columns to move by hand: what the page counts, in a real browser."""

import re

import pytest

from ganlib.columns import Columns

SOURCE, TARGET = [2, 2, 4, 5, 6], [1, 3, 4, 5, 6]


def make(title="Move <them>"):
    return Columns(SOURCE, TARGET, title)


@pytest.mark.parametrize(
    "source, target, message",
    [
        ([1, 1.5], [1, 1], "source: got 1.5 among them, want whole numbers"),
        ([], [], "source: got 0 columns, want 1 to 8"),
        ([1, 2], [1], "target: got 1 columns, want 2, as many as in source"),
        ([1], [True], "target: got True among them, want whole numbers"),
        ("12", [1, 2], "source: got '12', want a list of whole numbers"),
    ],
)
def test_bad_arguments_are_named(source, target, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Columns(source, target)


@pytest.fixture
def open_columns(browser):
    contexts = []

    def open_columns(**options):
        context = browser.new_context(viewport={"width": 390, "height": 700}, **options)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("request", lambda request: page.problems.append(request.url))
        head = '<html lang="en"><title>Columns</title><meta name="viewport" content="width=device-width"><main><h1>Columns</h1>'
        page.set_content(head + make()._repr_html_() + make("Second")._repr_html_() + "</main>")
        return page

    yield open_columns
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_columns):
    page = open_columns()
    yield page
    assert page.problems == []


def state(page, index=0):
    """The cost so far and the steps still needed of one of the two elements."""
    data = page.locator(".ganlib-columns").nth(index)
    return int(data.get_attribute("data-cost")), int(data.get_attribute("data-rest"))


def column(page, name, index=0):
    return page.locator(".ganlib-columns").nth(index).get_by_role("slider", name=f"Column {name}")


def drag(page, name, place):
    """Drag with the mouse, from the column's middle to above another place."""
    box = column(page, name).bounding_box()
    stage = page.locator(".gc-stage").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(stage["x"] + (place - 0.5) * stage["width"] / 6, stage["y"] + 10, steps=4)
    page.mouse.up()


def test_the_cheapest_plan_costs_two(page):
    assert state(page) == (0, 2)
    drag(page, "a", 3)
    assert state(page) == (1, 1)
    drag(page, "b", 1)
    assert state(page) == (2, 0)
    assert page.locator(".gc-state").first.text_content() == "Done, with 2 steps. No plan is cheaper."
    assert page.locator(".gc-moves").first.text_content() == "Moves: a: 2 → 3, b: 2 → 1"
    assert state(page, 1) == (0, 2)


def test_the_long_way_costs_eight(page):
    drag(page, "a", 6)
    drag(page, "e", 3)
    drag(page, "b", 1)
    assert page.locator(".gc-state").first.text_content() == "Done, with 8 steps. It can be done with 2."


def test_the_arrow_keys_move_a_column(page):
    column(page, "b").press("ArrowLeft")
    column(page, "b").press("ArrowLeft")  # there is nothing left of 1
    assert state(page) == (1, 1)
    column(page, "a").press("End")
    assert column(page, "a").get_attribute("aria-valuetext") == "place 6"
    assert state(page) == (5, 3)
    for _ in range(3):
        column(page, "a").press("ArrowLeft")
    assert state(page) == (8, 0)
    assert page.locator(".gc-moves").first.text_content() == "Moves: b: 2 → 1, a: 2 → 6, a: 6 → 3"


def test_a_finger_moves_a_column(open_columns):
    page = open_columns(has_touch=True)
    box, stage = column(page, "b").bounding_box(), page.locator(".gc-stage").first.bounding_box()
    y = box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x in points]})

    touch("touchStart", box["x"] + box["width"] / 2)
    touch("touchMove", stage["x"] + stage["width"] / 12)
    touch("touchEnd")
    assert state(page) == (1, 1)
    assert page.problems == []


def test_moves_are_taken_back(page):
    drag(page, "a", 3)
    drag(page, "c", 2)
    page.get_by_role("button", name="Take back").first.click()
    assert state(page) == (1, 1)
    page.get_by_role("button", name="Start again").first.click()
    page.get_by_role("button", name="Take back").first.click()
    assert state(page) == (0, 2)


def test_columns_at_one_place_stand_on_each_other(page):
    drag(page, "c", 6)
    lower, upper = (column(page, name).bounding_box() for name in "ec")
    assert lower["x"] == upper["x"]
    assert upper["y"] + upper["height"] <= lower["y"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(open_columns, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = open_columns(color_scheme=theme)
    assert not [(rule["id"], rule["impact"]) for rule in axe.Axe().run(page).response["violations"]]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert min(column(page, "a").bounding_box()[side] for side in ("width", "height")) >= 24


def test_without_scripts_start_and_target_are_told(open_columns):
    page = open_columns(java_script_enabled=False)
    assert page.locator(".gc-state").first.text_content() == "5 columns at 2, 2, 4, 5, 6; wanted at 1, 3, 4, 5, 6."
    assert page.locator(".gc-controls").first.is_hidden()
