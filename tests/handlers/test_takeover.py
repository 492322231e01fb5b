"""Who has the word: what a person's message closes and cancels; which chats are the staff's."""

from datetime import timedelta
from typing import Literal

import pytest
from msgspec import structs

from bot.receiver import taken_over
from config.manners import FOR_GOOD_S, TakeoverSettings
from events.contents import Alias, Sender
from events.effects import NOTHING, Effects, Outcome
from events.happened import Happened, named
from events.manners import SilenceChanged
from events.vocabulary import MessageReceived, TurnReady
from handlers.takeover import INTERRUPTED, Takeover, is_staff, supersedes
from tests.handlers.replying import NOW, SHOP, turn_of
from text.commands import Command, command_of, switch

KNOBS = TakeoverSettings(
    silence_s=120, staff=("whatsapp:main:56911112222", "telegram:main:-100", "telegram:main:7")
)
JOINED = Effects(closes=named("a turn"))


async def joins(_message: MessageReceived) -> Outcome:
    return JOINED


def said(
    text: str,
    *,
    author: Literal["customer", "human"] = "customer",
    account: str = "telegram:main",
    chat: str = "ana",
    sender: Sender | None = None,
) -> MessageReceived:
    identity = named(account, chat, text)
    return MessageReceived(
        id=identity, shop=SHOP, account=account, conversation=named("conversation", chat),
        request_id=identity, at=NOW, received_at=NOW, customer=named("customer", chat), chat=chat,
        platform_id="1", sender=sender or Sender(id=chat, name="Eva"), author=author, text=text,
    )  # fmt: skip


def silence(
    reason: Literal["spoke", "command", "page", "hand_over"], *, silenced: bool = True
) -> SilenceChanged:
    turn = turn_of("hola")
    return SilenceChanged(
        id=named(reason), shop=SHOP, account=turn.account, conversation=turn.conversation,
        request_id=turn.request_id, at=NOW, received_at=NOW, silenced=silenced, reason=reason,
    )  # fmt: skip


async def heard(message: MessageReceived) -> tuple[SilenceChanged, Effects]:
    outcome = await Takeover(KNOBS, joins).on_message(message)
    assert isinstance(outcome, Effects)
    (change,) = outcome.events
    assert isinstance(change, SilenceChanged)
    return change, outcome


async def test_a_person_s_words_close_the_open_turn_and_tell_until_when() -> None:
    change, outcome = await heard(said("yo te atiendo", author="human"))
    assert (change.silenced, change.reason, change.by) == (True, "spoke", "Eva")
    assert change.until == NOW + timedelta(seconds=120)
    assert outcome.closes == "open"
    assert outcome.notes == {INTERRUPTED: NOW.isoformat()}


@pytest.mark.parametrize(
    ("text", "lasts_s", "closes"),
    [("/bot off", FOR_GOOD_S, "open"), (" /BOT@mi_bot  on ", None, None)],
)
async def test_a_person_switches_the_bot(
    text: str, lasts_s: int | None, closes: str | None
) -> None:
    change, outcome = await heard(said(text, author="human"))
    until = NOW + timedelta(seconds=lasts_s) if lasts_s else None
    assert (change.silenced, change.until, change.reason) == (bool(lasts_s), until, "command")
    assert outcome.closes == closes


async def test_a_customer_who_types_the_command_is_a_customer() -> None:
    message = said("/bot off")
    assert await Takeover(KNOBS, joins).on_message(message) == JOINED
    assert taken_over(message, KNOBS) == (message, 0)


@pytest.mark.parametrize(
    ("text", "silence_ms", "content"),
    [
        ("hola", 120_000, "text"),
        ("/bot off", FOR_GOOD_S * 1000, "service"),
        ("/bot on", -1, "service"),
    ],
)
def test_what_a_person_writes_silences_from_the_moment_it_is_stored(
    text: str, silence_ms: int, content: str
) -> None:
    event, silenced_ms = taken_over(said(text, author="human"), KNOBS)
    assert isinstance(event, MessageReceived)
    assert (silenced_ms, event.content) == (silence_ms, content)


@pytest.mark.parametrize(
    ("reason", "closes"),
    [("page", True), ("command", True), ("spoke", False), ("hand_over", False)],
)
async def test_who_takes_the_word_from_elsewhere_closes_the_open_turn(
    reason: Literal["spoke", "command", "page", "hand_over"], *, closes: bool
) -> None:
    takeover = Takeover(KNOBS, joins)
    taken = Effects(closes="open", notes={INTERRUPTED: NOW.isoformat()})
    assert await takeover.on_silence(silence(reason)) == (taken if closes else NOTHING)
    assert await takeover.on_silence(silence(reason, silenced=False)) == NOTHING


@pytest.mark.parametrize(
    ("arrived", "cancels"),
    [
        (silence("spoke"), True),
        (silence("page"), True),
        (silence("page", silenced=False), False),
        (silence("hand_over"), False),
        (turn_of("hola", revision=2), True),
        (turn_of("hola", revision=1), False),
        (turn_of("adiós", revision=2), False),
    ],
    ids=["spoke", "page", "given back", "its own", "went on", "again", "another turn"],
)
def test_an_answer_is_given_up_when_it_may_no_longer_be_said(
    arrived: Happened, *, cancels: bool
) -> None:
    running = turn_of("hola", revision=1)
    assert isinstance(running, TurnReady)
    assert supersedes(running, arrived) is cancels
    assert not supersedes(silence("spoke"), silence("page"))


STAFF = {
    "by the network's own name": said("/estado", chat="7"),
    "by the number before the domain": said(
        "/estado", account="whatsapp:main", chat="56911112222@s.whatsapp.net"
    ),
    "by another name of theirs": said(
        "/estado", account="whatsapp:main", chat="99@lid",
        sender=Sender(id="99@lid", aliases=(Alias("phone", "56911112222"),)),
    ),
    "in their group": said("/estado", chat="-100", sender=Sender(id="8")),
    "from the shop's own phone": said("/estado", chat="7", author="human"),
}  # fmt: skip
OTHERS = {
    "a customer": said("/estado"),
    "the same number on another network": said("/estado", chat="56911112222"),
    "one of the staff in a customer's group": said(
        "/estado", account="whatsapp:main", chat="1@g.us",
        sender=Sender(id="99@lid", aliases=(Alias("phone", "56911112222"),)),
    ),
    "the bot": structs.replace(said("/estado", chat="7"), author="bot"),
}  # fmt: skip


@pytest.mark.parametrize("who", STAFF)
async def test_the_staff_s_chats_have_no_turns_and_no_silence(who: str) -> None:
    assert is_staff(STAFF[who], KNOBS)
    assert await Takeover(KNOBS, joins).on_message(STAFF[who]) == NOTHING
    assert taken_over(STAFF[who], KNOBS)[1] == 0


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_is_of_the_staff(who: str) -> None:
    assert not is_staff(OTHERS[who], KNOBS)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/estado", Command("estado")),
        ("/bot@mi_bot ON 1a2b", Command("bot", ("on", "1a2b"))),
        ("hola /bot off", None),
        ("/", None),
        ("/bot" + " x" * 200, None),
    ],
)
def test_a_command_stands_alone_in_its_message(text: str, command: Command | None) -> None:
    assert command_of(text) == command


@pytest.mark.parametrize("text", ["/bot", "/bot on 1a2b", "/bots off", "bot off", "/bot off ya"])
def test_less_or_more_than_the_switch_is_a_message_like_any_other(text: str) -> None:
    assert switch(text) is None
