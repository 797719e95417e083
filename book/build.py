"""Build the book: ``python book/build.py``.

Pages run on the completed exercises (``GANLIB=solutions``), two at a time, before Sphinx renders them. Outputs are kept in
``_build/.jupyter_cache`` until a page's code, ``ganlib/``, ``solutions/ganlib/``, ``constraints.txt`` or Python changes.
A failing cell, any warning and a missing page make the exit status 1.
"""

import argparse
import hashlib
import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
PAGE_BUDGET = 90  # seconds a page may take to execute
KERNEL_ENVIRONMENT = {
    "GANLIB": "solutions",
    "PYTHONPATH": str(HOME),
    "OMP_NUM_THREADS": "1",  # pages run side by side, and one thread gives the same numbers on every machine
    "JUPYTER_PREFER_ENV_PATH": "1",  # this environment's kernel, not one of the same name in the home directory
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def fingerprint(home: Path = HOME) -> str:
    """Hash of everything outside the pages that their outputs depend on."""
    digest = hashlib.sha256(sys.version.encode())
    files = [home / "constraints.txt", *sorted((home / "ganlib").rglob("*")), *sorted((home / "solutions" / "ganlib").rglob("*"))]
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def empty_stale_cache(build: Path) -> None:
    """Forget all outputs, and the pages made from them, when the fingerprint is no longer the one they were made with."""
    stamp, current = build / ".fingerprint", fingerprint()
    if not stamp.is_file() or stamp.read_text() != current:
        for name in (".jupyter_cache", ".doctrees", "html", "jupyter_execute"):
            shutil.rmtree(build / name, ignore_errors=True)
        build.mkdir(parents=True, exist_ok=True)
        stamp.write_text(current)


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


def run_notebook(notebook: Any, folder: Path, timeout: int) -> tuple[Any, float, str]:
    """Run one page. Returns the notebook with outputs, the seconds, and what went wrong, or an empty text."""
    from jupyter_cache.executors.utils import single_nb_execution

    quiet = ["--log-level=CRITICAL"]
    result = single_nb_execution(notebook, str(folder), timeout=timeout, allow_errors=False, extra_arguments=quiet)
    return result.nb, result.time, re.sub(r"\x1b\[[0-9;]*m", "", result.exc_string or "")


def execute_pages(root: Path, pages: list[Path], config: dict[str, Any]) -> tuple[dict[str, float], list[str]]:
    """Run the pages whose outputs are not in the cache. Returns seconds by page (cached ones too) and messages of failures."""
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn
    from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook

    cache = get_cache(root / "_build" / ".jupyter_cache")
    seconds, failures, pending = {}, [], []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        if not is_myst_markdown_notebook(text):
            continue
        notebook = read_myst_markdown_notebook(text, path=page)
        try:
            seconds[page.stem] = cache.match_cache_notebook(notebook).data["execution_seconds"]
        except KeyError:
            pending.append((page, notebook))

    # Processes, not threads: nbclient's event loops get into each other's way when a kernel ends.
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(run_notebook, notebook, page.parent, config["nb_execution_timeout"]) for page, notebook in pending]
        for (page, _), job in zip(pending, jobs, strict=True):
            notebook, time, problem = job.result()
            if problem:
                failures.append(f"{page.relative_to(root)}: a cell failed\n{problem}")
                continue
            seconds[page.stem] = time
            bundle = CacheBundleIn(notebook, str(page), data={"execution_seconds": time})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return seconds, failures


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
    empty_stale_cache(root / "_build")
    pages = find_pages(root)
    seconds, failures = execute_pages(root, pages, read_config(root)) if execute else ({}, [])
    for name, time in seconds.items():
        print(f"{name}: executed in {time:.0f} s" + (f"  WARNING: more than {PAGE_BUDGET} s" if time > PAGE_BUDGET else ""))
    if failures:
        print(*failures, "The book was not built.", sep="\n", file=sys.stderr)
        return 1
    status = render(root, execute=execute)
    missing = missing_html(root, pages)
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
    return build_book(options.root.resolve(), execute=not options.no_execute)


if __name__ == "__main__":
    sys.exit(main())
