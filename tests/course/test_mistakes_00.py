"""The mistakes and alternatives of chapter 0."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 0
