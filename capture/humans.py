"""What people of the shop say teaches by example: rows of `ml.training_data` by a human author."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from uuid import UUID

from capture.batch import Batch, Placed
from capture.demonstrations import (
    LINES,
    NO_ANSWER,
    Change,
    Lesson,
    Line,
    More,
    Words,
    as_it_stood,
    taught,
)
from capture.lessons import TRAINING, Names, as_json, served_as
from capture.masking import Mask
from config.manners import TakeoverSettings
from events.contents import Generation
from events.manners import MediaRead
from events.vocabulary import MessageReceived, ReplyDispatched
from store.batches import Row, storable
from store.session import BatchConnection
from text.privacy import Recogniser

Said: TypeAlias = MessageReceived | ReplyDispatched
Key: TypeAlias = tuple[UUID, UUID]
PLAIN: Final = Generation()
ROLES: Final = {"customer": "user", "bot": "assistant", "human": "assistant"}
POSITION: Final = TRAINING.columns.index("position")
TEXT: Final = TRAINING.columns.index("bot_response")

# What was said before each message, and itself, the newest first.
BEFORE: Final = """
SELECT asked.shop_id, asked.id, m.id, m.position, m.author, m.content,
       coalesce(nullif(m.text, ''), CASE WHEN m.deleted_at IS NULL THEN m.reading END, ''),
       m.at, m.turn_id, m.platform_id, m.purpose, m.masks, coalesce(m.edited_position, 0),
       m.deleted_at IS NOT NULL,
       EXISTS (SELECT FROM jsonb_array_elements(t.context -> 'sources') used
               WHERE t.author = 'bot' AND used ->> 'id' = ANY ($6::text[])),
       CASE WHEN t.author = 'human' THEN t.position END
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
       AS asked(shop_id, conversation_id, id, position)
CROSS JOIN LATERAL (
  SELECT m.* FROM app.message m
  WHERE m.shop_id = asked.shop_id AND m.conversation_id = asked.conversation_id
    AND m.position <= asked.position
  ORDER BY m.position DESC LIMIT $5
) m
LEFT JOIN ml.training_data t ON t.shop_id = m.shop_id AND t.id = m.id
ORDER BY asked.shop_id, asked.id, m.position DESC
"""

# The place moves with the answer: its follow-up is the first message after all of it.
GO_ON: Final = """
UPDATE ml.training_data t
SET bot_response = t.bot_response || chr(10) || news.text, position = news.position
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) AS news(shop_id, id, text, position)
WHERE t.shop_id = news.shop_id AND t.id = news.id AND t.position < news.position
"""

TAGS: Final = """
UPDATE app.message m SET masks = news.masks::jsonb
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS news(shop_id, id, masks)
WHERE m.shop_id = news.shop_id AND m.id = news.id
  AND CASE WHEN m.deleted_at IS NULL THEN true ELSE false END
"""


@dataclass(slots=True)
class Answer:
    """A row as far as this batch knows it: a new one, or with nothing `new`, one that goes on."""

    shop: UUID
    id: UUID
    mask: Mask
    position: int
    texts: list[str]
    new: Row | None = None


@dataclass(frozen=True, slots=True)
class Teaching:
    """One batch's words, in the order in which they were said."""

    names: Names
    own: tuple[Recogniser, ...]
    changes: Mapping[Key, Sequence[Change]]
    readings: Sequence[Placed[MediaRead]]
    answers: dict[Key, Answer] = field(default_factory=dict)
    tags: dict[Key, str] = field(default_factory=dict)

    def take(self, said: Said, position: int, lines: Sequence[Line]) -> None:
        """Nothing is taken twice: a row that exists tells how far it goes."""
        words = Words(_id(said), position, said.text, said.at, said.reply_to)
        lines = [self._as_known(said, line, position) for line in lines]
        if any(line.id == words.id and line.taught is not None for line in lines):
            return
        before = [line for line in lines if line.id != words.id]
        match taught(words, before):
            case Lesson() as lesson:
                self._begin(said, position, lesson)
            case More(line) if line.taught is not None and line.taught < position:
                self._go_on(said, position, line, before)
            case _:
                pass

    def _begin(self, said: Said, position: int, lesson: Lesson) -> None:
        mask = self._mask(said)
        asked = mask("\n".join(line.text for line in lesson.question if line.text))
        context = {
            "history": [mask(f"{ROLES[line.author]}: {line.text}") for line in lesson.before],
            "sources": [],
            "verdict": "human",
        }
        text = mask(said.text)
        row = (
            said.shop, _id(said), said.customer, said.conversation, lesson.turn, said.request_id,
            position, "human", asked, text, PLAIN.intensity, PLAIN.tone, PLAIN.locale,
            PLAIN.intent, "{}", PLAIN.confidence, as_json(context), None, None, PLAIN.category,
            "", "", "", 0, 0, 0, lesson.question[-1].at, said.at, *served_as(None),
        )  # fmt: skip
        self.answers[said.shop, _id(said)] = Answer(
            said.shop, _id(said), mask, position, [text], row
        )
        self._remember(said, mask)

    def _go_on(self, said: Said, position: int, line: Line, before: Sequence[Line]) -> None:
        key = said.shop, line.id
        answer = self.answers.get(key)
        if answer is None:
            tags = (one.masks for one in before if one.author == "human" and one.masks)
            mask = self._mask(said, next(tags, None))
            answer = self.answers[key] = Answer(said.shop, line.id, mask, position, [])
        answer.texts.append(answer.mask(said.text))
        answer.position = position
        self._remember(said, answer.mask)

    def _remember(self, said: Said, mask: Mask) -> None:
        """Whoever reads on from here uses the same tags."""
        if mask.tags.known:
            self.tags[said.shop, _id(said)] = as_json(mask.tags.known)

    def _mask(self, said: Said, tags: Mapping[str, str] | None = None) -> Mask:
        writer = said.sender.name if isinstance(said, MessageReceived) else None
        return Mask((self.names.get((said.shop, said.customer)), writer), self.own, tags)

    def _as_known(self, said: Said, line: Line, position: int) -> Line:
        """With what this batch brings, but has not written down."""
        changes = self.changes.get((said.shop, said.conversation), ())
        line = as_it_stood(line, changes, position)
        if not line.text and not line.gone:
            heard = (
                read.reading.text
                for read, place in self.readings
                if read.reading.message == line.id and place < position
            )
            line = replace(line, text=next(heard, ""))
        answer = self.answers.get((said.shop, line.id))
        return line if answer is None else replace(line, taught=answer.position)


async def teach(
    connection: BatchConnection,
    batch: Batch,
    names: Names,
    *,
    own: tuple[Recogniser, ...],
    knobs: TakeoverSettings,
) -> Sequence[Key]:
    """After the batch's messages are written, and before what happened to them is. The rows that
    are new, or go on."""
    people = (one for one in _by_people(batch) if not knobs.is_staff(one[0].account, one[0].chat))
    said = sorted(people, key=lambda placed: placed[1])
    if not said:
        return ()
    lines = await _before(connection, said)
    readings = [(one, place) for one, place in batch.dealings if isinstance(one, MediaRead)]
    changes: dict[Key, list[Change]] = defaultdict(list)
    for change, place in batch.changed:
        changes[change.shop, change.conversation].append((change, place))
    teaching = Teaching(names, own, changes, readings)
    for one, position in said:
        teaching.take(one, position, lines[one.shop, _id(one)])
    await _write(connection, teaching)
    return list(teaching.answers)


def _by_people(batch: Batch) -> Iterator[Placed[Said]]:
    for message, position in batch.received:
        if message.author == "human" and message.text and message.content != "service":
            yield message, position
    for reply, position in batch.replies:
        if reply.author == "human" and reply.purpose == "answer":
            yield reply, position


def _id(said: Said) -> UUID:
    return said.reply if isinstance(said, ReplyDispatched) else said.id


async def _before(
    connection: BatchConnection, said: Sequence[Placed[Said]]
) -> Mapping[Key, list[Line]]:
    asked = [(one.shop, one.conversation, _id(one), position) for one, position in said]
    found: dict[Key, list[Line]] = defaultdict(list)
    for row in await connection.fetch(BEFORE, *zip(*asked, strict=True), LINES + 1, NO_ANSWER):
        shop, words, *line = row
        found[shop, words].append(Line(*line))
    return found


async def _write(connection: BatchConnection, teaching: Teaching) -> None:
    new, more = [], []
    for answer in teaching.answers.values():
        if answer.new is not None:
            row = list(answer.new)
            row[POSITION], row[TEXT] = answer.position, "\n".join(answer.texts)
            new.append(tuple(row))
        else:
            more.append((answer.shop, answer.id, "\n".join(answer.texts), answer.position))
    await TRAINING.write(connection, new)
    if more:
        shops, ids, texts, positions = zip(*more, strict=True)
        await connection.execute(GO_ON, shops, ids, storable(texts), positions)
    if teaching.tags:
        shops, ids = zip(*teaching.tags, strict=True)
        await connection.execute(TAGS, shops, ids, list(teaching.tags.values()))
