"""The grader: asks a student's code questions in another process, and judges the values that come back."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COURSE_VERSION = "0.1.0"
PUBLIC_SEED = 20260
GRADER_FAILED = "The grader itself failed"


def plain_text(value: object) -> str:
    """Text from outside that is safe to print: no control characters, no half of a surrogate pair."""
    text = str(value).encode("utf-8", "replace").decode()
    return "".join(character if character.isprintable() or character in "\n\t" else "?" for character in text)
