"""What a model says is checked, and what is down is waited for."""

from dataclasses import replace

import pytest

from events.effects import Retry
from events.partitions import Keys
from handlers.history import History
from handlers.reply import Replier
from llm.base import (
    ModelError,
    ModelMisconfigured,
    ModelRejected,
    ModelUnavailable,
)
from services.wire import Wire
from store.session import Store
from tests.handlers.replying import Scripted, ask, replier_for, turn_of, with_model


async def test_an_invented_price_never_leaves(replier: Replier) -> None:
    model = Scripted("El mate cuesta $1. Es muy bonito y viene con bombilla de acero.")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert draft.text == "Es muy bonito y viene con bombilla de acero."
    assert draft.generation.verdict == "repaired:price"


async def test_a_reply_that_is_nothing_but_invented_is_replaced_by_facts(replier: Replier) -> None:
    model = Scripted("Cuesta $1.")

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert "El precio de Mate de Calabaza con Bombilla es $14.990" in draft.text
    assert draft.generation.verdict == "replaced:price"


async def test_hosted_models_see_marks_and_the_customer_sees_their_own_data(
    replier: Replier,
) -> None:
    model = Scripted("Anotado: [MAIL_1]. Te avisamos ahí.")

    draft = await ask(with_model(replier, model), "mi correo es ana.perez@gmail.com, ¿hay mate?")

    (request,) = model.asked
    sent = "\n".join(message.content for message in request.prompt.messages(masked=True))
    assert "ana.perez" not in sent
    assert "[MAIL_1]" in sent
    assert draft.text == "Anotado: ana.perez@gmail.com. Te avisamos ahí."


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (ModelUnavailable("limited", retry_after=12.0), 12.0),
        (ModelUnavailable("down"), 5.0),
        (ModelMisconfigured("no key"), 5.0),
    ],
)
async def test_without_any_model_the_turn_waits(
    replier: Replier, error: ModelError, after: float
) -> None:
    outcome = await with_model(replier, Scripted(error)).on_turn(turn_of("hola"))

    assert isinstance(outcome, Retry)
    assert outcome.after == after


async def test_a_request_that_every_model_refuses_is_answered_with_facts(replier: Replier) -> None:
    model = Scripted(ModelRejected("content filter"))

    draft = await ask(with_model(replier, model), "cuánto cuesta el mate?")

    assert "$14.990" in draft.text
    assert (draft.generation.provider, draft.generation.verdict) == ("offline", "rejected")


async def test_without_a_catalogue_the_turn_waits_for_postgres(
    closed_store: Store, wire: Wire, prefix: str
) -> None:
    replier = replier_for(closed_store, History(wire, Keys(prefix, 4), closed_store))

    outcome = await replier.on_turn(turn_of("cuánto cuesta el mate?"))

    assert isinstance(outcome, Retry)


async def test_a_known_catalogue_answers_while_postgres_is_down(
    replier: Replier, closed_store: Store
) -> None:
    await ask(replier, "hola")
    catalogue, history = replier.reader.catalogue, replier.reader.history
    cut_off = replace(
        replier.reader,
        catalogue=replace(catalogue, store=closed_store, ttl_s=0.0),
        history=replace(history, store=closed_store),
    )

    draft = await ask(replace(replier, reader=cut_off), "cuánto cuesta el mate?")

    assert "$14.990" in draft.text
