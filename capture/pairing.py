"""Which message may answer a reply, and what is said when one does."""

from dataclasses import dataclass
from uuid import UUID

from events.happened import caused_by
from events.manners import MediaRead
from events.vocabulary import FollowUpCaptured, MessageReceived
from text.verdicts import tapped_stars, tapped_thumb

SAYS_NOTHING = frozenset({"service", "unsupported"})
VOICE = frozenset({"voice", "audio"})
"""What these say is known later."""


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
    """A grade given by a tap is kept as such; it is no word on the reply before it."""
    if message.author != "customer" or message.content in SAYS_NOTHING:
        return False
    return tapped_thumb(message.action) is None and tapped_stars(message.action) is None


def will_be_heard(message: MessageReceived) -> bool:
    """A voice note to the bot: somebody listens to it, and tells."""
    return message.content in VOICE and bool(message.media) and message.addressed


def captured(heard: MessageReceived | MediaRead, answered: Answered) -> FollowUpCaptured | None:
    """None for a person's reply: it is kept as a demonstration and never scored."""
    if answered.author != "bot":
        return None
    if isinstance(heard, MediaRead):
        follow_up, at, content = heard.reading.message, heard.message_at, heard.reading.content
    else:
        follow_up, at, content = heard.id, heard.at, heard.content
    return FollowUpCaptured(
        id=caused_by(follow_up, "follow-up"),
        shop=heard.shop,
        account=heard.account,
        conversation=heard.conversation,
        request_id=heard.request_id,
        turn=answered.turn,
        at=at,
        received_at=heard.received_at,
        training_id=answered.training_id,
        follow_up=follow_up,
        question=answered.question,
        reply_text=answered.reply_text,
        text=answered.feedback,
        content=content,
    )
