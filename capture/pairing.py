"""Which message may answer a reply, and what is said when one does."""

from dataclasses import dataclass
from uuid import UUID

from events.happened import caused_by
from events.vocabulary import FollowUpCaptured, MessageReceived

SAYS_NOTHING = frozenset({"service", "unsupported"})


@dataclass(frozen=True, slots=True)
class Answered:
    """The training row that a message was paired with; its texts are masked."""

    training_id: UUID
    turn: UUID | None
    author: str
    question: str
    reply_text: str
    feedback: str


def may_answer(message: MessageReceived) -> bool:
    return message.author == "customer" and message.content not in SAYS_NOTHING


def captured(message: MessageReceived, answered: Answered) -> FollowUpCaptured | None:
    """None for a person's reply: it is kept as a demonstration and never scored."""
    if answered.author != "bot":
        return None
    return FollowUpCaptured(
        id=caused_by(message.id, "follow-up"),
        shop=message.shop,
        account=message.account,
        conversation=message.conversation,
        request_id=message.request_id,
        turn=answered.turn,
        at=message.at,
        received_at=message.received_at,
        training_id=answered.training_id,
        follow_up=message.id,
        question=answered.question,
        reply_text=answered.reply_text,
        text=answered.feedback,
        content=message.content,
    )
