"""How a draft leaves, decided from what the channel offers and nothing else: pure."""

from datetime import datetime, timedelta
from typing import Literal

from bot.channels.base import Channel, Paced, Part, Tracked, Windowed
from bot.channels.offering import offers
from events.contents import Template
from events.happened import caused_by
from events.vocabulary import ReplyDispatched, ReplyDrafted
from services.clock import Clock

CITED = 2


def pause(channel: Channel, draft: ReplyDispatched, number: int, since: timedelta) -> float:
    """Before the claim, so that what a person says meanwhile still stops it. What people of the
    shop write has taken them its time already."""
    if not offers(channel, Paced) or draft.author != "bot":
        return 0.0
    written = sum(channel.pause_s(part_of(draft, one)) for one in range(number + 1))
    return written - since.total_seconds()


def policy(channel: Channel, draft: ReplyDispatched) -> Literal[0, 1, 2, 3, 4]:
    """How often an uncertain part may go again: a doubled answer is better than silence, a doubled
    payment request is not, and a network that knows our key never doubles."""
    if channel.idempotent:
        return 2
    if offers(channel, Tracked):
        return 0 if channel.repeats == "never" else 4 if draft.sensitive else 3
    return 0 if draft.sensitive else 1


def closes(channel: Channel, part: Part, draft: ReplyDispatched, now: datetime) -> bool:
    """Whether this part may leave only while the network's window is open. An answer to a question
    within the window needs no proof of it; a template needs no window."""
    if not offers(channel, Windowed) or isinstance(part.extra, Template):
        return False
    asked = draft.asked_at
    return asked is None or now - asked >= timedelta(seconds=channel.window_s)


def dispatch(draft: ReplyDrafted, clock: Clock) -> ReplyDispatched:
    shared = {name: getattr(draft, name) for name in draft.__struct_fields__}
    now = clock()
    shared |= {"id": caused_by(draft.id, "dispatched"), "at": now, "received_at": now}
    return ReplyDispatched(**shared, reply=draft.id)


def part_of(draft: ReplyDispatched, number: int) -> Part:
    """The texts first, choices under the last of them; then the extras."""
    texts = len(draft.parts)
    is_text, is_last = number < texts, number == texts - 1
    return Part(
        key=f"{draft.reply}:{number}",
        conversation=draft.conversation,
        chat=draft.chat,
        text=draft.parts[number] if is_text else "",
        thread=draft.thread,
        reply_to=draft.reply_to if number == 0 else None,
        marks=draft.marks[number] if is_text and number < len(draft.marks) else (),
        choices=draft.choices if is_last else (),
        menu=draft.menu if is_last else "",
        extra=None if is_text else draft.extras[number - texts],
        cites=cited(draft) if is_last else (),
        human=draft.author == "human",
        by=draft.by,
    )


def cited(draft: ReplyDispatched) -> tuple[str, ...]:
    """The first of the documents a reply rests on; its rows and answers are the shop's own word."""
    titles = [used.title for used in draft.generation.sources if used.kind == "passage"]
    return tuple(dict.fromkeys(titles))[:CITED]
