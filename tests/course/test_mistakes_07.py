"""The mistakes and alternatives of chapter 7."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 7
