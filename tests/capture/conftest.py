"""A recorder and a conversation for every test of capture."""

from uuid import UUID

import pytest

from capture.recorder import Recorder
from store.session import Store
from tests.capture.talk import Talk


@pytest.fixture
def recorder(store: Store) -> Recorder:
    return Recorder(store)


@pytest.fixture
def talk(shop: UUID) -> Talk:
    return Talk(shop)
