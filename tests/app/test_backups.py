"""The whole database as a file and back, with a line in the audit of each shop."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import typer
from sqlalchemy import insert, select

from app.commands_backup import backup, restore
from app.doctor import examine
from config.settings import Settings
from events.forgetting import Forgetting
from events.partitions import Keys
from events.stream import Stream
from jobs.rights import Rights
from jobs.schedule import ERASURE, Run, Terms, ask
from jobs.tasks import perform
from services.dumping import apart, dump, load
from services.state import Endpoints
from services.wire import Wire
from store import backups
from store.app import Customer
from store.audit import Wanted, check, events
from store.base import Base
from store.migrations import latest
from store.privacy import outliving, requests
from store.session import Store, as_login, open_connection
from store.shops import keys
from tests.app.terminal import KEY, settings_of, typed
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
    assert "is no backup of this bot" in broken.said
    assert "nothing is written over" in over.said
    assert "add --force" in unasked.said
    assert (file.read_text(), sorted(path.name for path in tmp_path.glob("*.part"))) == ("mine", [])


@dataclass(frozen=True)
class House:
    """A shop with customers, who ask for something and get it done."""

    store: Store
    settings: Settings
    shop: UUID
    wire: Wire

    @property
    def rights(self) -> Rights:
        keys = Keys(self.settings.redis.prefix, self.settings.events.partitions)
        return Rights(self.store, self.shop, Forgetting(Stream(self.wire, keys)))

    async def customer(self, name: str, number: UUID | None = None) -> UUID:
        found = number or uuid4()
        async with self.store.transaction() as session:
            await session.execute(insert(Customer).values(shop_id=self.shop, id=found, name=name))
        return found

    async def gone(self, customer: UUID) -> None:
        request = await self.rights.ask(customer, "erasure", "test")
        await ask(self.store, Run(ERASURE, self.shop, str(request)))
        run = Run(ERASURE, self.shop, str(request))
        assert await perform(run, Terms(), self.settings) == "done"

    async def leaving(self) -> set[UUID | None]:
        async with self.store.reading() as session:
            return {one.customer_id for one in await requests.waiting(session, self.shop)}

    async def here(self) -> dict[str | None, Customer]:
        async with self.store.reading() as session:
            query = select(Customer).where(Customer.shop_id == self.shop)
            return {one.name: one for one in await session.scalars(query)}


@pytest.fixture
async def house(env: dict[str, str], store: Store, wire: Wire, prefix: str) -> House:
    return House(store, settings_of(env, prefix), await add_shop(store), wire)


async def test_who_was_erased_after_the_backup_is_erased_again(
    house: House, env: dict[str, str], tmp_path: Path
) -> None:
    file, back = str(tmp_path / "x.dump"), uuid4()
    await house.gone(await house.customer("vuelve", back))
    names = ("se fue", "se va", "no quiere", "sigue")
    one = {name: await house.customer(name) for name in names}
    await house.customer("vuelve", back)
    assert (await typed(cli, env, "backup", file)).code == 0
    await house.gone(one["se fue"])
    await house.rights.ask(one["se va"], "erasure", "test")
    await house.rights.oppose(one["no quiere"], "test", to=True)

    done = await typed(cli, env, "restore", file, "--force", "--json")

    assert done.code == 0, done.err
    assert done.json["erased"] == 2
    assert await house.leaving() == {one["se fue"], one["se va"]}
    for name in ("se fue", "se va"):
        await house.gone(one[name])
    found = await house.here()
    assert set(found) == {"no quiere", "sigue", "vuelve"}
    assert (found["no quiere"].no_training, found["sigue"].no_training) == (True, False)
    again = await typed(cli, env, "restore", file, "--force")
    assert "2 who were erased since are erased again" in again.said


async def state(settings: Settings, capsys: pytest.CaptureFixture[str]) -> str:
    """What the doctor says of backups."""
    await examine(settings, as_json=True)
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return next(one["state"] for one in found if one["name"] == "backups")


async def test_a_restore_that_was_cut_off_is_told_and_made_up_for_by_the_next(
    house: House, env: dict[str, str], database_url: str, tmp_path: Path,
    prefix: str, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Killed after the database was replaced: what it has to remember lies aside."""
    file = tmp_path / "x.dump"
    customer = await house.customer("se fue")
    assert (await typed(cli, env, "backup", str(file))).code == 0
    await house.gone(customer)
    connection = await open_connection(database_url)
    await outliving.set_aside(connection)
    await load(database_url, file, backups.SCHEMAS)
    assert set(await house.here()) == {"se fue"}
    async with connection.transaction():
        await connection.execute("LOCK TABLE app.shop IN ACCESS SHARE MODE")
        assert (await typed(cli, env, "restore", str(file), "--force")).code == 1
    assert await state(settings_of(env, prefix), capsys) == "error"

    done = await typed(cli, env, "restore", str(file), "--force", "--json")

    assert (done.json["erased"], await house.leaving()) == (1, {customer})
    assert await connection.fetchval("SELECT to_regnamespace('aside')") is None
    assert await state(settings_of(env, prefix), capsys) == "ok"
    await connection.close()


async def test_what_a_newer_release_has_added_goes_and_nothing_is_half_done(
    env: dict[str, str], store: Store, database_url: str, tmp_path: Path
) -> None:
    """A table that the file does not know points at one that it replaces; then the file ends too
    early, a bot still reads, and the file is of a release to come."""
    file = tmp_path / "x.dump"
    await add_shop(store)
    assert (await typed(cli, env, "backup", str(file))).code == 0
    async with as_login(database_url) as connection:
        await connection.execute("CREATE TABLE app.newer (shop_id uuid REFERENCES app.shop)")
        assert (await typed(cli, env, "restore", str(file), "--force")).code == 0
        assert await connection.fetchval("SELECT to_regclass('app.newer')") is None

        await add_shop(store, "nueva")
        torn = tmp_path / "torn.dump"
        torn.write_bytes(file.read_bytes()[:-4000])
        assert (await typed(cli, env, "restore", str(torn), "--force")).code == 1
        async with connection.transaction():
            await connection.execute("LOCK TABLE app.shop IN ACCESS SHARE MODE")
            held = await typed(cli, env, "restore", str(file), "--force")
        assert (held.code, "lock timeout" in held.said) == (1, True)
        await connection.execute("UPDATE app.revision SET version_num = '9999'")
        assert (await typed(cli, env, "backup", str(tmp_path / "y.dump"))).code != 0
        await dump(database_url, torn, backups.SCHEMAS)
        await connection.execute("UPDATE app.revision SET version_num = $1", latest())
        newer = await typed(cli, env, "restore", str(torn), "--force")
        assert (newer.code, "is of a newer release" in newer.said) == (1, True)
        assert await connection.fetchval("SELECT to_regnamespace('aside')") is None
    assert await _shops(store) == 2


def test_a_backup_holds_every_schema_of_ours() -> None:
    assert {one.schema for one in Base.metadata.tables.values()} <= set(backups.SCHEMAS)


def test_a_password_does_not_stand_in_the_command() -> None:
    assert apart("postgresql://ana:s%40l@db:5433/x?sslmode=require") == (
        "postgresql://ana@db:5433/x?sslmode=require", {"PGPASSWORD": "s@l"},
    )  # fmt: skip
    assert apart("postgresql+asyncpg://db/x?user=ana&password=s%40l&host=/tmp") == (
        "postgresql://db/x?user=ana&host=/tmp", {"PGPASSWORD": "s@l"},
    )  # fmt: skip
    assert apart("postgresql://ana@/x?host=/tmp") == ("postgresql://ana@/x?host=/tmp", {})
