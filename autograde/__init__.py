"""The grader: asks a student's code questions in another process, and judges the values that come back."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COURSE_VERSION = "0.1.0"
PUBLIC_SEED = 20260
