"""The mistakes and alternatives of chapter 9."""

from tests.course.mistakes import *  # noqa: F403

CHAPTER = 9
