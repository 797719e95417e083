"""Where the measurements write what they found."""

import re
from pathlib import Path

README = Path(__file__).with_name("README.md")


def read_table(name: str) -> str:
    """The table between ``<!-- NAME -->`` and ``<!-- end NAME -->``."""
    return re.search(rf"<!-- {name} -->\n(.*?)\n<!-- end {name} -->", README.read_text(encoding="utf-8"), re.DOTALL)[1]


def write_table(name: str, table: str) -> None:
    """Put a table into README.md, in the place of the one between ``<!-- NAME -->`` and ``<!-- end NAME -->``."""
    page = README.read_text(encoding="utf-8")
    wanted = rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)"
    README.write_text(re.sub(wanted, lambda m: f"{m[1]}{table}\n{m[2]}", page, flags=re.DOTALL), encoding="utf-8")
