"""The mistakes and alternatives of chapter 6."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 6
