"""However a history is cut into batches and delivered again, it leaves the same behind."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, takewhile
from typing import Any
from uuid import UUID, uuid4

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from capture.recorder import Recorder
from events.contents import Alias
from events.effects import Delivered
from events.happened import Happened
from events.vocabulary import FollowUpCaptured, MessageDeleted, MessageReceived, ReplyDispatched
from store import afterwards, app, ml
from store.session import Store
from tests.capture.talk import Talk, follow_ups
from tests.fixtures.store import add_shop

STEPS: dict[str, Callable[[Talk, int], Delivered]] = {
    "says": lambda talk, n: talk.says(f"mensaje {n}"),
    "says who": lambda talk, n: talk.says(f"soy cliente{n % 2}@example.com y no otra@example.com"),
    "late": lambda talk, n: talk.says(f"tarde {n}", late=1000),
    "service": lambda talk, _: talk.says("", content="service"),
    "person": lambda talk, n: talk.says(f"yo te atiendo, {n}@example.com", author="human"),
    "replies": lambda talk, n: talk.replies(f"respuesta {n} a cliente{n % 2}@example.com"),
    "takes over": lambda talk, n: talk.replies(f"persona {n}", author="human"),
    "sent": lambda talk, n: talk.sent(f"t{n}"),
    "uncertain": lambda talk, n: talk.uncertain(f"reason {n}"),
    "failed": lambda talk, n: talk.failed(f"reason {n}"),
    "accepted": lambda talk, n: talk.sent(f"t{n}", state="accepted"),
    "replies twice": lambda talk, n: talk.replies(f"respuesta {n}", parts=2),
    "sent twice": lambda talk, n: talk.sent(f"t{n}", f"t{n}'"),
    "withheld": lambda talk, _: talk.withheld("stale"),
    "read": lambda talk, n: talk.status(f"t{n - 1}", "read"),
    "delivered": lambda talk, n: talk.status(f"t{n - 1 - n % 3}", "delivered"),
    "second read": lambda talk, n: talk.status(f"t{n - 1 - n % 3}'", "read"),
    "lost": lambda talk, n: talk.status(f"t{n - 1 - n % 3}", "failed", reason=f"reason {n}"),
    "known sent": lambda talk, n: talk.status(f"k{n % 5}", "sent", part=0),
    "known read": lambda talk, n: talk.status(f"k{n % 5}", "read", part=n % 2),
    "too early": lambda talk, n: talk.status(f"t{n + 1 + n % 2}", "delivered"),
    "has phone": lambda talk, n: talk.says("hola", aliases=[Alias("phone", f"+5{n % 3}")]),
    "has lid": lambda talk, n: talk.says("soy yo", aliases=[Alias("lid", f"{n % 2}")]),
    "reacts": lambda talk, n: talk.reacts(f"p{n % 3}", "👍" if n % 2 else None),
    "blocks": lambda talk, _: talk.blocks(),
    "is back": lambda talk, _: talk.blocks(reachable=True),
    "edits": lambda talk, n: talk.edits(f"p{n % 4}", f"editado {n % 2}"),
    "deletes": lambda talk, n: talk.deletes(f"p{n % 8}"),
    "baffles": lambda talk, _: talk.baffles("poll"),
}
OFTEN = [
    *["says", "replies"] * 3,
    *["person", "takes over"],
    *["sent", "read", "delivered", "edits", "deletes"] * 2,
    *STEPS,
]
PEOPLE = ("ana", "bea", "carla")
TABLES = (
    app.Customer, app.CustomerAlias, app.Conversation, app.Message, app.Delivery, app.EventLog,
    ml.TrainingData, afterwards.CustomerMerge, afterwards.DeliveryPart, afterwards.Withheld,
    afterwards.Reaction,
)  # fmt: skip


@dataclass(frozen=True)
class Course:
    """`again` says, for each batch, which earlier entries are delivered with it once more."""

    steps: list[tuple[str, str]]
    cuts: list[int]
    again: list[list[int]]
    restarts: list[bool]


@st.composite
def courses(draw: st.DrawFn) -> Course:
    steps = draw(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(OFTEN)), max_size=24))
    cuts = sorted({*draw(st.lists(st.integers(0, len(steps)), max_size=6)), len(steps)})
    earlier = st.lists(st.integers(0, max(len(steps) - 1, 0)), max_size=8)
    return Course(
        steps, cuts, [draw(earlier) for _ in cuts], [draw(st.booleans()) for _ in cuts]
    )  # fmt: skip


def at_once(*steps: str) -> Course:
    return Course([("ana", step) for step in steps], [len(steps)], [[]], [False])


def history(shop: UUID, steps: Sequence[tuple[str, str]]) -> list[Delivered]:
    places = count(1)
    talks = {name: Talk(shop, name, profile="Ana Rojas", places=places) for name in PEOPLE}
    talks[PEOPLE[0]].profile = None
    return [STEPS[step](talks[name], place) for place, (name, step) in enumerate(steps, 1)]


async def run(store: Store, shop: UUID, course: Course) -> set[bytes]:
    entries, told, done = history(shop, course.steps), set[bytes](), 0
    recorder = Recorder(store)
    for cut, again, restart in zip(course.cuts, course.again, course.restarts, strict=True):
        recorder = Recorder(store) if restart else recorder
        repeated = {place for place in again if place < cut and course.steps}
        batch = [entries[place] for place in sorted(repeated | set(range(done, cut)))]
        told |= {said(event) for event in follow_ups(await recorder.on_batch(batch))}
        done = cut
    return told


def said(event: FollowUpCaptured) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(event, shop=UUID(int=0)))


async def left(store: Store, shop: UUID) -> list[list[dict[str, Any]]]:
    found = []
    async with store.reading() as session:
        for model in TABLES:
            columns = [c for c in model.__table__.c if c.name not in {"shop_id", "created_at"}]
            keys = [c for c in model.__table__.primary_key if c.name != "shop_id"]
            query = select(*columns).where(model.__table__.c.shop_id == shop).order_by(*keys)
            found.append([dict(row) for row in (await session.execute(query)).mappings()])
    return found


@dataclass
class Part:
    """Something somebody said; of a person's words, the row they are in."""

    author: str
    at: datetime
    text: str
    platform_id: str | None = None
    row: UUID | None = None
    asked_at: datetime | None = None


def expected(entries: Sequence[Delivered]) -> dict[UUID, UUID]:
    """The rule in plain words: replies, and people's answers, by the message that answers them."""
    talks: dict[UUID, list[Part]] = defaultdict(list)
    waiting: dict[UUID, Part | None] = {}
    pairs: dict[UUID, UUID] = {}
    for entry in entries:
        event = entry.event
        talk = talks[event.conversation]
        if isinstance(event, MessageDeleted):
            for said in talk:
                said.text = "" if said.platform_id == event.platform_id else said.text
        part = heard(event, talk)
        if part is None:
            continue
        talk.append(part)
        if part.author != "customer":
            waiting[event.conversation] = part if part.row else None
            continue
        reply = waiting.get(event.conversation)
        if reply and reply.row and (reply.asked_at is None or event.at >= reply.asked_at):
            waiting[event.conversation] = None
            pairs[reply.row] = event.id
    return pairs


def heard(event: Happened, talk: Sequence[Part]) -> Part | None:
    match event:
        case ReplyDispatched(author="bot"):
            return Part("bot", event.at, event.text, row=event.reply, asked_at=event.asked_at)
        case ReplyDispatched():
            return Part("human", event.at, event.text, None, *example_of(event.reply, talk))
        case MessageReceived(author="human"):
            row, asked_at = example_of(event.id, talk)
            return Part("human", event.at, event.text, event.platform_id, row, asked_at)
        case MessageReceived() if event.content != "service":
            return Part("customer", event.at, event.text, event.platform_id)
        case _:
            return None


def example_of(words: UUID, talk: Sequence[Part]) -> tuple[UUID | None, datetime | None]:
    """One answer in several messages is one row; unasked for, there is none."""
    if talk and talk[-1].author == "human":
        return talk[-1].row, talk[-1].asked_at
    before = talk[:-1] if talk and talk[-1].author == "bot" else talk
    asked = list(takewhile(lambda part: part.author == "customer", reversed(before)))
    return (words, asked[0].at) if any(part.text for part in asked) else (None, None)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(course=courses())
@example(at_once("says", "sent", "read"))
@example(at_once("replies", "sent twice", "accepted"))
@example(at_once("says", "known sent", "says", "says", "says", "replies", "known sent"))
@example(at_once("says who", "person", "takes over", "says who", "deletes", "person"))
async def test_replays_and_cuts_change_nothing(store: Store, course: Course) -> None:
    straight, crooked = [await add_shop(store, f"shop-{uuid4()}") for _ in range(2)]
    whole = len(course.steps)
    once = Course(course.steps, list(range(1, whole + 1)), [[]] * whole, [False] * whole)
    told = await run(store, straight, once)
    assert await run(store, crooked, course) == told
    assert await left(store, crooked) == await left(store, straight)
    async with store.reading() as session:
        rows = await session.scalars(
            select(ml.TrainingData).where(ml.TrainingData.shop_id == crooked)
        )
        paired = {row.id: row.follow_up_id for row in rows if row.follow_up_id}
    assert paired == expected(history(crooked, course.steps))
