"""Fixtures that several files of tests/course/ share."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograde import ROOT

pytest.register_assert_rewrite("tests.course.mistakes")


@pytest.fixture(scope="session")
def heeds_ctrl_c() -> Callable[[], object]:
    """For ``preexec_fn``: where the tests themselves were started in the background, SIGINT is ignored, and inherited so."""
    return lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; where it is missing its tests are skipped, or fail if REQUIRE_BROWSER=1."""
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        executable = None
    if executable is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, but Chromium or playwright is missing")
        pytest.skip("Chromium or playwright is missing: the pages were not looked at")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()
