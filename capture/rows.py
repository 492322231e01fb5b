"""Events as rows of `app`, in the order of the insert's columns."""

from events.vocabulary import MessageReceived, ReplyDispatched, UpdateUnsupported
from store import app
from store.batches import BatchInsert, Row
from text.ways_in import shut

MESSAGES = BatchInsert.into(
    app.Message,
    "shop_id", "id", "conversation_id", "position", "author", "content", "text", "platform_id",
    "request_id", "turn_id", "at", "received_at", "raw", "masks", "purpose",
)  # fmt: skip


def message_row(event: MessageReceived, position: int) -> Row:
    return (
        event.shop, event.id, event.conversation, position, event.author, event.content,
        event.text, event.platform_id, event.request_id, event.turn, event.at, event.received_at,
        event.raw, None, "answer",
    )  # fmt: skip


def unsupported_row(event: UpdateUnsupported, position: int) -> Row:
    return (
        event.shop, event.id, event.conversation, position, "customer", "unsupported", "", None,
        event.request_id, event.turn, event.at, event.received_at, event.raw, None, "answer",
    )  # fmt: skip


def reply_row(event: ReplyDispatched, position: int, masks: str | None) -> Row:
    return (
        event.shop, event.reply, event.conversation, position, event.author, "text",
        shut(event.text), None, event.request_id, event.turn, event.at, event.received_at, None,
        masks, event.purpose,
    )  # fmt: skip
