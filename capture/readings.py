"""Writes down what files were found to say, where they are kept, and what reading them took."""

from collections.abc import Sequence
from typing import Final

from capture.batch import Placed
from events.manners import MediaRead
from store.batches import BatchInsert, Row, storable
from store.dealings import MediaFile
from store.senses import SenseLog
from store.session import BatchConnection

READING: Final = """
UPDATE app.message m
SET reading = news.text, reading_confidence = news.confidence, reading_problem = news.problem
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::text[])
     AS news(shop_id, id, text, confidence, problem)
WHERE m.shop_id = news.shop_id AND m.id = news.id
"""
FILES: Final = BatchInsert.into(
    MediaFile, "shop_id", "id", "message_id", "kind", "mime", "size", "seconds", "sha256", "path"
)
USES: Final = BatchInsert.into(
    SenseLog, "shop_id", "id", "channel", "kind", "provider", "model", "seconds", "tokens_in",
    "tokens_out", "cost_micros", "message_id", "created_at",
)  # fmt: skip
VOICE: Final = frozenset({"voice", "audio"})


async def write(connection: BatchConnection, placed: Sequence[Placed[MediaRead]]) -> None:
    """The same file read twice says the same, or better: the last reading counts."""
    last = {(event.shop, event.reading.message): event for event, _ in placed}
    shops, messages = zip(*last, strict=True)
    readings = [event.reading for event in last.values()]
    await connection.execute(
        READING,
        shops,
        messages,
        storable([one.text or None for one in readings]),
        [one.confidence for one in readings],
        [one.problem for one in readings],
    )
    await FILES.write(
        connection,
        [
            (
                event.shop, event.id, event.reading.message, event.reading.content, event.mime,
                event.size, event.seconds, event.sha256, event.path,
            )
            for event in last.values()
        ],
    )  # fmt: skip
    await USES.write(connection, [row for event, _ in placed for row in _uses(event)])


def _uses(event: MediaRead) -> list[Row]:
    use = event.use
    if use is None:
        return []
    kind = "voice" if event.reading.content in VOICE else "image"
    return [
        (event.shop, event.id, event.account.partition(":")[0], kind, use.provider, use.model,
         use.seconds, use.tokens_in, use.tokens_out, use.cost_micros,
         event.reading.message, event.at)
    ]  # fmt: skip
