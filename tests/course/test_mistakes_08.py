"""The mistakes and alternatives of chapter 8."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 8
