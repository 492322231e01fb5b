"""A command that reads a document dies at any moment: the old one stands whole, or the new one."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from config.settings import ROOT
from services.state import Endpoints
from store.session import Store
from tests.knowledge.shelf import Shelf, is_exact, rows, shelf

pytestmark = pytest.mark.chaos
OLD = "# Cambios\n\nSe cambia dentro de treinta días con la boleta original."
NEW = "\n\n".join(f"# Parte {n}\n\nLa regla {n} habla de la cuota {n * 3}." for n in range(1_500))


@pytest.fixture
async def books(store: Store, shop: UUID, tmp_path: Path) -> AsyncIterator[Shelf]:
    async with shelf(store, shop, tmp_path / "documents") as opened:
        await opened.put("reglas.md", OLD)
        yield opened


async def test_whenever_it_dies_the_old_document_stands_or_the_new_one_and_never_both(
    books: Shelf, store: Store, database_url: str, endpoints: Endpoints, tmp_path: Path
) -> None:
    (tmp_path / "reglas.md").write_text(NEW)
    environment = {
        **os.environ,
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_APP__VAR": str(tmp_path),
    }
    command = [sys.executable, str(ROOT / "main.py"), "ingest", "reglas.md", "--json"]
    dice, kills = Random(3), 0  # noqa: S311  a repeatable choice

    async def lived(patience: float | None) -> bytes | None:
        """What it said; None when it was killed before."""
        child = await asyncio.create_subprocess_exec(
            *command, cwd=tmp_path, env=environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(patience):
                out, _ = await child.communicate()
        except TimeoutError:
            child.kill()
            await child.wait()
            return None
        return out

    for _ in range(6):
        kills += await lived(dice.uniform(1.0, 4.0)) is None
        assert await is_exact(store, books.shop)
        ((passages,),) = await rows(store, "SELECT count(*) FROM ml.passage")
        assert passages in {1, 1_500}
    out = await lived(None)
    assert out is not None
    assert json.loads(out)["documents"][0]["passages"] == 1_500
    assert await is_exact(store, books.shop)
    assert await books.answers("¿qué dice la regla 77?") == ["reglas.md"]
    assert kills > 0
