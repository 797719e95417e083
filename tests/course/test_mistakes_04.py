"""The mistakes and alternatives of chapter 4."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 4
