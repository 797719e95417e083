"""The mistakes and alternatives of chapter 3."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 3
