"""The book as readers meet it: strictly built, nothing loaded from elsewhere, no answers in it, for keyboard and phone."""

import functools
import html
import http.server
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograde import ROOT, release

toc = pytest.importorskip("sphinx_external_toc.parsing", reason="the book's tools are not installed: pip install -e '.[book]'")

SITE = ROOT / "_build" / "html"
PAGES = list(toc.parse_toc_yaml(ROOT / "_toc.yml"))
CHAPTERS = [name for name in PAGES if re.match(r"book/\d", name)]
FILMS = [name for name in CHAPTERS if "plots.film(" in (ROOT / f"{name}.md").read_text(encoding="utf-8")]
MOVED = [name for name in CHAPTERS if "columns.Columns(" in (ROOT / f"{name}.md").read_text(encoding="utf-8")]
EXPLORED = [name for name in CHAPTERS if "_explorer(" in (ROOT / f"{name}.md").read_text(encoding="utf-8")]
DESKTOP, PHONE = 1300, 390
OPEN_PAGES = 2  # a page on a desk and on a phone: more would fill the memory
# Everything that offers a search: the button with a field's look, the icon, and fields.
SEARCH = ".search-button-field, .search-button, input[type=search]"


def run_build(*options: str, home: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "book/build.py", *options], cwd=home, capture_output=True, text=True)


def copy_builder(root: Path) -> None:
    """The builder into another book, whose own it then is."""
    for name in ("build.py", "page_numbers.py"):
        shutil.copy(ROOT / "book" / name, root / "book")


@pytest.fixture(scope="session")
def site() -> Path:
    """The built book: a warm build takes seconds and does nothing, so it is always asked for."""
    done = run_build()
    assert done.returncode == 0, done.stdout + done.stderr
    return SITE


# --- what the files say ---


@pytest.fixture(scope="session")
def sources(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }


def test_every_page_of_the_toc_is_there(site: Path) -> None:
    assert (site / "index.html").is_file()
    assert [name for name in PAGES if not (site / f"{name}.html").is_file()] == []


def test_no_page_names_a_server_to_load_from(sources: dict[str, str]) -> None:
    servers = r"unpkg|jsdelivr|cdnjs|googleapis|gstatic|cloudflare|mybinder|cdn\."
    loads = r"<(?:script|img|iframe|source)[^>]*\ssrc=[\"']?(?:https?:)?//|<link[^>]*\shref=[\"']?(?:https?:)?//"
    found = [f"{name}: {match.group(0)}" for name, text in sources.items() for match in re.finditer(f"{servers}|{loads}", text)]
    assert found == []


def test_sources_and_machine_paths_are_not_published(site: Path, sources: dict[str, str]) -> None:
    assert not (site / "_sources").exists()
    assert [name for name, text in sources.items() if "_sources/" in text or str(ROOT) in text] == []


def test_no_line_of_a_solution_is_published(sources: dict[str, str]) -> None:
    lines = release.telling_lines()
    assert lines
    texts = {name: html.unescape(re.sub(r"<[^>]+>", "", text)) for name, text in sources.items()}
    assert [f"{name}: {line}" for name, text in texts.items() for line in lines if line in text] == []


def test_models_that_pages_offer_can_be_downloaded(site: Path, sources: dict[str, str]) -> None:
    links = [(name, link) for name, text in sources.items() for link in re.findall(r'href="([^"]*/models/[^"]*)"', text)]
    assert len(links) >= sum("downloads.offer(" in (ROOT / f"{name}.md").read_text(encoding="utf-8") for name in CHAPTERS)
    assert [link for name, link in links if not ((site / name).parent / link).is_file()] == []


# --- strictness: a small book with the same configuration ---

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A page
"""


def cell(code: str) -> str:
    return f"\n```{{code-cell}} ipython3\n{code}\n```\n"


GOOD_PAGE = HEAD + cell('import os\nprint(os.environ["GANLIB"], 6 * 7)')


@pytest.fixture
def small_root(tmp_path: Path) -> Path:
    """A scratch folder with all of a book but its pages."""
    shutil.copytree(ROOT / "book" / "_static", tmp_path / "book" / "_static")
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "book" / "references.bib").touch()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
    return tmp_path


@pytest.fixture
def small_book(small_root: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Builds a book of one page."""

    def build(text: str, *options: str) -> subprocess.CompletedProcess[str]:
        (small_root / "book" / "page.md").write_text(text, encoding="utf-8")
        return run_build("--root", str(small_root), *options)

    return build


def test_a_good_page_is_built_on_the_solutions(small_book: Callable[..., Any], tmp_path: Path) -> None:
    for folder in (".pytest_cache", "notes"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "README.md").write_text("Not a page of the book: no title, and a [broken link](nowhere.md)")
    done = small_book(GOOD_PAGE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "solutions 42" in (tmp_path / "_build/html/book/page.html").read_text(encoding="utf-8")
    assert "make serve" in done.stdout


def test_without_execution_no_cell_runs(small_book: Callable[..., Any], tmp_path: Path) -> None:
    assert small_book(GOOD_PAGE, "--no-execute").returncode == 0
    assert "solutions 42" not in (tmp_path / "_build/html/book/page.html").read_text(encoding="utf-8")


def test_a_failing_cell_fails_the_build(small_book: Callable[..., Any], tmp_path: Path) -> None:
    done = small_book(GOOD_PAGE + cell("1 / 0"))
    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stderr
    assert "page.md" in done.stderr


WARNINGS = """
```{code-cell} ipython3
import warnings; warnings.warn("odd")
```
{ref}`no-section` {eq}`no-equation` {numref}`no-figure` {prf:ref}`no-theorem`
{term}`no term` {cite:p}`no-work` {glue:text}`no-number`
"""


def test_every_warning_is_told_and_fails_the_build_again_and_again(small_book: Callable[..., Any]) -> None:
    for _ in range(2):
        done = small_book(GOOD_PAGE + WARNINGS)
        assert done.returncode != 0
        told = [line for line in done.stderr.splitlines() if "WARNING" in line]
        wanted = ["stderr was found", "no-section", "no-equation", "no-figure", "no-theorem", "no term", "no-work", "no-number"]
        assert [what for what in wanted if not any(what in line for line in told)] == []


def test_a_killed_build_leaves_no_process_behind(small_root: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = f"import pathlib, time\npathlib.Path({str(started)!r}).touch()\ntime.sleep(60)"
    (small_root / "book" / "page.md").write_text(HEAD + cell(code))
    command = [sys.executable, "book/build.py", "--root", str(small_root)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as build:
        while build.poll() is None and not started.exists():
            time.sleep(0.1)
        build.terminate()
        # Its worker and kernel write to the same pipe: it is at its end when the last of them has ended.
        assert build.communicate(timeout=30)[0] == "executing 1 page; about 2 minutes\n"


def test_ctrl_c_ends_a_build_at_once(small_root: Path, tmp_path: Path, heeds_ctrl_c: Callable[[], object]) -> None:
    """A terminal sends it to the whole group of processes; more pages wait than there are workers."""
    started = tmp_path / "started"
    code = f"import pathlib, time\npathlib.Path({str(started)!r}).touch()\ntime.sleep(60)"
    for name in ("page", "second", "third", "fourth", "fifth"):
        (small_root / "book" / f"{name}.md").write_text(HEAD + cell(code))
    with (small_root / "_toc.yml").open("a") as file:
        file.write("chapters:\n- file: book/second\n- file: book/third\n- file: book/fourth\n- file: book/fifth\n")
    command = [sys.executable, "book/build.py", "--root", str(small_root)]
    pipes = dict(stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=heeds_ctrl_c, **pipes) as build:
        while build.poll() is None and not started.exists():
            time.sleep(0.1)
        os.killpg(build.pid, signal.SIGINT)
        said = build.communicate(timeout=30)[1]
    assert said == "stopped; the outputs of the pages that are done are kept, and the same command goes on there\n"
    assert build.returncode == 130


def test_a_page_that_is_missing_fails_the_build(small_book: Callable[..., Any], tmp_path: Path) -> None:
    with (tmp_path / "_toc.yml").open("a") as file:
        file.write("chapters:\n- file: book/absent\n")
    done = small_book(GOOD_PAGE)
    assert done.returncode != 0
    assert "book/absent" in done.stderr


def test_pages_that_are_no_chapter_count_for_themselves(small_root: Path) -> None:
    (small_root / "_toc.yml").write_text(
        "format: jb-book\nroot: book/page\nchapters: [{file: book/other}, {file: book/00_orientation}]\n"
    )
    numbers = {"page": "Table 1 ", "other": "Table 1 ", "00_orientation": "Table 0.1 "}
    for name in numbers:
        (small_root / "book" / f"{name}.md").write_text("# A page\n\n```{list-table} A table.\n* - 1\n```\n")
    done = run_build("--root", str(small_root), "--no-execute")
    assert done.returncode == 0, done.stdout + done.stderr
    for name, number in numbers.items():
        assert f">{number}<" in (small_root / f"_build/html/book/{name}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("book_build", ROOT / "book" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_page_depends_on_what_its_code_imports(builder: ModuleType) -> None:
    def depends_on(code: str) -> set[str]:
        return {path.relative_to(ROOT).as_posix() for path in builder.library_files([code])}

    library = {"ganlib/__init__.py"}
    assert depends_on("import torch; from ganlib import EXERCISE_MODULES") == library
    library |= {"ganlib/_checks.py"}
    assert depends_on("from ganlib.vae import (\n    elbo,\n)") == library | {"solutions/ganlib/vae.py"}
    pictures = {
        "ganlib/_files.py",
        "ganlib/data.py",
        "ganlib/domains.py",
        "ganlib/facades.py",
        "ganlib/pictures.py",
    }  # data imports the others when they are asked for
    assert depends_on("import ganlib.data as d, ganlib.notebook") == library | pictures | {"ganlib/notebook.py"}
    library |= {f"ganlib/{name}" for name in ("plots.py", "explorer.py", "explorer.js", "film.py", "film.js", "upsampling.py")}
    assert depends_on("def f():\n    from ganlib import plots") == library
    library |= {"ganlib/features.py", "ganlib/training.py", "ganlib/data.py", "ganlib/_files.py"}
    assert library < depends_on("from ganlib import features")
    assert {"ganlib/weights/digits8.safetensors", "solutions/ganlib/vae.py", *library} < depends_on("%time f()")


def test_every_file_of_the_library_can_count(builder: ModuleType) -> None:
    """A file that is no module counts with the module that reads it: builder.READ_FILES."""
    files = {path for path in (ROOT / "ganlib").rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert files <= builder.library_files(["%anything"])


def test_other_packages_make_every_page_run_again(builder: ModuleType, tmp_path: Path) -> None:
    def pinned(text: str) -> str:
        (tmp_path / "constraints.txt").write_text(text)
        return builder.fingerprint(["import torch"], tmp_path)

    assert pinned("torch==2.11") == pinned("torch==2.11") != pinned("torch==2.12")


def test_a_page_runs_again_only_when_a_module_changed_that_it_imports(small_root: Path) -> None:
    copy_builder(small_root)
    (small_root / "constraints.txt").touch()
    (small_root / "ganlib").mkdir()
    (small_root / "ganlib" / "__init__.py").touch()
    (small_root / "_toc.yml").write_text("format: jb-book\nroot: book/one\nchapters:\n- file: book/two\n")
    for name in ("one", "two"):
        (small_root / "ganlib" / f"{name}.py").write_text("value = 'old'")
        page = HEAD + cell(f"import time\nfrom ganlib import {name}\nprint('value', {name}.value, time.time_ns())")
        (small_root / "book" / f"{name}.md").write_text(page)

    def built() -> list[str]:
        done = run_build(home=small_root)
        assert done.returncode == 0, done.stdout + done.stderr
        pages = [small_root / "_build" / "html" / "book" / f"{name}.html" for name in ("one", "two")]
        return [re.search(r"value (old|new) \d+", page.read_text(encoding="utf-8"))[0] for page in pages]

    one, two = built()
    (small_root / "ganlib" / "one.py").write_text("value = 'new'")
    new_one, new_two = built()
    assert one.startswith("value old")
    assert new_one.startswith("value new")
    assert new_two == two


ADDS = """
import os, pathlib, time
from ganlib import {name}
board = pathlib.Path(os.environ["GANLIB_SCOREBOARD"])
print("sees", sorted(path.name for path in board.glob("*.json")))
(board / "{name}.json").write_text({name}.value)
"""
SHOWS = """
import os, pathlib, time
board = pathlib.Path(os.environ["GANLIB_SCOREBOARD"])
print("scores", [path.read_text() for path in sorted(board.glob("*.json"))], time.time_ns())
"""


def test_the_scoreboard_is_shown_last_and_again_when_a_score_has_changed(small_root: Path) -> None:
    copy_builder(small_root)
    (small_root / "constraints.txt").touch()
    (small_root / "ganlib").mkdir()
    (small_root / "ganlib" / "__init__.py").touch()
    # First in the table of contents, and yet executed last.
    chapters = "".join(f"- file: book/{name}\n" for name in ("scoreboard", "one", "two"))
    (small_root / "_toc.yml").write_text(f"format: jb-book\nroot: book/page\nchapters:\n{chapters}")
    (small_root / "book" / "page.md").write_text(HEAD)
    (small_root / "book" / "scoreboard.md").write_text(HEAD + cell(SHOWS))
    for name in ("one", "two"):
        (small_root / "ganlib" / f"{name}.py").write_text("value = 'old'")
        (small_root / "book" / f"{name}.md").write_text(HEAD + cell(ADDS.format(name=name)))
    board = small_root / "_build" / "scoreboard"

    def built() -> str:
        done = run_build(home=small_root)
        assert done.returncode == 0, done.stdout + done.stderr
        html_folder = small_root / "_build" / "html" / "book"
        assert all(
            "sees []" in (html_folder / f"{name}.html").read_text()
            for name in ("one", "two")
            if (html_folder / f"{name}.html").is_file()
        )
        text = (html_folder / "scoreboard.html").read_text(encoding="utf-8")
        return html.unescape(re.search(r"scores (\[.*\] \d+)", text)[1])

    first = built()
    assert first.startswith("['old', 'old']")
    shutil.rmtree(board)
    (small_root / "book" / "_static" / "course.css").write_text("/* another look */")
    assert built() == first, "nothing has changed but the look: every page is taken from the cache"
    assert (small_root / "_build/html/_static/course.css").read_text() == "/* another look */"
    assert sorted(path.name for path in board.iterdir()) == ["one.json", "two.json"], "and its score with it"

    (small_root / "ganlib" / "two.py").write_text("value = 'new'")
    assert built().startswith("['old', 'new']")
    (small_root / "_toc.yml").write_text(
        "format: jb-book\nroot: book/page\nchapters:\n- file: book/scoreboard\n- file: book/two\n"
    )
    assert built().startswith("['new']"), "a page that is gone has no score"
    assert [path.name for path in board.iterdir()] == ["two.json"]


OFFERS = """
import os, pathlib, time
from ganlib import {name}
models = pathlib.Path(os.environ["GANLIB_DOWNLOADS"])
(models / {name}.file).write_bytes({name}.value.encode())
print("link", os.environ["GANLIB_DOWNLOADS_LINK"], time.time_ns())
"""


def test_models_that_pages_offer_are_in_the_site_also_from_the_cache(small_root: Path) -> None:
    copy_builder(small_root)
    (small_root / "constraints.txt").touch()
    (small_root / "ganlib").mkdir()
    (small_root / "ganlib" / "__init__.py").touch()
    (small_root / "_toc.yml").write_text("format: jb-book\nroot: book/one\nchapters:\n- file: book/two\n")
    for name in ("one", "two"):
        (small_root / "ganlib" / f"{name}.py").write_text(f"value = 'old'\nfile = '{name}.safetensors'")
        (small_root / "book" / f"{name}.md").write_text(HEAD + cell(OFFERS.format(name=name)))
    html_folder = small_root / "_build" / "html"

    def built() -> dict[str, str]:
        """The models as they lie where the first page's link leads."""
        done = run_build(home=small_root)
        assert done.returncode == 0, done.stdout + done.stderr
        page = html_folder / "book" / "one.html"
        runs.append(re.search(r"link (\S+) (\d+)", page.read_text(encoding="utf-8"))[2])
        link = re.search(r"link (\S+) \d+", page.read_text(encoding="utf-8"))[1]
        return {path.name: path.read_text() for path in sorted((page.parent / link).iterdir())}

    runs: list[str] = []
    both = {"one.safetensors": "old", "two.safetensors": "old"}
    assert built() == both
    shutil.rmtree(html_folder)
    assert built() == both, "the pages are taken from the cache, and their models with them"
    assert runs[0] == runs[1]
    shutil.rmtree(small_root / "_build" / ".models")
    assert built() == both, "what is lost is made again"
    (small_root / "ganlib" / "two.py").write_text("value = 'new'\nfile = 'three.safetensors'")
    assert built() == {"one.safetensors": "old", "three.safetensors": "new"}, "what no page offers is gone"
    assert len(list((small_root / "_build" / ".models").iterdir())) == 2
    (small_root / "ganlib" / "two.py").write_text("value = 'new'\nfile = 'one.safetensors'")
    done = run_build(home=small_root)
    assert done.returncode != 0
    assert "offers a model that another page offers" in done.stderr


# --- what a reader's browser shows ---


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Visit:
    """A page open in the browser, with what it complained about and what it asked of other servers."""

    page: Any
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def visit(site: Path, browser: Any) -> Iterator[Callable[..., Visit]]:
    """Shows a page in a theme and a width; anything outside the site is refused and noted. The last pages stay open."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"

    def open_page(name: str, width: int) -> Visit:
        visit = Visit(browser.new_page(viewport={"width": width, "height": 900}, color_scheme="light"))

        def pass_or_refuse(route: Any) -> None:
            url = route.request.url
            if url.startswith((base, "data:", "blob:")):
                route.continue_()
            else:
                visit.foreign.append(url)
                route.abort()

        visit.page.route("**/*", pass_or_refuse)
        visit.page.on("console", lambda message: message.type == "error" and visit.errors.append(message.text))
        visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
        visit.page.goto(f"{base}{name}")
        visit.page.wait_for_function(
            "!window.MathJax || (window.MathJax.startup && window.MathJax.startup.promise.then(() => true))"
        )
        return visit

    opened: dict[tuple, Visit] = {}

    def visit(name: str, theme: str = "light", width: int = DESKTOP) -> Visit:
        key = (name, width)
        if key not in opened:
            if len(opened) == OPEN_PAGES:
                opened.pop(next(iter(opened))).page.close()
            opened[key] = open_page(*key)
        opened[key].page.emulate_media(color_scheme=theme)
        opened[key].page.wait_for_function(f"document.documentElement.dataset.theme == '{theme}'")
        return opened[key]

    yield visit
    server.shutdown()
    server.server_close()


def pages_of(names: list[str]) -> pytest.MarkDecorator:
    """Runs a test on each page; the scope makes pytest run all tests of one page, then those of the next."""
    return pytest.mark.parametrize("name", names, scope="module")


@pages_of(PAGES)
def test_a_page_is_silent_and_loads_from_the_site_only(visit: Callable[..., Visit], name: str) -> None:
    seen = visit(f"{name}.html")
    seen.page.wait_for_load_state("networkidle")
    assert seen.foreign == []
    assert seen.errors == []


@pages_of(PAGES)
def test_formulas_are_rendered(visit: Callable[..., Visit], name: str) -> None:
    page = visit(f"{name}.html").page
    formulas = page.locator("article .math").count()
    assert page.locator("article .math mjx-container").count() >= formulas
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    left = page.locator("article .math").evaluate_all(r"all => all.map(e => e.innerText).filter(t => /\\[([a-zA-Z]/.test(t))")
    assert left == []
    if name in CHAPTERS:
        assert formulas > 0


# A word of code has the color of its kind. Of blocks that hold no kind that an earlier one has not shown, none needs a look.
MARK_CODE_OF_KNOWN_COLORS = """() => {
    const seen = new Set()
    document.querySelectorAll('article pre').forEach(block => {
        const place = block.closest('.cell_output') ? 'output' : 'input'
        const kinds = [block, ...block.querySelectorAll('*')].map(word => `${place} ${word.className}`)
        block.toggleAttribute('data-known', kinds.every(kind => seen.has(kind)))
        kinds.forEach(kind => seen.add(kind))
    })
}"""


def run_axe(page: Any, excluded: list[str], options: dict) -> list[dict]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    return axe.Axe().run(page, {"exclude": [[part] for part in excluded]}, options).response["violations"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pages_of(PAGES)
def test_a_page_is_accessible(visit: Callable[..., Visit], name: str, theme: str) -> None:
    """No serious or critical finding of axe-core with every hint unfolded; in the dark, only colors are another matter."""
    page = visit(f"{name}.html", theme).page
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    # What unfolds fades in, and would be judged while it is pale.
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
    page.evaluate(MARK_CODE_OF_KNOWN_COLORS)
    options = {"preload": False, "resultTypes": ["violations"]}
    # A formula is thousands of elements in the color of its paragraph: left out, which saves minutes.
    found = run_axe(page, ["mjx-container", "[data-known]"], options | {"runOnly": ["color-contrast"]})
    if theme == "light":
        found += run_axe(page, ["mjx-container"], options | {"rules": {"color-contrast": {"enabled": False}}})
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = false })")
    grave = [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert grave == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pages_of(PAGES)
def test_there_is_one_way_to_search(visit: Callable[..., Visit], name: str, width: int) -> None:
    page = visit(f"{name}.html", "light", width).page
    assert len([entry for entry in page.locator(SEARCH).all() if in_view(entry, width)]) == 1


def in_view(element: Any, width: int) -> bool:
    box = element.bounding_box() if element.is_visible() else None
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_search_finds_a_word_without_a_server(visit: Callable[..., Visit]) -> None:
    seen = visit("search.html?q=autoencoder")
    seen.page.wait_for_selector("#search-results li a")
    assert seen.foreign == []


@pages_of(PAGES)
def test_pictures_are_described(visit: Callable[..., Visit], name: str) -> None:
    alts = visit(f"{name}.html").page.locator("article img").evaluate_all("all => all.map(e => e.getAttribute('alt') || '')")
    assert [alt for alt in alts if len(alt.split()) < 4 or "_images" in alt] == []
    if name in CHAPTERS:
        assert alts


@pages_of([*PAGES, "search"])
def test_a_phone_does_not_scroll_sideways(visit: Callable[..., Visit], name: str) -> None:
    page = visit(f"{name}.html", "light", PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


# Formulas that are shown, and that something cuts off: no box between them and the page scrolls.
CUT_OFF = """all => all.filter(formula => {
  const box = formula.getBoundingClientRect()
  if (!box.width) return false  // folded away
  for (let e = formula.parentElement; e.tagName != 'ARTICLE'; e = e.parentElement) {
    if (['auto', 'scroll'].includes(getComputedStyle(e).overflowX)) return false
    const edge = e.getBoundingClientRect()
    if (getComputedStyle(e).overflowX != 'visible' && box.right > edge.right + 1) return true
  }
  return box.right > innerWidth
}).map(formula => formula.innerText)"""


@pages_of(PAGES)
def test_no_formula_is_cut_off_on_a_phone(visit: Callable[..., Visit], name: str) -> None:
    page = visit(f"{name}.html", "light", PHONE).page
    assert page.locator("article mjx-container").evaluate_all(CUT_OFF) == []
    assert page.locator("article mjx-container:not([tabindex])").count() == 0, "what scrolls must be reached by keyboard"


@pages_of(CHAPTERS)
def test_hints_and_answers_open_by_keyboard(visit: Callable[..., Visit], name: str) -> None:
    page = visit(f"{name}.html").page
    for box in (".exercise-card", ".self-check"):
        folded = page.locator(f"{box} details").first
        assert not folded.evaluate("e => e.open")
        folded.locator("summary").focus()
        page.keyboard.press("Enter")
        assert folded.evaluate("e => e.open"), box
        page.keyboard.press("Enter")


@pages_of(FILMS)
def test_the_film_can_be_stepped_through_and_played(visit: Callable[..., Visit], name: str) -> None:
    page = visit(f"{name}.html").page
    for film in page.locator(".ganlib-film").all():
        film.scroll_into_view_if_needed()
        pictures = int(film.locator("input").get_attribute("max")) + 1
        assert pictures > 1
        film.locator("input").focus()
        page.keyboard.press("Home")
        assert film.get_attribute("data-frame") == "0"
        film.get_by_role("button", name="One picture forward").click()
        assert film.get_attribute("data-frame") == "1"
        assert film.locator("img").evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 100
        assert film.locator("img").get_attribute("alt")


@pages_of(MOVED)
def test_the_columns_can_be_moved(visit: Callable[..., Visit], name: str) -> None:
    page = visit(f"{name}.html").page
    stage = page.locator(".ganlib-columns").first
    stage.scroll_into_view_if_needed()
    stage.get_by_role("slider").first.focus()
    assert stage.get_attribute("data-cost") == "0"
    page.keyboard.press("ArrowRight")
    assert stage.get_attribute("data-cost") == "1"
    stage.get_by_role("button", name="Start again").click()
    assert stage.get_attribute("data-cost") == "0"


@pages_of(EXPLORED)
def test_the_latent_plane_can_be_explored(visit: Callable[..., Visit], name: str) -> None:
    page = visit(f"{name}.html").page
    explorer = page.locator(".latent-explorer").first
    explorer.scroll_into_view_if_needed()
    page.wait_for_selector(".latent-explorer[data-ready='true']")

    def place() -> tuple[float, float]:
        return float(explorer.get_attribute("data-z0")), float(explorer.get_attribute("data-z1"))

    plane = explorer.locator("[tabindex='0']").first
    plane.focus()
    start = place()
    page.keyboard.press("ArrowRight")
    by_key = place()
    assert by_key[0] > start[0]
    assert by_key[1] == start[1]

    box = plane.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.7 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"], steps=4)
    page.mouse.up()
    by_mouse = place()
    assert by_mouse[0] > 0
    assert by_mouse[1] > 0
    assert by_mouse != by_key
