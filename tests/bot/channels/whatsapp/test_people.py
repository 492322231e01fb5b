"""Who writes in WhatsApp, to whom, when; and what becomes of what we have sent."""

from typing import Any

import pytest

from events.contents import Alias
from events.happened import Happened
from events.vocabulary import DeliveryUpdated, MessageReceived
from tests.bot.channels.whatsapp.said import (
    ANA,
    GROUP,
    HIDDEN,
    NOW,
    NOW_MS,
    REPLY,
    US,
    US_HIDDEN,
    heard,
    received,
    told,
)
from tests.servers.protobufs import MESSAGE, RECEIPT, UNREADABLE, N, fill, info, message


@pytest.mark.parametrize("chat", ["status@broadcast", "123@broadcast", "123@newsletter"])
def test_what_nobody_says_to_us_is_dropped(chat: str) -> None:
    assert heard("oferta", chat) == ()


@pytest.mark.parametrize(
    ("context", "addressed"),
    [
        ({}, False),
        ({"mentionedJID": [ANA]}, False),
        ({"mentionedJID": [US]}, True),
        ({"mentionedJID": [US_HIDDEN]}, True),
        ({"stanzaID": "OLD", "participant": US_HIDDEN}, True),
    ],
)
def test_in_a_group_we_answer_those_who_call_us(
    context: dict[str, Any],
    addressed: bool,  # noqa: FBT001  a case
) -> None:
    text = {"extendedTextMessage": {"text": "@56900000000 hola", "contextInfo": context}}
    event = received(text, GROUP, sender=HIDDEN)
    other = received(text, GROUP, sender=ANA)

    assert event.addressed is addressed
    assert ("mentioned" in event.flags) is addressed
    assert event.chat == GROUP
    assert event.conversation != other.conversation, "each member has a conversation"


def test_a_hidden_number_and_its_phone_are_one_person() -> None:
    event = received("hola", HIDDEN, SenderAlt=ANA)

    assert event.chat == HIDDEN, "the answer goes where the message came from"
    assert event.sender.aliases == (
        Alias("lid", "222222222222222"),
        Alias("wa_id", "56911111111"),
        Alias("phone", "56911111111"),
    )
    assert received("hola", ANA, SenderAlt=HIDDEN).conversation == event.conversation
    assert received("hola", HIDDEN).conversation == event.conversation


def test_a_phone_number_is_never_required() -> None:
    event = received("hola", HIDDEN)

    assert event.sender.aliases == (Alias("lid", "222222222222222"),)


def test_a_groups_key_says_nothing() -> None:
    assert heard({"senderKeyDistributionMessage": {"groupID": GROUP}}, GROUP, sender=ANA) == ()


def test_our_own_phone_writes_in_the_customers_conversation() -> None:
    event = received("Hola, soy Luis", ANA, sender=US, from_me=True, RecipientAlt=HIDDEN)

    assert event.author == "human"
    assert event.conversation == received("x", ANA, SenderAlt=HIDDEN).conversation
    assert not event.addressed


def test_what_we_have_sent_ourselves_is_no_news() -> None:
    assert heard("x", ANA, sender=US, from_me=True, ours={"3EB0AB": f"{REPLY}:0"}) == ()


def test_what_is_old_is_not_answered_and_what_is_merely_late_is() -> None:
    old = received("hola", Timestamp=NOW_MS - 11 * 60_000)
    raw = message("3EB0AB", ANA, "hola", Timestamp=NOW_MS - 60_000)
    (late,) = told(MESSAGE, raw, offline=True)

    assert isinstance(late, MessageReceived)
    assert "backlog" in old.flags
    assert not old.addressed
    assert late.flags == {"offline"}
    assert late.addressed


@pytest.mark.parametrize(
    ("kind", "state"),
    [("DELIVERED", "delivered"), ("READ", "read"), ("PLAYED", "read"), ("SENDER", None),
     ("READ_SELF", None), ("RETRY", None)],
)  # fmt: skip
def test_a_receipt_says_how_far_our_message_got(kind: str, state: str | None) -> None:
    ids = ["OURS", "THEIRS"]
    receipt = N.Receipt(MessageSource=info("", ANA).MessageSource, MessageIDs=ids, Type=kind)
    receipt.Timestamp = int(NOW.timestamp())

    found = told(RECEIPT, fill(receipt).SerializeToString(), ours={"OURS": f"{REPLY}:2"})

    assert [getattr(event, "state", None) for event in found] == ([state] if state else [])
    for event in found:
        assert isinstance(event, DeliveryUpdated)
        assert (event.platform_id, event.reply, event.part, event.at) == ("OURS", REPLY, 2, NOW)


def unreadable(mode: str = "DECRYPT_FAIL_SHOW") -> tuple[Happened, ...]:
    event = N.UndecryptableMessage(Info=info("3EB0AB", ANA, Timestamp=NOW_MS), DecryptFailMode=mode)
    return told(UNREADABLE, fill(event).SerializeToString())


def test_what_cannot_be_decrypted_is_told_and_may_still_come() -> None:
    (event,) = unreadable()

    assert isinstance(event, MessageReceived)
    assert event.content == "unsupported"
    assert "undecryptable" in event.flags
    assert event.id != received("llegó").id
    assert unreadable("DECRYPT_FAIL_HIDE") == ()


def test_a_persons_devices_are_one_address() -> None:
    event = received("hola", HIDDEN, sender=HIDDEN.replace("@", ":12@"))

    assert event.conversation == received("hola", HIDDEN).conversation
