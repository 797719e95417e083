"""The mistakes and alternatives of chapter 5."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 5
