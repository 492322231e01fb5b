"""`main.py lending` and `main.py fields` at the terminal."""

from pathlib import Path

import pytest

from app.backing import Backing
from app.portfolio import COLUMNS
from app.record_commands import fields, lending
from config.folders import DOMAINS
from events.happened import named
from services.state import Endpoints
from store.portfolio import count_clients
from store.session import Store
from tests.app.terminal import Ended, typed
from tests.fixtures.bots import bot
from tests.fixtures.store import add_shop
from tests.flow.lenders import ask, lender

SAMPLE = DOMAINS / "creditos" / "records"
OWN = {
    "clients.csv": "K-1,Rosa Díaz,15.222.333-4,1988-08-08,+56 9 7777 1111",
    "loans.csv": "L-9,K-1,500000,350000,20,current,2026-08-01",
    "instalments.csv": "L-9,1,2027-01-05,50000,0,pending",
    "payments.csv": "R-1,L-9,,150000,2026-10-05,cash",
}
ROSA = "+56977771111"


def folder(place: Path, **changed: str) -> str:
    place.mkdir(exist_ok=True)
    for name, line in (OWN | {f"{key}.csv": text for key, text in changed.items()}).items():
        text = f"{','.join(COLUMNS[name])}\n{line}\n"
        (place / name).write_text(text, encoding="utf-8")
    return str(place)


async def bring(env: dict[str, str], *words: str) -> Ended:
    return await typed(lending, env, "import", *words)


async def test_a_lender_brings_records_and_a_client_is_told_of_them(
    env: dict[str, str], database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path
) -> None:
    env = env | {"APRENDIZ_APP__SHOP": "mine"}
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    async with bot(backing, lender(prefix, "mine")) as shop:
        place = folder(tmp_path / "own")
        dry = await bring(env, place, "--dry-run")
        assert "would write 1 clients, 1 loans, 1 instalments, 1 payments" in dry.said
        assert "últimos 4" in await ask(shop, "rosa", "cuánto debo?", ROSA)
        for _ in range(2):
            assert (await bring(env, place, "--json")).json["written"] is True
        assert "L-9 debes $350.000" in await ask(shop, "rosa", "cuánto debo?", ROSA)
        place = folder(tmp_path / "own", loans=OWN["loans.csv"].replace("350000", "300000"))
        assert (await bring(env, place, "--shop", "mine")).code == 0
        assert "L-9 debes $300.000" in await ask(shop, "rosa", "cuánto debo?", ROSA)


@pytest.mark.parametrize(
    ("file", "line", "parts"),
    [
        ("clients", ",Rosa,,,", ["clients.csv line 2", "number", "it is empty"]),
        ("clients", "K-1,Rosa,12-3,,", ["national_id", "12.345.678-5"]),
        ("clients", "K-1,Rosa,,8/8/88,", ["born_on", "'8/8/88' is no day", "2026-03-31"]),
        ("clients", "K-1,Rosa,,,123", ["phone", "with its country"]),
        ("clients", "K-1,Rosa,,,\nK-1,Eva,,,", ["line 3", "stands twice", "line 2"]),
        ("loans", "L-9,K-7,5,5,20,current,2026-01-01", ["client", "'K-7' stands neither"]),
        ("loans", "L-9,K-1,5.000,5,20,current,2026-01-01", ["principal", "1250000"]),
        ("loans", "L-9,K-1,5,5,mucho,current,2026-01-01", ["rate", "24.5"]),
        ("clients", "K-1,Rosa,123456784,,", ["national_id", "check digit", "12.345.678-5"]),
        ("clients", "K-1,Rosa,12345674,,", ["national_id", "check digit", "12.345.678-5"]),
        ("clients", "K-1,Ro\x00sa,,,", ["clients.csv line 2", "NUL"]),
        ("loans", "L-9,K-1,5,5,NaN,current,2026-01-01", ["loans.csv line 2", "'NaN'", "24.5"]),
        ("loans", "L-9,K-1,5,5,9999.999,current,2026-01-01", ["loans.csv line 2", "24.5"]),
        ("instalments", "L-9,3000000000,2027-01-05,5,0,pending", ["line 2", "to 2147483647"]),
        ("loans", "L-9,K-1,5,5,20,vigente,2026-01-01", ["state", "'vigente'", "written_off"]),
        ("instalments", "L-9,1,2027-01-05,5,6,pending", ["paid_amount", "more than"]),
        ("instalments", "L-8,1,2027-01-05,5,0,pending", ["loan", "'L-8' stands neither"]),
        ("payments", "R-1,L-9,7,5,2026-10-05,cash", ["loan L-9 has no instalment 7"]),
        ("payments", "R-1,L-9,,5,2026-10-05,cheque", ["method", "transfer, card"]),
    ],
)
async def test_a_mistake_is_told_with_its_line_and_nothing_is_written(
    env: dict[str, str], store: Store, tmp_path: Path, file: str, line: str, parts: list[str]
) -> None:
    shop = await add_shop(store, "demo", pack="creditos")
    refused = await bring(env, folder(tmp_path / "wrong", **{file: line}))
    assert refused.code == 1
    assert all(part in refused.said for part in [*parts, "nothing was written"]), refused.said
    async with store.reading() as session:
        assert await count_clients(session, shop) == 0


async def test_files_that_are_none_are_told_plainly(
    env: dict[str, str], store: Store, tmp_path: Path
) -> None:
    nothing = await bring(env, str(tmp_path))
    assert (nothing.code, "holds no records" in nothing.said) == (1, True)
    place = Path(folder(tmp_path / "odd"))
    unknown = await bring(env, str(place))
    assert (unknown.code, "there is no shop 'demo'" in unknown.said) == (1, True)
    await add_shop(store, "demo", pack="creditos")
    (place / "loans.csv").write_text("number,client\nL-9,K-1\n", encoding="utf-8")
    (place / "clients.csv").write_bytes(b"\xff\xfe\x00")
    odd = await bring(env, str(place))
    assert "loans.csv line 1: columns missing: the first line names no balance" in odd.said
    assert "clients.csv line 1: unreadable" in odd.said


async def test_the_sample_of_the_pack_can_be_brought_too(env: dict[str, str], store: Store) -> None:
    shop = await add_shop(store, "demo", pack="creditos")
    done = await bring(env, str(SAMPLE), "--json")
    assert (done.json["clients"], done.json["loans"]) == (5, 6)
    async with store.reading() as session:
        assert await count_clients(session, shop) == 5


async def test_fields_are_read_listed_and_described(env: dict[str, str], store: Store) -> None:
    await add_shop(store, "demo", pack="creditos")
    assert "fields sync" in (await typed(fields, env, "list")).said
    assert "of 7 tables" in (await typed(fields, env, "sync", "--shop", "demo")).said
    text = "Lo que falta pagar"
    described = await typed(
        fields, env, "describe", "loan.balance", text, "--example", "¿cuánto debo?",
        "--notes", "en pesos", "--value", "0: pagado",
    )  # fmt: skip
    assert described.code == 0, described.said
    assert (await typed(fields, env, "sync", "--json")).json["tables"] == 7
    listed = {one["field"]: one for one in (await typed(fields, env, "list", "--json")).json}
    balance = listed["loan.balance"]
    assert (balance["description"], balance["type"]) == (text, "bigint")
    assert (balance["examples"], balance["notes"]) == (["¿cuánto debo?"], "en pesos")
    assert text in (await typed(fields, env, "list")).said
    unknown = await typed(fields, env, "describe", "loan.salary", "x")
    assert (unknown.code, "'loan.salary' is unknown" in unknown.said) == (1, True)
    for odd in ("x\udcff", "x\x00"):
        unread = await typed(fields, env, "describe", "loan.balance", "x", "--notes", odd)
        assert (unread.code, "no text in UTF-8" in unread.said) == (2, True)
    nobody = await typed(fields, env, "sync", "--shop", "nobody")
    assert (nobody.code, "there is no shop 'nobody'" in nobody.said) == (1, True)


async def test_a_new_shop_of_the_pack_has_its_fields_described(
    env: dict[str, str], database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    async with bot(backing, lender(prefix, "new")) as shop:
        assert shop.parts.shop == named("shop", "new")
        listed = await typed(fields, env, "list", "--shop", "new", "--json")
    found = {one["field"]: one["description"] for one in listed.json}
    assert found["loan.balance"].startswith("Lo que falta por pagar")
