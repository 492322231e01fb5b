"""Fixtures that every test may ask for."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data sets and recorded payloads that lie beside the checkout, not in it."""
    return ROOT.parent / "shared" / "data"
