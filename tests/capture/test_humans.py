"""What people of the shop answer becomes rows that are linked to the turns they answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from capture.recorder import Recorder
from config.manners import TakeoverSettings
from events.contents import MediaReading, SourceUsed
from events.effects import Delivered
from events.happened import Happened, caused_by
from events.manners import MediaRead
from events.vocabulary import MessageReceived, ReplyDispatched
from store import ml
from store.session import Store
from tests.capture.talk import HOW, Talk, capture

HANDED = msgspec.structs.replace(
    HOW, sources=(SourceUsed(kind="answer", id="hand_over", title="Una persona"),)
)


@dataclass(frozen=True)
class Course:
    """A conversation by who speaks: "c" the customer, "v" with a voice note, "s" with a sticker,
    "p" a person, "w" one on a page, "b" the bot, "h" the bot that hands over, "/" a command; "+60"
    is an hour's pause. `taught` are the rows that people leave: question, answer, and at which
    place the one was said whose turn it is."""

    said: str
    taught: Sequence[tuple[str, str, int]] = ()


COURSES = {
    "a question": Course("c:¿precio? p:9.990", [("¿precio?", "9.990", 0)]),
    "several messages on both sides": Course(
        "c:hola c:¿precio? p:hola p:9.990 p:¿sí?", [("hola\n¿precio?", "hola\n9.990\n¿sí?", 0)]
    ),
    "two questions": Course(
        "c:¿precio? p:9.990 c:¿envío? p:gratis",
        [("¿precio?", "9.990", 0), ("¿envío?", "gratis", 2)],
    ),
    "after the bot was asked something else": Course(
        "c:hola b:¡hola! c:¿precio? p:9.990", [("¿precio?", "9.990", 2)]
    ),
    "the bot was wrong": Course("c:¿precio? b:8.990 p:9.990", [("¿precio?", "9.990", 1)]),
    "the bot handed over an hour ago": Course(
        "c:¿mayor? h:espera +60 c:¿hola? p:desde_12", [("¿mayor?\n¿hola?", "desde_12", 0)]
    ),
    "the bot handed over at night": Course(
        "c:¿mayor? h:mañana +700 p:desde_12", [("¿mayor?", "desde_12", 0)]
    ),
    "a page": Course("c:¿precio? w:9.990 w:gracias", [("¿precio?", "9.990\ngracias", 0)]),
    "a page after the phone": Course("c:¿precio? p:hola w:9.990", [("¿precio?", "hola\n9.990", 0)]),
    "a voice note": Course("v:¿precio? p:9.990", [("¿precio?", "9.990", 0)]),
    "commands": Course("c:¿precio? /:off p:9.990 /:on", [("¿precio?", "9.990", 0)]),
    "over a weekend": Course("c:¿precio? +3000 p:9.990", [("¿precio?", "9.990", 0)]),
    "an older message is quoted": Course(
        "c:¿precio? b:9.990 c:¿envío? b:3.000 p@0:hoy_8.990", [("¿precio?", "hoy_8.990", 0)]
    ),
    "an older message is quoted, and the last one answered": Course(
        "c:¿precio? b:9.990 c:¿envío? p@0:hoy_8.990 c:¿y? p:gratis",
        [("¿precio?", "hoy_8.990", 0), ("¿y?", "gratis", 4)],
    ),
    "a person speaks first": Course("p:novedades c:¿cuáles? p:gorros", [("¿cuáles?", "gorros", 1)]),
    "nobody asked": Course("c:¿precio? b:9.990 +600 p:tu_pedido_salió"),
    "long after their own answer": Course(
        "c:¿precio? p:9.990 +600 p:tu_pedido_salió", [("¿precio?", "9.990", 0)]
    ),
    "after months": Course("c:¿precio? +90000 p:tenemos_ofertas"),
    "only a sticker": Course("s: p:jaja"),
}


def played(talk: Talk, said: str) -> list[Delivered]:
    """Steps go by spaces, which are underscores within."""
    found: list[Delivered] = []
    for step in said.split(" "):
        if step.startswith("+"):
            later = next(talk.places) + int(step) * 60
            talk.places = count(later)
            continue
        who, _, text = step.partition(":")
        who, _, quoted = who.partition("@")
        found += spoken(talk, who, text.replace("_", " "))
        if quoted:
            target = found[int(quoted)].event
            assert isinstance(target, MessageReceived)
            last = found.pop()
            event = msgspec.structs.replace(last.event, reply_to=target.platform_id)
            found.append(Delivered(event, last.position))
    return found


def spoken(talk: Talk, who: str, text: str) -> list[Delivered]:
    match who:
        case "c" | "s":
            return [talk.says(text, content="text" if who == "c" else "sticker")]
        case "p":
            return [talk.says(text, author="human")]
        case "/":
            return [talk.says(f"/bot {text}", author="human", content="service")]
        case "w":
            return [talk.replies(text, author="human")]
        case "v":
            note = talk.says("", content="voice")
            return [note, heard(talk, note, text)]
        case _:
            return [talk.replies(text, how=HANDED if who == "h" else HOW)]


def heard(talk: Talk, note: Delivered, text: str) -> Delivered:
    message = note.event
    assert isinstance(message, MessageReceived)
    shared = {name: getattr(message, name) for name in ("shop", "account", "conversation", "at")}
    reading = MediaReading(message=message.id, content="voice", text=text, confidence=0.9)
    event = MediaRead(
        **shared, id=caused_by(message.id, "read"), request_id=message.request_id,
        received_at=message.received_at, customer=message.customer, chat=message.chat,
        message_at=message.at, platform_id=message.platform_id, reading=reading,
    )  # fmt: skip
    return Delivered(event, next(talk.places))


async def taught(store: Store, talk: Talk) -> list[ml.TrainingData]:
    query = (
        select(ml.TrainingData)
        .where(ml.TrainingData.conversation_id == talk.conversation)
        .where(ml.TrainingData.author == "human")
        .order_by(ml.TrainingData.position)
    )
    async with store.reading() as session:
        return list(await session.scalars(query))


def turn_of(event: Happened) -> UUID | None:
    """A turn is called after the message that began it."""
    return event.turn if isinstance(event, ReplyDispatched) else caused_by(event.id, "turn")


@pytest.mark.parametrize("batched", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("name", COURSES)
async def test_what_a_person_answers_is_linked_to_its_question(
    recorder: Recorder, store: Store, talk: Talk, name: str, *, batched: bool
) -> None:
    delivered, wanted = played(talk, COURSES[name].said), COURSES[name].taught
    captured = []
    for batch in [delivered] if batched else [[one] for one in delivered]:
        captured += await capture(recorder, *batch)
    await capture(recorder, *delivered)
    rows = await taught(store, talk)
    assert [
        (row.user_message.replace(" ", "_"), row.bot_response.replace(" ", "_"), row.turn_id)
        for row in rows
    ] == [(asked, said, turn_of(delivered[place].event)) for asked, said, place in wanted]
    assert {(row.provider, row.model, row.quality_score) for row in rows} <= {("", "", None)}
    assert not {event.training_id for event in captured} & {row.id for row in rows}


async def test_what_is_personal_has_one_tag_in_question_answer_and_what_came_next(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    asked = talk.says("mi rut es 12.345.678-5, ¿o el 11.111.111-1?")
    await capture(recorder, asked, talk.says("anotado 11.111.111-1", author="human"))
    await capture(recorder, talk.says("el 12.345.678-5 no", author="human"))
    await capture(recorder, talk.says("sí, el 12.345.678-5"))
    (row,) = await taught(store, talk)
    assert row.user_message == "mi rut es [RUT_1], ¿o el [RUT_2]?"
    assert row.bot_response == "anotado [RUT_2]\nel [RUT_1] no"
    assert row.user_feedback == "sí, el [RUT_1]"
    assert row.follow_up_id is not None


async def test_what_the_customer_has_changed_or_taken_back_before_is_learned_that_way(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("¿prexio?"), talk.says("olvídalo"))
    await capture(
        recorder, talk.edits("p1", "¿precio?"), talk.deletes("p2"),
        talk.says("9.990", author="human"), talk.edits("p1", "¿otra cosa?"),
    )  # fmt: skip
    (row,) = await taught(store, talk)
    assert row.user_message == "¿precio?"


async def test_what_the_staff_write_in_their_own_chat_teaches_nothing(
    store: Store, talk: Talk
) -> None:
    knobs = TakeoverSettings(staff=("telegram:main:ana",))
    await capture(
        Recorder(store, takeover=knobs), talk.says("/estado"), talk.says("ya", author="human")
    )
    assert await taught(store, talk) == []
