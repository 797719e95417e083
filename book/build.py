"""Build the book: ``python book/build.py``.

Pages run on the completed exercises (``GANLIB=solutions``), two at a time, before Sphinx renders them. Outputs are kept in
``_build/.jupyter_cache`` until the page's code, a module of ``ganlib/`` or ``solutions/ganlib/`` that it imports,
``constraints.txt`` or Python changes. The scores that a page adds to the scoreboard and the models that it offers for
download are kept with them; the page ``scoreboard`` runs last, and again whenever a score has changed.
A failing cell, any warning and a missing page make the exit status 1.
"""

import argparse
import ast
import hashlib
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from math import ceil
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
PAGE_BUDGET = 90  # seconds a page may take to execute
SCOREBOARD = "scoreboard"  # the page that shows the scores of all others
MODELS = Path("_downloads", "models")  # where in the site the models lie that pages offer
KERNEL_ENVIRONMENT = {
    "GANLIB": "solutions",
    "PYTHONPATH": str(HOME),
    "OMP_NUM_THREADS": "1",  # pages run side by side, and one thread gives the same numbers on every machine
    "JUPYTER_PREFER_ENV_PATH": "1",  # this environment's kernel, not one of the same name in the home directory
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# Files of ganlib/ that are no modules, by the module that reads them.
READ_FILES = {"explorer": "explorer.js", "columns": "columns.js", "film": "film.js", "features": "weights/*"}


def imported_modules(code: str) -> set[str]:
    """The modules of ganlib that a piece of code imports, among names that may be no modules."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # a magic command, or a cell that will fail: it may import anything
        return {path.stem for path in (HOME / "ganlib").glob("*.py")}
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("ganlib.")}


def library_files(cells: Iterable[str], home: Path = HOME) -> set[Path]:
    """The files of the library on which the code of a page depends, through the imports of its modules too."""
    files, pending = set(), {"__init__"}.union(*map(imported_modules, cells))
    while pending:
        name = pending.pop()
        file = next(filter(Path.is_file, (home / folder / f"{name}.py" for folder in ("solutions/ganlib", "ganlib"))), None)
        if file is not None and file not in files:
            files.add(file)
            files.update((home / "ganlib").glob(READ_FILES[name]) if name in READ_FILES else ())
            pending |= imported_modules(file.read_text(encoding="utf-8"))
    return files


def fingerprint(cells: Iterable[str], home: Path = HOME) -> str:
    """Hash of everything outside a page that the outputs of its code cells depend on."""
    digest = hashlib.sha256(sys.version.encode())
    for path in [home / "constraints.txt", *sorted(library_files(cells, home))]:
        digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def read_config(root: Path) -> dict[str, Any]:
    """The Sphinx configuration that Jupyter Book makes of ``_config.yml``."""
    from jupyter_book.config import get_final_config

    overrides = {"latex_individualpages": False}
    return get_final_config(user_yaml=root / "_config.yml", cli_config=overrides, sourcedir=root, raise_on_invalid=True)[0]


def find_pages(root: Path) -> list[Path]:
    """The files that ``_toc.yml`` names, in reading order."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    pages = [root / f"{name}.md" for name in parse_toc_yaml(root / "_toc.yml")]
    missing = [str(page.relative_to(root)) for page in pages if not page.is_file()]
    if missing:
        raise FileNotFoundError(f"_toc.yml names pages that do not exist: {', '.join(missing)}")
    return pages


def end_with_parent() -> None:
    """In a worker: ends it when the build is gone, killed or not, and at Ctrl-C; its kernel ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    def wait() -> None:
        parent_process().join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def run_notebook(
    notebook: Any, folder: Path, timeout: int, known: dict[str, str], link: str
) -> tuple[Any, float, str, dict[str, str], dict[str, bytes]]:
    """Run one page, which sees the ``known`` scores and those that it adds, whatever runs beside it.

    Returns:
        The notebook with outputs, the seconds, what went wrong, or an empty text, and by the name of their file the scores
        and the models. Pages link to these at ``link``.
    """
    from jupyter_cache.executors.utils import single_nb_execution

    quiet = ["--log-level=CRITICAL"]
    with tempfile.TemporaryDirectory(prefix="scoreboard-") as board, tempfile.TemporaryDirectory(prefix="models-") as models:
        write_scores(Path(board), known)
        os.environ |= {"GANLIB_SCOREBOARD": board, "GANLIB_DOWNLOADS": models, "GANLIB_DOWNLOADS_LINK": link}
        result = single_nb_execution(notebook, str(folder), timeout=timeout, allow_errors=False, extra_arguments=quiet)
        scores = {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(board).glob("[!.]*.json"))}
        offered = {path.name: path.read_bytes() for path in sorted(Path(models).glob("*.safetensors"))}
    return result.nb, result.time, re.sub(r"\x1b\[[0-9;]*m", "", result.exc_string or ""), scores, offered


def write_scores(board: Path, scores: dict[str, str]) -> None:
    """Make a folder hold these scores and no others."""
    board.mkdir(parents=True, exist_ok=True)
    for path in board.glob("*.json"):
        if path.name not in scores:
            path.unlink()
    for name, text in scores.items():
        (board / name).write_text(text, encoding="utf-8")


def store_models(store: Path, offered: dict[str, bytes]) -> dict[str, str]:
    """Keep models by their content. Returns the key of each by the name of its file."""
    store.mkdir(parents=True, exist_ok=True)
    keys = {name: hashlib.sha256(data).hexdigest() for name, data in offered.items()}
    for name, key in keys.items():
        (store / key).write_bytes(offered[name])
    return keys


def publish_models(root: Path, keys: dict[str, str]) -> None:
    """Put the models into the site, and take away those of older builds, in the site and in the store."""
    store, site = root / "_build" / ".models", root / "_build" / "html" / MODELS
    shutil.rmtree(site, ignore_errors=True)
    for path in store.glob("*"):
        if path.name not in keys.values():
            path.unlink()
    for name, key in keys.items():
        site.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(store / key, site / name)


def kept_data(cache: Any, notebook: Any) -> dict[str, Any]:
    """What was kept with the outputs of a page; nothing if it was not run with this code."""
    try:
        return cache.match_cache_notebook(notebook).data
    except KeyError:
        return {}


def execute_pages(root: Path, pages: list[Path], config: dict[str, Any]) -> tuple[dict[str, float], list[str], dict[str, str]]:
    """Run the pages whose outputs are not in the cache, or are of another library; the scoreboard after the others.

    Returns:
        Seconds by page (cached ones too), messages of failures, and the keys of all models by the name of their file.
    """
    last = [page for page in pages if page.stem == SCOREBOARD]
    seconds, failures, by_page = run_pages(root, [page for page in pages if page not in last], config, {})
    scores: dict[str, str] = {}
    models: dict[str, str] = {}
    for page, (added, offered) in by_page.items():
        if added.keys() & scores.keys():
            failures.append(f"{page}: adds a score that another page has added, too; give the model another name")
        if offered.keys() & models.keys():
            failures.append(f"{page}: offers a model that another page offers, too; give it another name")
        scores |= added
        models |= offered
    if not failures:
        write_scores(root / "_build" / "scoreboard", scores)
        more_seconds, failures, _ = run_pages(root, last, config, scores)
        seconds |= more_seconds
    return seconds, failures, models


def run_pages(
    root: Path, pages: list[Path], config: dict[str, Any], known: dict[str, str]
) -> tuple[dict[str, float], list[str], dict[str, tuple[dict[str, str], dict[str, str]]]]:
    """Run pages side by side. A page that sees the ``known`` scores depends on them.

    Returns:
        Seconds by page, messages of failures, and by page the scores that it added and the keys of the models that it
        offers: those of a cached page from the cache.
    """
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn
    from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook

    cache = get_cache(root / "_build" / ".jupyter_cache")
    store = root / "_build" / ".models"
    seconds, failures, pending, added = {}, [], [], {}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        if not is_myst_markdown_notebook(text):
            continue
        notebook = read_myst_markdown_notebook(text, path=page)
        current = fingerprint(cell.source for cell in notebook.cells if cell.cell_type == "code")
        if known:
            current += hashlib.sha256(repr(sorted(known.items())).encode()).hexdigest()
        kept = kept_data(cache, notebook)
        models = kept.get("models", {})
        if kept.get("fingerprint") == current and all((store / key).is_file() for key in models.values()):
            seconds[page.stem], added[page.stem] = kept["execution_seconds"], (kept.get("scores", {}), models)
        else:
            pending.append((page, notebook, current))

    workers = min(2, os.cpu_count() or 1)
    if pending:
        minutes = ceil(ceil(len(pending) / workers) * PAGE_BUDGET / 60)
        print(f"executing {len(pending)} page{'s' * (len(pending) > 1)}; about {minutes} minutes", flush=True)
    # Processes, not threads: nbclient's event loops get into each other's way when a kernel ends.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
        timeout = config["nb_execution_timeout"]
        jobs = {}
        for page, notebook, current in pending:
            link = Path(os.path.relpath(root / MODELS, page.parent)).as_posix()
            jobs[pool.submit(run_notebook, notebook, page.parent, timeout, known, link)] = page, current
        try:
            for job in as_completed(jobs):
                page, current = jobs[job]
                notebook, time, problem, scores, offered = job.result()
                if problem:
                    failures.append(f"{page.relative_to(root)}: a cell failed\n{problem}")
                    continue
                models = store_models(store, offered)
                seconds[page.stem], added[page.stem] = time, (scores, models)
                kept = {"execution_seconds": time, "fingerprint": current, "scores": scores, "models": models}
                cache.cache_notebook_bundle(CacheBundleIn(notebook, str(page), data=kept), check_validity=False, overwrite=True)
                # Sphinx reads a page again that has no doctree: its text may be the old one.
                (root / "_build" / ".doctrees" / page.relative_to(root)).with_suffix(".doctree").unlink(missing_ok=True)
        except BaseException:  # nobody waits for the pages that are under way
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in active_children():
                worker.kill()
            raise
    return seconds, failures, added


def render(root: Path, *, execute: bool) -> int:
    """Run Sphinx. Returns 0, or 1 after an error or (if pages were executed) a warning."""
    from jupyter_book.sphinx import build_sphinx

    build = root / "_build"
    overrides = {
        "latex_individualpages": False,
        "nb_execution_mode": "cache" if execute else "off",
        "nb_execution_cache_path": str(build / ".jupyter_cache"),
    }
    result = build_sphinx(
        root,
        build / "html",
        doctreedir=build / ".doctrees",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides=overrides,
        warningiserror=execute,
        keep_going=True,
        quiet=True,
    )
    if isinstance(result, BaseException) or result:
        # Sphinx warns of a page when it reads it, and would not read it again: the next build would pass.
        shutil.rmtree(build / ".doctrees", ignore_errors=True)
        return 1
    # Sphinx copies these only where a page has changed.
    shutil.copytree(root / "book" / "_static", build / "html" / "_static", dirs_exist_ok=True)
    return 0


def missing_html(root: Path, pages: list[Path]) -> list[str]:
    """Pages that were not written. Pages of an older table of contents are removed."""
    html = root / "_build" / "html"
    wanted = [html / "index.html", *(html / page.relative_to(root).with_suffix(".html") for page in pages)]
    for folder in {page.parent for page in wanted[1:]} - {html}:
        for path in set(folder.glob("*.html")) - set(wanted):
            path.unlink()
    return [str(path.relative_to(root)) for path in wanted if not path.is_file()]


def repair_lists(html: Path) -> None:
    """Give the entries of the bibliography the role that their list asks for; docutils writes a deprecated one."""
    for path in html.rglob("bibliography.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('role="doc-biblioentry"', 'role="listitem"'), encoding="utf-8")


def build_book(root: Path = HOME, *, execute: bool = True) -> int:
    """Build the book whose ``_config.yml`` and ``_toc.yml`` lie in ``root``. Returns the exit status."""
    os.environ.update(KERNEL_ENVIRONMENT)
    pages = find_pages(root)
    seconds, failures, models = execute_pages(root, pages, read_config(root)) if execute else ({}, [], {})
    for name, time in seconds.items():
        slow = time > PAGE_BUDGET and os.environ.get("CI")  # a reader's machine may be slow
        print(f"{name}: executed in {time:.0f} s" + (f"  WARNING: more than {PAGE_BUDGET} s" if slow else ""))
    if failures:
        print(*failures, "The book was not built.", sep="\n", file=sys.stderr)
        return 1
    status = render(root, execute=execute)
    missing = missing_html(root, pages)
    if execute:
        publish_models(root, models)
    repair_lists(root / "_build" / "html")
    if missing:
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
    if status or missing:
        print("The book was not built: see the messages above.", file=sys.stderr)
        return 1
    index = os.path.relpath(root / "_build" / "html" / "index.html")
    print(f"The book is built. Open {index} in a browser, or run `make serve`.")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the book into _build/html.")
    parser.add_argument("--no-execute", action="store_true", help="text only, no outputs; warnings are not fatal")
    parser.add_argument("--root", type=Path, default=HOME, help="folder of another _config.yml and _toc.yml")
    options = parser.parse_args()
    try:
        return build_book(options.root.resolve(), execute=not options.no_execute)
    except KeyboardInterrupt:
        print("stopped; the outputs of the pages that are done are kept, and the same command goes on there", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
