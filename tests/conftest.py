"""Fixtures that every test may ask for."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Recorded payloads are not part of the project: without them the tests that read them rest."""
    if SHARED_DATA.is_dir():
        return
    absent = pytest.mark.skip(
        reason=f"recorded payloads are not beside the checkout ({SHARED_DATA})"
    )
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data sets and recorded payloads that lie beside the checkout, not in it."""
    return SHARED_DATA
