"""The library the course builds: a student's modules laid over the provided ones.

The environment variable ``GANLIB`` chooses whose exercise modules are used: unset, the ones in this folder;
``solutions``, the course's own; any other value, the folder of a submission that contains ``ganlib/``.
A relative folder is taken from the root of the repository.
"""

import os
from pathlib import Path

_choice = os.environ.get("GANLIB", "")
if _choice:
    _overlay = Path(__file__).resolve().parents[1] / _choice / "ganlib"
    if not _overlay.is_dir():
        raise ImportError(
            f"GANLIB={_choice}: the folder {_overlay} does not exist; unset GANLIB or name a folder that has ganlib/ in it"
        )
    __path__.insert(0, str(_overlay))
