"""Fixtures that several files of tests/ share."""

import pytest

from autograde import ROOT


@pytest.fixture(scope="session")
def root():
    """The root of the repository."""
    return ROOT
