"""The mistakes and alternatives of chapter 1."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 1
