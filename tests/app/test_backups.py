"""The whole database as a file and back, with a line in the audit of each shop."""

import hashlib
from pathlib import Path

import pytest
import typer

from app.commands_backup import backup, restore
from services.dumping import apart
from services.state import Endpoints
from store import backups
from store.audit import Wanted, check, events
from store.session import Store
from store.shops import keys
from tests.app.terminal import KEY, typed
from tests.fixtures.store import add_shop

cli = typer.Typer()
for command in (backup, restore):
    cli.command()(command)


@pytest.fixture
def env(database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path) -> dict[str, str]:
    return {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_APP__VAR": str(tmp_path / "var"),
        "APRENDIZ_SECRET_KEY": KEY,
        "USER": "ana",
    }


async def test_a_backup_is_restored_and_every_shops_audit_tells_of_both(
    env: dict[str, str], store: Store, tmp_path: Path
) -> None:
    shops = [await add_shop(store, "una"), await add_shop(store, "otra")]
    file = tmp_path / "lunes.dump"
    made = await typed(cli, env, "backup", str(file), "--json")
    assert made.code == 0, made.err
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert made.json == {"file": "lunes.dump", "bytes": file.stat().st_size, "sha256": digest}
    assert file.stat().st_mode & 0o077 == 0, "it holds what customers wrote"
    for shop in shops:
        async with store.tenant(shop) as session:
            found = await backups.last(session, shop)
        assert found is not None
        assert (found.file, found.bytes, found.sha256) == tuple(made.json.values())
    before = await _shops(store)
    await add_shop(store, "tercera")
    assert await _shops(store) == before + 1

    back = await typed(cli, env, "restore", str(file), "--force")

    assert back.code == 0, back.err
    assert await _shops(store) == before
    async with store.tenant(shops[1]) as session:
        (last,) = await events(session, shops[1], Wanted(action="backup."))
        assert (await check(session, shops[1])).broken is None
    assert (last.actor, last.action) == ("terminal:ana", "backup.restored")
    assert last.after == {"name": "lunes.dump", "bytes": made.json["bytes"], "sha256": digest}


async def _shops(store: Store) -> int:
    async with store.reading() as session:
        return len(await keys(session))


async def test_nothing_is_written_over_and_nothing_restored_unasked(
    env: dict[str, str], store: Store, tmp_path: Path
) -> None:
    await add_shop(store)
    file = tmp_path / "x.dump"
    file.write_text("mine")

    over = await typed(cli, env, "backup", str(file))
    unasked = await typed(cli, env, "restore", str(file))
    broken = await typed(cli, env, "restore", str(file), "--force")
    nowhere = await typed(cli, env, "backup", str(tmp_path / "no" / "x.dump"))

    assert (over.code, unasked.code, broken.code, nowhere.code) == (2, 2, 1, 2)
    assert "nothing is written over" in over.said
    assert "add --force" in unasked.said
    assert "the database stays as it was" in broken.said
    assert (file.read_text(), sorted(path.name for path in tmp_path.glob("*.part"))) == ("mine", [])


def test_a_password_does_not_stand_in_the_command() -> None:
    assert apart("postgresql://ana:s%40l@db:5433/x?sslmode=require") == (
        "postgresql://ana@db:5433/x?sslmode=require", {"PGPASSWORD": "s@l"},
    )  # fmt: skip
    assert apart("postgresql://ana@/x?host=/tmp") == ("postgresql://ana@/x?host=/tmp", {})
