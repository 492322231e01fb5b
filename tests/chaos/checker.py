"""What is wrong when everything has settled: lost, doubled, out of order or stranded."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from events.groups import states
from events.happened import named
from events.stream import Stream
from store.session import open_connection
from tests.chaos.network import ACCOUNT, Network
from text.verdicts import stars

MESSAGES = """
SELECT id, conversation_id, author, position, at, purpose, text FROM app.message
WHERE conversation_id = ANY($1) ORDER BY conversation_id, position
"""
ROWS = """
SELECT t.id, t.conversation_id, t.position, t.asked_at, t.follow_up_id, t.evaluated_at,
       (SELECT count(*) FROM ml.score s WHERE s.training_id = t.id) AS scores,
       (SELECT state FROM app.delivery d WHERE d.message_id = t.id) AS state
FROM ml.training_data t WHERE conversation_id = ANY($1) ORDER BY conversation_id, position
"""
UNTAUGHT = ("follow_up", "broadcast", "csat", "thanks")
"""What was not asked for is no answer to learn from."""
LEFTOVERS = ("attempts", "timers", "timer-events", "turn", "claim")


@dataclass(slots=True)
class Findings:
    """All of these are empty after a sound run."""

    unacknowledged: int = 0
    unanswered: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    unstored: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    rowless: list[str] = field(default_factory=list)
    unpaired: list[str] = field(default_factory=list)
    unscored: list[str] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)


async def examine(
    network: Network, stream: Stream, database_url: str, *, poison: Collection[str] = ()
) -> Findings:
    """`poison` are the ids of messages that nobody can answer."""
    found = Findings(unacknowledged=network.unacknowledged())
    conversations = [
        named(ACCOUNT, "conversation", chat) for chat in {s.chat for s in network.said}
    ]
    connection = await open_connection(database_url)
    try:
        messages = await connection.fetch(MESSAGES, conversations)
        rows = await connection.fetch(ROWS, conversations)
    finally:
        await connection.close()
    _talk(found, network, messages, poison)
    _records(found, network, messages, rows)
    _pairs(found, messages, rows)
    found.pending = [f"{g.name}: {g}" for g in await states(stream) if g.pending or g.behind]
    found.leftovers = [key async for key in _leftovers(stream)]
    return found


def _talk(
    found: Findings,
    network: Network,
    messages: Sequence[asyncpg.Record],
    poison: Collection[str],
) -> None:
    """What customers saw: every message answered by one reply, the replies in order."""
    place = {str(m["id"]): m["position"] for m in messages}
    got: dict[str, list[str]] = defaultdict(list)
    for sent in network.sent:
        reply = sent.key.partition(":")[0]
        if reply not in got[sent.chat]:
            got[sent.chat].append(reply)
    answered: set[str] = set()
    for chat, replies in got.items():
        answers = [m for reply in replies for m in network.answers.get(reply, ())]
        if answers != sorted(set(answers), key=lambda one: place.get(one, 0)):
            found.out_of_order.append(f"{chat}: {answers}")
        answered.update(answers)
    due = [said for said in network.said if said.id not in poison]
    found.unanswered = [said.key for said in due if said.id not in answered]
    seen = {reply for replies in got.values() for reply in replies}
    found.unsaid = [reply for reply in network.answers if reply not in seen]


def _records(
    found: Findings,
    network: Network,
    messages: Sequence[asyncpg.Record],
    rows: Sequence[asyncpg.Record],
) -> None:
    """What was written down: each message and each reply once, in the order they were said."""
    said = {one.id for one in network.said}
    stored = [str(m["id"]) for m in messages if m["author"] == "customer"]
    ours = {str(m["id"]): m["purpose"] in UNTAUGHT for m in messages if m["author"] != "customer"}
    replies = [reply for reply, unasked in ours.items() if not unasked]
    taught = [str(row["id"]) for row in rows]
    found.unstored = sorted(said - set(stored))
    found.surplus = sorted(set(stored) - said) + sorted(set(taught) ^ set(replies))
    found.surplus += [] if len(stored) == len(set(stored)) else ["a message is stored twice"]
    told = {reply for reply in network.answers if not ours.get(reply)}
    found.rowless = sorted(told ^ set(taught))
    found.undelivered = [f"{row['id']}: {row['state']}" for row in rows if row["state"] != "sent"]
    if network.copies == 1:
        chats: dict[str, list[int]] = defaultdict(list)
        number = {one.id: one for one in network.said}
        for one in (number[id_] for id_ in stored if id_ in number):
            chats[one.chat].append(one.number)
        found.out_of_order += [f"{c}: {n}" for c, n in chats.items() if n != sorted(n)]


def _pairs(
    found: Findings, messages: Sequence[asyncpg.Record], rows: Sequence[asyncpg.Record]
) -> None:
    """A reply's follow-up is the first message between it and the next reply; a grade answers the
    question for one."""
    heard: Mapping[UUID, list[asyncpg.Record]] = defaultdict(list)
    before: dict[UUID, str] = {}
    for message in messages:
        here, asked = message["conversation_id"], before.get(message["conversation_id"])
        before[here] = message["purpose"]
        if asked == "csat" and stars(message["text"]):
            continue
        if message["author"] == "customer":
            heard[message["conversation_id"]].append(message)
    for row, end in _spans(rows):
        after = [
            m["id"]
            for m in heard[row["conversation_id"]]
            if row["position"] < m["position"] < end and m["at"] >= row["asked_at"]
        ]
        if row["follow_up_id"] != (after[0] if after else None):
            found.unpaired.append(f"{row['id']}: {row['follow_up_id']} is not {after[:1]}")
        if (row["follow_up_id"] is None) != (row["evaluated_at"] is None) or (
            row["scores"] != (row["follow_up_id"] is not None)
        ):
            found.unscored.append(f"{row['id']}: {row['scores']}")


def _spans(rows: Sequence[asyncpg.Record]) -> Iterator[tuple[asyncpg.Record, float]]:
    """Each row with the place of the next one in its conversation."""
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        same = after is not None and after["conversation_id"] == row["conversation_id"]
        yield row, after["position"] if after is not None and same else float("inf")


async def _leftovers(stream: Stream) -> AsyncIterator[str]:
    """Nothing stays behind a message that has been dealt with: no claim, timer, count or turn."""
    async for key in stream.wire.redis.scan_iter(f"{stream.keys.prefix}:{{*", count=1000):
        name = key.decode().partition("}:")[2].partition(":")[0]
        if name in LEFTOVERS:
            yield key.decode()
