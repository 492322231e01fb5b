"""However a history is cut into batches and delivered again, it leaves the same behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from capture.recorder import Recorder
from events.contents import Alias
from events.effects import Delivered
from events.vocabulary import FollowUpCaptured, MessageReceived, ReplyDispatched
from store import afterwards, app, ml
from store.session import Store
from tests.capture.talk import Talk, follow_ups
from tests.fixtures.store import add_shop

STEPS: dict[str, Callable[[Talk, int], Delivered]] = {
    "says": lambda talk, n: talk.says(f"mensaje {n}"),
    "says who": lambda talk, n: talk.says(f"soy cliente{n % 2}@example.com y no otra@example.com"),
    "late": lambda talk, n: talk.says(f"tarde {n}", late=1000),
    "service": lambda talk, _: talk.says("", content="service"),
    "person": lambda talk, _: talk.says("yo te atiendo", author="human"),
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
OFTEN = [*["says", "replies"] * 3, *["sent", "read", "delivered", "edits", "deletes"] * 2, *STEPS]
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


def expected(entries: Sequence[Delivered]) -> dict[UUID, UUID]:
    """The rule in plain words: replies by the message that answers them."""
    waiting: dict[UUID, ReplyDispatched | None] = {}
    pairs: dict[UUID, UUID] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, ReplyDispatched):
            waiting[event.conversation] = event
        if not isinstance(event, MessageReceived) or event.content == "service":
            continue
        reply = waiting.get(event.conversation)
        if event.author == "human":
            waiting[event.conversation] = None
        elif reply and (reply.asked_at is None or event.at >= reply.asked_at):
            waiting[event.conversation] = None
            pairs[reply.reply] = event.id
    return pairs


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(course=courses())
@example(at_once("says", "sent", "read"))
@example(at_once("replies", "sent twice", "accepted"))
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
