"""Somebody's own money over the whole road: proposed, confirmed, corrected, counted, taken back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import select

from app.backing import Backing
from config.settings import Settings
from events.happened import named
from nlu.dates import month_of
from services.state import Endpoints
from store.ledger import Budget, Goal, LedgerEntry
from tests.fixtures.bots import Bot, bot, knobs

SANTIAGO = ZoneInfo("America/Santiago")


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def coach(prefix: str) -> Settings:
    return knobs(prefix, "gus", app={"pack": "finanzas"}, turns={"replies_per_minute": 1000})


async def entries(of: Bot, chat: str) -> Sequence[LedgerEntry]:
    query = (
        select(LedgerEntry)
        .where(LedgerEntry.customer_id == customer(of, chat))
        .order_by(LedgerEntry.created_at)
    )
    async with of.parts.store.reading() as session:
        return (await session.scalars(query)).all()


def customer(of: Bot, chat: str) -> UUID:
    return named(str(of.parts.shop), "memory", "customer", chat)


def told(rows: Sequence[LedgerEntry]) -> list[tuple[str, int, str]]:
    return [(row.kind, row.amount, row.category) for row in rows if row.cancelled_at is None]


async def tap(of: Bot, chat: str, choice: str, key: str) -> str:
    before = len(of.channel.replies(chat))
    message = of.channel.message(chat, "Sí", key=key)
    await of.channel.deliver(msgspec.structs.replace(message, action=choice, content="action"))
    return (await of.channel.wait_for_replies(chat, before + 1))[-1]


def days_left() -> str:
    today = datetime.now(UTC).astimezone(SANTIAGO).date()
    left = (month_of(today)[1] - today).days
    return {0: "lo que queda de hoy", 1: "1 día"}.get(left, f"{left} días")


async def test_an_expense_is_written_once_and_only_after_a_yes(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, coach(prefix)) as gus:
        asked = await gus.ask("ana", "gasté 5 lucas en almuerzo")
        assert asked == "Anoto un gasto de $5.000 en comida, hoy. ¿Está bien?"
        yes, no = gus.channel.sent[-1].choices
        assert (yes.title, no.title) == ("Sí", "No")
        assert await entries(gus, "ana") == []
        assert "gasto de $5.000 en comida, hoy" in await gus.ask("ana", "sí")
        for number in range(2):  # the button is pressed twice, afterwards
            assert "ya está resuelto" in await tap(gus, "ana", yes.id, f"late-{number}")
        (row,) = await entries(gus, "ana")
    assert (row.kind, row.amount, row.currency, row.category) == ("expense", 5000, "CLP", "comida")
    assert row.note == "gasté 5 lucas en almuerzo"
    assert row.turn_id is not None


async def test_a_no_writes_nothing_and_a_correction_is_asked_for_again(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, coach(prefix)) as gus:
        await gus.ask("ana", "gasté 5 lucas en almuerzo")
        assert "no hice ningún cambio" in await gus.ask("ana", "no")
        await gus.ask("ana", "gasté 5 lucas en almuerzo ayer")
        again = await gus.ask("ana", "no, eran 6 lucas")
        assert again == "Anoto un gasto de $6.000 en comida, ayer. ¿Está bien?"
        again = await gus.ask("ana", "en realidad fue en micro")
        assert again == "Anoto un gasto de $6.000 en transporte, ayer. ¿Está bien?"
        await gus.ask("ana", "dale")
        assert told(await entries(gus, "ana")) == [("expense", 6000, "transporte")]


async def test_what_is_missing_is_asked_for(backing: Backing, prefix: str) -> None:
    async with bot(backing, coach(prefix)) as gus:
        assert "¿Cuánto fue?" in await gus.ask("ana", "gasté en el super")
        assert "¿Cuánto fue?" in await gus.ask("ana", "sí")
        assert "$20.000 en comida" in await gus.ask("ana", "20 lucas")
        await gus.ask("ana", "ya")
        assert "¿De cuánto" in await gus.ask("ana", "hazme un presupuesto")
        assert "¿Para qué categoría" in await gus.ask("ana", "100 lucas")
        asked = await gus.ask("ana", "ropa")
        assert asked == "Creo un presupuesto de $100.000 al mes para ropa. ¿Está bien?"
        assert told(await entries(gus, "ana")) == [("expense", 20_000, "comida")]


async def test_several_expenses_are_one_question(backing: Backing, prefix: str) -> None:
    async with bot(backing, coach(prefix)) as gus:
        asked = await gus.ask("ana", "5 lucas en almuerzo y 2 en micro")
        assert "gasto de $5.000 en comida, hoy" in asked
        assert "gasto de $2.000 en transporte, hoy" in asked
        await gus.ask("ana", "sí")
        asked = await gus.ask("ana", "me pagaron 800 lucas de sueldo")
        assert "ingreso de $800.000 por sueldo" in asked
        await gus.ask("ana", "gasté 3 lucas en pan")  # before the yes: nothing is lost
        await gus.ask("ana", "sí")
        assert told(await entries(gus, "ana")) == [
            ("expense", 5000, "comida"),
            ("expense", 2000, "transporte"),
            ("income", 800_000, "sueldo"),
            ("expense", 3000, "comida"),
        ]


async def test_adherence_is_counted_from_the_rows(backing: Backing, prefix: str) -> None:
    async with bot(backing, coach(prefix)) as gus:
        assert "presupuesto" in await gus.ask("ana", "¿cómo voy?")
        await gus.ask("ana", "crear presupuesto de 200 lucas para comida")
        assert "presupuesto de $200.000 al mes para comida" in await gus.ask("ana", "sí")
        await gus.ask("ana", "gasté 30 lucas en el super")
        assert "En comida llevas $30.000 de $200.000" in await gus.ask("ana", "sí")
        await gus.ask("ana", "compré una pizza de 20 mil y pagué uber 4 lucas")
        await gus.ask("ana", "sí")
        standing = await gus.ask("ana", "¿cómo voy con la comida?")
        assert standing == (
            "En comida llevas $50.000 de $200.000 este mes (25 %). "
            f"Te quedan $150.000. Hasta que termine: {days_left()}."
        )
        assert "No tienes un presupuesto para transporte; este mes llevas $4.000" in await gus.ask(
            "ana", "¿cómo voy con el transporte?"
        )
        await gus.ask("ana", "baja el presupuesto de comida a 40 lucas")
        await gus.ask("ana", "sí")
        assert "te pasaste por $10.000" in await gus.ask("ana", "cómo voy con la comida")
        summary = await gus.ask("ana", "¿cuánto llevo gastado este mes?")
        assert summary == (
            "Gastos anotados, este mes: $54.000\n• comida: $50.000\n• transporte: $4.000"
        )
        await gus.ask("ana", "me pagaron 100 lucas")
        await gus.ask("ana", "sí")
        balance = await gus.ask("ana", "¿cuál es mi saldo?")
        assert "ingresos $100.000 y gastos $54.000. Diferencia: $46.000" in balance
        async with gus.parts.store.reading() as session:
            rows = (await session.scalars(select(Budget).order_by(Budget.created_at))).all()
    assert [(row.amount, row.period) for row in rows] == [(200_000, "month"), (40_000, "month")]


async def test_the_last_one_is_taken_back_after_a_yes_and_stays_as_cancelled(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, coach(prefix)) as gus:
        assert "No encuentro movimientos" in await gus.ask("ana", "mis últimos movimientos")
        assert "ningún movimiento así" in await gus.ask("ana", "borra el último gasto")
        for text in ("gasté 5 lucas en almuerzo", "gasté 2 lucas en micro"):
            await gus.ask("ana", text)
            await gus.ask("ana", "sí")
        asked = await gus.ask("ana", "borra el último gasto")
        assert asked == "¿Borro este movimiento?\n• gasto de $2.000 en transporte, hoy"
        assert len(told(await entries(gus, "ana"))) == 2
        await gus.ask("ana", "sí")
        rows = await entries(gus, "ana")
        assert told(rows) == [("expense", 5000, "comida")]
        assert len(rows) == 2
        assert "$2.000" not in await gus.ask("ana", "mis últimos movimientos")


async def test_a_goal_is_kept_and_what_was_put_aside_is_counted(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, coach(prefix)) as gus:
        asked = await gus.ask("ana", "quiero juntar 500 lucas para vacaciones")
        assert asked == "Creo la meta «vacaciones»: juntar $500.000. ¿Está bien?"
        await gus.ask("ana", "sí")
        assert "un ahorro de $125.000, hoy" in await gus.ask("ana", "ahorré 125 lucas")
        await gus.ask("ana", "sí")
        goal = await gus.ask("ana", "¿cómo va mi meta?")
        assert "vacaciones: $500.000" in goal
        assert "$125.000 en ahorro (25 %): te faltan $375.000" in goal
        async with gus.parts.store.reading() as session:
            (row,) = (await session.scalars(select(Goal))).all()
    assert (row.name, row.amount, row.by_day) == ("vacaciones", 500_000, None)


async def test_two_people_never_see_each_others_money(backing: Backing, prefix: str) -> None:
    async with bot(backing, coach(prefix)) as gus:
        await gus.ask("ana", "gasté 77 lucas en ropa")
        yes, _ = gus.channel.sent[-1].choices
        assert "ya está resuelto" in await tap(gus, "eva", yes.id, "stolen")
        await gus.ask("ana", "sí")
        await gus.ask("eva", "gasté 3 lucas en pan")
        await gus.ask("eva", "sí")
        for text in ("mis últimos movimientos", "cuánto llevo gastado", "cuál es mi saldo"):
            assert "77.000" not in await gus.ask("eva", text)
            assert "$3.000" not in await gus.ask("ana", text)
        assert "$3.000" in await gus.ask("eva", "borra el último gasto")
        await gus.ask("eva", "sí")
        assert told(await entries(gus, "ana")) == [("expense", 77_000, "ropa")]
        assert told(await entries(gus, "eva")) == []


async def test_the_value_of_the_uf_is_never_invented(backing: Backing, prefix: str) -> None:
    async with bot(backing, coach(prefix)) as gus:
        for text in ("¿a cuánto está la UF hoy?", "cuánto son 3 UF en pesos"):
            said = await gus.ask("ana", text)
            assert "No tengo su valor" in said
            assert "$" not in said
        assert "UF 2,50" in await gus.ask("ana", "pagué 2,5 UF de arriendo")
        await gus.ask("ana", "sí")
        (row,) = await entries(gus, "ana")
        assert (row.amount, row.currency) == (25_000, "UF")
        assert "UF 2,50" in await gus.ask("ana", "cuánto llevo gastado")
        assert "No puedo recomendarte inversiones" in await gus.ask("ana", "¿compro bitcoin?")


async def test_nobody_who_only_talks_is_taken_for_a_bookkeeper(
    backing: Backing, prefix: str
) -> None:
    """What Gus says of himself leaves whole: nothing in it is a claim that no source supports."""
    async with bot(backing, coach(prefix)) as gus:
        talk = [
            ("hola", "greeting"), ("ayuda", "help"), ("gracias", "thanks"), ("chao", "goodbye"),
            ("xyzzy plugh", "unknown"),
        ]  # fmt: skip
        for text, name in talk:
            said = {one.format(shop="Gus") for one in gus.parts.pack.answers[name].es}
            assert await gus.ask(text, text) in said


async def test_a_shop_without_the_ability_has_no_ledger(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix)) as shop:
        assert "Anoto" not in await shop.ask("ana", "gasté 5 lucas en almuerzo")
        assert await entries(shop, "ana") == []
