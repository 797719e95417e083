"""The mistakes and alternatives of chapter 2."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 2
