"""The grader: asks a student's code questions in another process, and judges the values that come back."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COURSE_VERSION = "0.1.0"
PUBLIC_SEED = 20260
GRADER_FAILED = "The grader itself failed"


def plain_text(value: object, limit: int | None = None) -> str:
    """The start of a text from outside, safe to print: no control characters, no half of a surrogate pair."""
    text = str(value)[:limit].encode("utf-8", "replace").decode()
    return "".join(character if character.isprintable() or character in "\n\t" else "?" for character in text)


def in_order(id: str) -> tuple[int, ...]:
    """The key that sorts 2.10 behind 2.9."""
    return tuple(int(part) for part in id.split("."))


def resolve_ganlib(choice: str) -> str:
    """ "" and "solutions" as they are; any other folder as an absolute path, which must have ``ganlib/`` in it.

    Raises:
        FileNotFoundError: names the folder that is not there.
    """
    own = choice in ("", "solutions")
    folder = ROOT / choice if own else Path(choice).resolve()
    if not (folder / "ganlib").is_dir():
        raise FileNotFoundError(f"--ganlib or GANLIB: got {choice}, but there is no folder {folder / 'ganlib'}")
    return choice if own else "" if folder == ROOT else str(folder)
