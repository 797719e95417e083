"""The mistakes and alternatives of chapter 10."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 10
