"""Several questions in one message: code decides some of them, a model answers the rest."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from config.manners import OrderSettings
from config.packs import Pack, load_pack
from config.shapes import Term
from handlers.answering import Answering
from handlers.books import Books
from handlers.identity import Identity
from handlers.ledger import Ledger
from handlers.lending import Lending
from handlers.orders import Orders
from handlers.reading import Understanding
from handlers.reply import Replier
from handlers.several import decided
from handlers.steps import Asked, Decision, Situation
from knowledge.glossary import NO_TERMS, Glossary, build_glossary
from knowledge.search import Search
from llm.offline import OfflineModel
from nlu.parse import parser_of
from store import fields
from store.app import Customer
from store.session import Store
from tests.handlers.replying import NOW, Scripted, ask, turn_of, with_model
from tests.handlers.replying import PACK as SHOP_PACK
from tests.knowledge.shelf import shelf
from tests.llm.talking import INDEX
from tests.store.lending import lend

LENDER, COACH = load_pack("creditos"), load_pack("finanzas")
ZONE: Final = ZoneInfo("America/Santiago")
UF: Final = build_glossary((Term(word="CAE", definition="Lo que cuesta un crédito al año."),))


def asked(text: str, pack: Pack, glossary: Glossary = NO_TERMS) -> Asked:
    reading = Understanding(pack, parser_of(pack), glossary=glossary).read(text, INDEX)
    return Asked(turn_of(text), reading, Situation(), NOW + timedelta())


def told(decision: Decision | None) -> str:
    assert decision is not None
    assert decision.answer is not None
    return decision.answer.completion.text


async def met(store: Store, shop: UUID) -> None:
    async with store.transaction() as session:
        row = {"shop_id": shop, "id": turn_of("hola").customer}
        await session.execute(insert(Customer), [row])


@pytest.fixture
async def lending(store: Store, shop: UUID) -> Lending:
    await lend(store, shop)
    async with store.transaction() as session:
        await fields.sync(session, shop)
    await met(store, shop)
    return Lending(Books(store), Identity(store), LENDER, ZONE)


async def test_what_is_owed_and_the_hours_are_told_in_one_reply(lending: Lending) -> None:
    rest = Answering(LENDER, OfflineModel()).answer
    both = asked("¿a qué hora atienden? ¿cuánto debo?", LENDER)
    ask_who = await decided(both, lending.instead, rest)
    assert ask_who is not None
    assert told(ask_who).index("09:00") < told(ask_who).index("confirmar quién eres")
    assert (ask_who.purpose, bool(ask_who.notes)) == ("identity", True)

    right = asked("5678 y 12/03/1985", LENDER)
    await lending.before(replace(right, situation=Situation(notes=ask_who.notes)))
    decision = await decided(both, lending.instead, rest)

    assert told(decision).index("09:00") < told(decision).index("$900")
    assert decision is not None
    assert decision.answer is not None
    assert {"horario", "record_balance"} <= set(decision.answer.completion.used)
    assert any(source.kind == "record" for source in decision.answer.sources)
    assert decision.answer.verdict == "ok"


async def test_two_questions_of_records_are_asked_once_who_it_is(lending: Lending) -> None:
    rest = Answering(LENDER, OfflineModel()).answer
    both = asked("¿cuál fue mi último pago y cuándo vence mi cuota?", LENDER)

    assert told(await decided(both, lending.instead, rest)).count("confirmar quién eres") == 1


async def test_where_no_step_decides_a_model_answers_everything(lending: Lending) -> None:
    rest = Answering(LENDER, OfflineModel()).answer
    both = asked("¿qué requisitos piden y a qué hora atienden?", LENDER)

    assert len(both.reading.parts) == 2
    assert await decided(both, lending.instead, rest) is None


async def test_an_order_is_drafted_and_shipping_told(store: Store) -> None:
    orders = Orders(store, SHOP_PACK, OrderSettings())
    model = Scripted("Sí, enviamos a Temuco.")
    both = asked("quiero 2 poleras negras y saber si hacen envíos a Temuco", SHOP_PACK)

    decision = await decided(both, orders.instead, Answering(SHOP_PACK, model).answer)

    assert told(decision).index("$23.980") < told(decision).index("Temuco")
    assert decision is not None
    assert decision.answer is not None
    assert (len(decision.events), decision.purpose) == (1, "order")
    assert len(decision.answer.choices) == 2
    assert {"order_draft", "envio"} == set(decision.answer.completion.used)
    (request,) = model.asked
    assert request.question == "saber si hacen envíos a Temuco"
    assert [source.id for source in request.sources] == ["envio"]


async def test_what_a_model_answered_costs_what_it_cost(store: Store) -> None:
    orders = Orders(store, SHOP_PACK, OrderSettings())
    both = asked("quiero 2 poleras negras y saber si hacen envíos a Temuco", SHOP_PACK)
    answering = Answering(SHOP_PACK, OfflineModel())

    async def rest(left: Asked) -> object:
        answer = await answering.answer(left)
        return replace(answer, completion=replace(answer.completion, cost_micros=7))

    decision = await decided(both, orders.instead, rest)  # type: ignore[arg-type]

    assert decision is not None
    assert decision.answer is not None
    assert decision.answer.completion.cost_micros == 7
    assert decision.answer.completion.provider == "pack"


async def test_own_money_and_a_word_are_told_in_one_reply(store: Store, shop: UUID) -> None:
    await met(store, shop)
    ledger = Ledger(COACH, store, ZONE)
    both = asked("¿qué es el CAE? ¿cuánto llevo gastado este mes?", COACH, UF)

    assert await ledger.before(both) is None
    text = told(await decided(both, ledger.instead, Answering(COACH, OfflineModel()).answer))
    assert text.startswith("CAE: Lo que cuesta un crédito al año.\n\n")
    assert "este mes" in text or "gasto" in text
    alone = asked("¿cuánto llevo gastado este mes?", COACH)
    assert await ledger.before(alone) is not None
    assert await ledger.instead(alone) is None


async def test_documents_are_searched_for_each_question(
    store: Store, shop: UUID, tmp_path: Path, replier: Replier
) -> None:
    async with shelf(store, shop, tmp_path) as books:
        await books.put("agua.md", "# Cuidado\n\nLa lona encerada se lava a mano con agua fría.")
        await books.put("aval.md", "# Aval\n\nEl aval firma ante notario con doce meses.")
        found = Search(store, books.ingest.embedders)
        reader = replace(replier.reader, search=found, passages=4)
        searching = replace(replier, reader=reader)
        draft = await ask(searching, "¿cómo se lava la lona? ¿quién firma el aval ante notario?")
        alone = await ask(searching, "¿cómo se lava la lona?")

    assert draft.text.index("agua fría") < draft.text.index("ante notario")
    assert {one.title.partition(" ")[0] for one in draft.generation.sources} == {"Cuidado", "Aval"}
    assert [len(one["sources"]) for one in draft.generation.trace["asked"]] == [1, 1]
    assert "asked" not in alone.generation.trace
    assert "ante notario" not in alone.text


async def test_a_turn_of_several_questions_keeps_its_intent(replier: Replier) -> None:
    text = "¿cuánto cuesta la mochila azul y hacen envíos a Valdivia?"

    draft = await ask(with_model(replier, OfflineModel()), text)

    assert draft.generation.intent == parser_of(SHOP_PACK).parse(text).intent
    asked_of = [one["intent"] for one in draft.generation.trace["asked"]]
    assert asked_of == ["consulta_precio", "consulta_envio"]
    assert draft.generation.product_name == "Mochila Urbana Azul"
    assert {one.kind for one in draft.generation.sources} == {"product", "answer"}
