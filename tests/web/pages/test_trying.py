"""The page where the bot is tried: a conversation that is kept for whoever has it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import httpx2
import pytest
from msgspec import structs

from events.contents import Choice
from services.clock import now
from store.session import Store
from tests.fixtures.store import add_shop
from tests.flow.rollouts import add_version
from tests.web.pages.test_trial import said
from tests.web.roles import acting
from tests.web.rows import add_conversation
from tests.web.staff import actions
from web.app import WebParts
from web.rehearsal import Heard, Said

HOME = "/probar"
CLOSED = {"mon-sun": "00:00-24:00"}


@dataclass
class Echo:
    """Says what it was asked, and after what; offers one choice."""

    asked: list[Said] = field(default_factory=list)

    async def __call__(self, one: Said) -> Heard | None:
        self.asked.append(one)
        who = f"{one.version} responde" if one.version else "Preguntaste"
        draft = structs.replace(
            said(f"{who}: {one.text}"), choices=(Choice(id="order:pick:A", title="Azul"),)
        )
        return Heard(draft, {"turns": str(len(one.before.exchanges) + 1)})


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def answering(parts: WebParts, echo: Echo) -> WebParts:
    return replace(parts, rehearse=echo)


@pytest.fixture
async def one(answering: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with acting(answering, "seller") as client:
        yield client


async def ask(client: httpx2.AsyncClient, text: str, **form: str) -> str:
    await client.post(HOME, data={"pregunta": text, **form})
    return (await client.get(HOME)).text


async def test_nothing_asked_and_nobody_there_are_said(seller: httpx2.AsyncClient) -> None:
    empty = await seller.post(HOME, data={"pregunta": "  "})
    silent = await seller.post(HOME, data={"pregunta": "¿hola?"})

    assert (empty.status_code, silent.status_code) == (422, 503)
    assert "Escribe una pregunta." in empty.text
    assert "Ningún modelo contesta ahora" in silent.text
    assert "¿hola?</textarea>" in silent.text


async def test_a_conversation_goes_on_is_said_anew_and_cleared(
    one: httpx2.AsyncClient, echo: Echo
) -> None:
    await ask(one, "<b>primera</b>")
    page = await ask(one, "segunda")
    assert "Preguntaste: &lt;b&gt;primera" in page
    assert "Respuesta 2 de 2" in page
    assert echo.asked[-1].before.notes == {"turns": "1"}
    assert "Respuesta 1 de 2" in (await one.get(f"{HOME}?turno=1")).text

    editing = (await one.get(f"{HOME}?editar=si")).text
    assert ">segunda</textarea>" in editing
    page = await ask(one, "tercera", editar="si")
    assert "Preguntaste: segunda" not in page
    assert "Respuesta 2 de 2" in page
    assert echo.asked[-1].before.notes == {"turns": "1"}

    await one.post(f"{HOME}/limpiar")
    assert "Preguntaste" not in (await one.get(HOME)).text


async def test_only_what_the_last_answer_offered_is_tapped(
    one: httpx2.AsyncClient, echo: Echo
) -> None:
    await ask(one, "hola")
    await one.post(HOME, data={"accion": "order:pick:A"})
    assert (echo.asked[-1].action, echo.asked[-1].text) == ("order:pick:A", "Azul")

    forged = await one.post(HOME, data={"accion": "order:paid:B"})
    assert forged.status_code == 422
    assert len(echo.asked) == 2


async def test_nobody_else_sees_it(one: httpx2.AsyncClient, answering: WebParts) -> None:
    await ask(one, "secreto")
    async with acting(answering, "seller") as other:
        assert "secreto" not in (await other.get(HOME)).text
    async with acting(answering, "viewer") as reader:
        assert (await reader.get(HOME)).status_code == 403


async def test_a_known_customer_is_of_the_shop_and_it_is_written_down_once(
    one: httpx2.AsyncClient, answering: WebParts, echo: Echo, store: Store, shop: UUID
) -> None:
    await add_conversation(store, shop)
    ana = await customer_of(store, shop)
    page = await ask(one, "hola", cliente=str(ana))
    await ask(one, "¿y ahora?", cliente=str(ana))
    assert f'value="{ana}" selected' in page
    assert {said.before.customer for said in echo.asked} == {ana}
    assert (await actions(answering)).count("customer.tried") == 1

    other = await add_shop(store, "otra")
    await add_conversation(store, other)
    theirs = await customer_of(store, other)
    for wrong in (str(theirs), str(uuid4()), "x"):
        assert (await one.post(HOME, data={"pregunta": "a", "cliente": wrong})).status_code == 422
    page = await ask(one, "como nuevo")
    assert "Preguntaste: hola" not in page
    assert echo.asked[-1].before.customer != ana


async def customer_of(store: Store, shop: UUID) -> UUID:
    async with store.lookup() as connection:
        found: UUID = await connection.fetchval(
            "SELECT id FROM app.customer WHERE shop_id = $1", shop
        )
    return found


async def test_two_versions_answer_side_by_side(
    one: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop)
    theirs = await add_version(store, await add_shop(store, "otra"))
    page = (await one.get(HOME)).text
    both = await ask(one, "¿precio?", contra=str(version.id))
    first = await ask(one, "¿envío?", modelo=str(version.id), contra="x")

    assert str(version.id) in page
    assert str(theirs.id) not in page
    assert "Preguntaste: ¿precio?" in both
    assert f"{version.id} responde: ¿precio?" in both
    assert f"{version.id} responde: ¿envío?" in first
    assert "Esa versión no contesta ahora." in first


async def test_the_hour_is_one_of_the_shop_s(
    one: httpx2.AsyncClient, answering: WebParts, echo: Echo
) -> None:
    hours = answering.hours.model_copy(update={"week": {"mon-fri": "09:00-18:00"}})
    async with acting(replace(answering, hours=hours), "seller") as client:
        await ask(client, "hola", hora="abierta")
        await ask(client, "hola", hora="cerrada")
    opened, closed = (said.at.astimezone(answering.zone) for said in echo.asked)
    assert opened >= now().replace(second=0, microsecond=0)
    assert opened.weekday() < 5
    assert 9 <= opened.hour < 18
    assert closed.weekday() >= 5 or not 9 <= closed.hour < 18

    always = answering.hours.model_copy(update={"week": CLOSED})
    async with acting(replace(answering, hours=always), "seller") as client:
        never = await client.post(HOME, data={"pregunta": "hola", "hora": "cerrada"})
    assert never.status_code == 422
    assert "ese momento no llega nunca" in never.text


async def test_an_answer_becomes_a_golden_case(
    one: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await ask(one, "hola")
    await ask(one, "¿precio?")
    await ask(one, "gracias")
    empty = await one.post(f"{HOME}/prueba", data={"turno": "2"})
    await one.post(f"{HOME}/prueba", data={"turno": "2", "debe": "24.990, Azul"})

    assert empty.status_code == 422
    async with store.lookup() as connection:
        rows = await connection.fetch(
            "SELECT messages, expected::text FROM ml.eval_case"
            " WHERE shop_id = $1 AND origin = 'shop'", shop,
        )  # fmt: skip
    assert [row["messages"] for row in rows] == [["hola", "¿precio?"]]
    assert "24.990" in rows[0]["expected"]
