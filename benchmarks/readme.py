"""Where the measurements write what they found."""

import re
from pathlib import Path

README = Path(__file__).with_name("README.md")


def write_table(name: str, table: str) -> None:
    """Put a table into README.md, in the place of the one between ``<!-- NAME -->`` and ``<!-- end NAME -->``."""
    page = README.read_text(encoding="utf-8")
    wanted = rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)"
    README.write_text(re.sub(wanted, lambda m: f"{m[1]}{table}\n{m[2]}", page, flags=re.DOTALL), encoding="utf-8")
