"""Who is asking, decided once however often a turn is handled, and what is told then."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs
from sqlalchemy import func, insert, select

from config.packs import load_pack
from config.shapes import Term
from handlers.books import Books
from handlers.challenge import NOTE, Given, given
from handlers.identity import Identity
from handlers.lending import Lending
from handlers.reading import Understanding
from handlers.steps import Asked, Decision, NotYet, Situation
from knowledge.glossary import build_glossary
from nlu.parse import build_parser
from store import fields
from store.app import Customer
from store.lending import ClientLink, IdentityFailure
from store.session import Store
from tests.handlers.replying import NOW, turn_of
from tests.llm.talking import INDEX
from tests.store.lending import lend

PACK: Final = load_pack("creditos")
PARSER: Final = build_parser(PACK)
OWN: Final = Term(word="cachito", definition="Lo que falta.", table="loan", field="balance")
WORDS: Final = build_glossary((*PACK.glossary, OWN))
"""What the shop's dictionary holds: the pack's words, and one of its own."""
RIGHT: Final = "5678 y 12/03/1985"
ZONE: Final = ZoneInfo("America/Santiago")


def asked(text: str, chat: str = "ana", *, at_hour: float = 0, account: str = "") -> Asked:
    reading = Understanding(PACK, PARSER, glossary=WORDS).read(text, INDEX)
    turn = turn_of(text, chat=chat)
    turn = structs.replace(turn, account=account) if account else turn
    return Asked(turn, reading, Situation(), NOW + timedelta(hours=at_hour))


def said(text: str) -> Given:
    return given(text, NOW.date())


async def meet(store: Store, shop: UUID, *chats: str) -> None:
    rows = [{"shop_id": shop, "id": turn_of(chat=chat).customer} for chat in chats]
    async with store.transaction() as session:
        await session.execute(insert(Customer), rows)


async def counted(store: Store, model: type[ClientLink] | type[IdentityFailure]) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
async def lending(store: Store, shop: UUID) -> Lending:
    await lend(store, shop)
    async with store.transaction() as session:
        await fields.sync(session, shop)
    return Lending(Books(store), Identity(store), PACK, ZONE)


def told(decision: Decision | None) -> str:
    assert decision is not None
    assert decision.answer is not None
    return decision.answer.completion.text


async def test_a_customer_who_is_being_written_down_is_waited_for_where_phones_are_vouched_for(
    store: Store, shop: UUID, lending: Lending
) -> None:
    with pytest.raises(NotYet):
        await lending.identity.known(asked("hola"))
    with pytest.raises(NotYet):
        await lending.identity.proved(asked(RIGHT), said(RIGHT))
    assert await lending.identity.known(asked("hola", account="web:main")) is None
    await meet(store, shop, "ana")
    assert await lending.identity.known(asked("hola")) is None


async def test_a_turn_that_is_handled_again_changes_nothing(
    store: Store, shop: UUID, lending: Lending
) -> None:
    await meet(store, shop, "ana", "eve")
    guess = said("9999 01/01/1999")
    wrong = [await lending.identity.proved(asked("x", "eve"), guess) for _ in range(5)]
    assert wrong == ["wrong"] * 5
    assert await counted(store, IdentityFailure) == 1
    right = {await lending.identity.proved(asked(RIGHT), said(RIGHT)) for _ in range(3)}
    assert len(right) == 1
    assert await counted(store, ClientLink) == 1


async def test_the_third_wrong_answer_locks_for_a_day(
    store: Store, shop: UUID, lending: Lending
) -> None:
    await meet(store, shop, "eve")
    outcomes = [
        await lending.identity.proved(asked(f"{number}", "eve"), said(f"111{number} 01/01/1999"))
        for number in range(3)
    ]
    assert outcomes == ["wrong", "wrong", "locked"]
    assert await lending.identity.proved(asked(RIGHT, "eve"), said(RIGHT)) == "locked"
    assert await lending.identity.locked(asked("otra vez", "eve", at_hour=23))
    assert not await lending.identity.locked(asked("otra vez", "eve", at_hour=25))
    later = await lending.identity.proved(asked(RIGHT, "eve", at_hour=25), said(RIGHT))
    assert isinstance(later, UUID)


async def test_guesses_from_many_chats_at_once_are_counted_one_after_the_other(
    store: Store, shop: UUID, lending: Lending
) -> None:
    chats = [f"eve{number}" for number in range(8)]
    await meet(store, shop, *chats, "late")
    await asyncio.gather(
        *(
            lending.identity.proved(asked("x", chat), said(f"100{place} 12/03/1985"))
            for place, chat in enumerate(chats)
        )
    )
    assert await lending.identity.proved(asked(RIGHT, "late"), said(RIGHT)) == "wrong"
    assert await counted(store, ClientLink) == 0


async def test_a_proof_is_asked_for_again_after_three_months(
    store: Store, shop: UUID, lending: Lending
) -> None:
    await meet(store, shop, "ana")
    client = await lending.identity.proved(asked(RIGHT), said(RIGHT))
    assert await lending.identity.known(asked("hola", at_hour=24 * 89)) == client
    assert await lending.identity.known(asked("hola", at_hour=24 * 91)) is None


@pytest.mark.parametrize(
    ("account", "chat"), [("telegram:main", "-100123"), ("whatsapp:main", "123@g.us")]
)
async def test_in_a_group_nothing_is_told_and_nothing_is_proved(
    store: Store, shop: UUID, lending: Lending, account: str, chat: str
) -> None:
    await meet(store, shop, chat)
    one = asked("cuánto debo?", chat, account=account)
    asking = await lending.instead(asked("cuánto debo?", chat))
    assert asking is not None
    assert "en privado" in told(await lending.instead(one))
    there = replace(asked(RIGHT, chat, account=account), situation=Situation(notes=asking.notes))
    assert await lending.before(there) is None


async def test_an_answer_is_taken_while_it_is_waited_for_and_not_later(
    store: Store, shop: UUID, lending: Lending
) -> None:
    await meet(store, shop, "ana")
    ask = await lending.instead(asked("cuánto debo del préstamo 1001?"))
    assert ask is not None
    assert ask.purpose == "identity"
    waiting = Situation(notes=ask.notes)
    assert await lending.before(asked(RIGHT)) is None
    late = replace(asked(RIGHT, at_hour=1), situation=waiting)
    assert await lending.before(late) is None
    other = replace(asked("qué requisitos piden?"), situation=waiting)
    assert await lending.before(other) is None
    answered = await lending.before(replace(asked(RIGHT), situation=waiting))
    assert answered is not None
    assert "$900" in told(answered)
    assert (answered.purpose, answered.notes) == ("identity", {NOTE: ""})


async def test_a_word_of_the_shop_s_own_leads_to_a_record(
    store: Store, shop: UUID, lending: Lending
) -> None:
    await meet(store, shop, "ana")
    ask = await lending.instead(asked("cuál es mi cachito?"))
    assert ask is not None
    answered = await lending.before(replace(asked(RIGHT), situation=Situation(notes=ask.notes)))
    assert "$900" in told(answered)
