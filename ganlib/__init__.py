"""The library the course builds: a student's exercise modules laid over the provided library.

The environment variable ``GANLIB`` chooses whose exercise modules are used: unset, the ones in this folder;
``solutions``, the course's own; any other value, the folder of a submission that contains ``ganlib/``.
A relative folder is taken from the root of the repository. The provided modules always come from this folder.
"""

import os
import signal
import sys
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import NoReturn

STOPPED = "stopped; nothing more was written"
EXERCISE_MODULES = (
    *("bayes", "autoencoder", "vae", "gan", "dynamics", "metrics", "dcgan", "cgan", "wasserstein", "spectral"),
    *("cyclegan", "style"),
)


class _Overlay:
    """Finds the exercise modules, and nothing else, in the chosen folder first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        package, _, module = name.partition(".")
        if package == __name__ and module in EXERCISE_MODULES:
            found = PathFinder.find_spec(name, [str(self.folder)])
            if found is None:  # never this folder's: it may hold the answers of somebody else
                raise ModuleNotFoundError(f"{self.folder} has no {module}.py", name=name)
            return found
        return None


def lay_over(choice: str) -> None:
    """Take the exercise modules that are imported from now on from ``choice``, which is what ``GANLIB`` may be.

    Raises:
        ImportError: if the folder does not exist.
    """
    folder = Path(__file__).resolve().parents[1] / choice / "ganlib"
    if not folder.is_dir():
        raise ImportError(
            f"GANLIB={choice}: the folder {folder} does not exist; unset GANLIB or name a folder that has ganlib/ in it"
        )
    sys.meta_path.insert(0, _Overlay(folder))


def _refuse(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    sys.exit(2)


def stop_importing(*_: object) -> None:
    """What Ctrl-C does until a command has begun. An exception would be lost: numpy, for one, goes on importing."""
    print(STOPPED, file=sys.stderr)
    os._exit(130)


COMMAND = sys.argv[:1] == ["-m"]  # whether this is one of the library's commands, which answer in a line
if COMMAND:
    if PathFinder.find_spec("torch") is None:
        _refuse(f"{sys.executable} has no torch: use .venv/bin/python -m ganlib..., after make setup")
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop_importing)

if os.environ.get("GANLIB"):
    try:
        lay_over(os.environ["GANLIB"])
    except ImportError as error:
        if not COMMAND:
            raise
        _refuse(str(error))
