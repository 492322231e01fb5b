"""Reactions, edits, echoes, groups and statuses of the Cloud API."""

from uuid import UUID

import pytest

from events.vocabulary import (
    DeliveryUpdated,
    MessageDeleted,
    MessageEdited,
    ReachabilityChanged,
    ReactionChanged,
    UpdateUnsupported,
)
from tests.bot.channels.whatsapp_cloud.payloads import (
    LINE,
    PHONE,
    a_message,
    events_of,
    received,
    told,
    with_echo,
    with_message,
    with_status,
)

REPLY = UUID(int=7)


@pytest.mark.parametrize("emoji", ["😮", "", None])
def test_a_reaction_without_an_emoji_was_taken_back(emoji: str | None) -> None:
    body = with_message("reaction", {"message_id": "wamid.ours", "emoji": emoji})
    (event,) = events_of(body)

    assert isinstance(event, ReactionChanged)
    assert (event.platform_id, event.emoji) == ("wamid.ours", emoji or None)


def test_an_edit_and_a_revocation_name_the_message_they_are_about() -> None:
    inner = {"type": "image", "image": {"id": "9", "caption": "mejor"}}
    edit = {"original_message_id": "wamid.0", "message": inner}
    (edited,) = events_of(with_message("edit", edit))
    (revoked,) = events_of(with_message("revoke", {"original_message_id": "wamid.0"}))

    assert isinstance(edited, MessageEdited)
    assert (edited.platform_id, edited.text) == ("wamid.0", "mejor")
    assert isinstance(revoked, MessageDeleted)
    assert revoked.platform_id == "wamid.0"
    assert edited.conversation == revoked.conversation == received(with_message()).conversation


def test_what_a_person_writes_on_the_phone_is_in_the_customers_conversation() -> None:
    (edited,) = events_of(
        with_echo("edit", {"original_message_id": "w", "message": a_message("text", {"body": "b"})})
    )
    (reacted,) = events_of(with_echo("reaction", {"message_id": "w", "emoji": "👍"}))
    echo, customers = received(with_echo()), received(with_message())

    assert (echo.author, echo.chat, echo.sender.id) == ("human", PHONE, LINE)
    assert (echo.conversation, echo.customer) == (customers.conversation, customers.customer)
    assert (echo.addressed, "echo" in echo.flags) == (False, True)
    assert isinstance(edited, MessageEdited)
    assert isinstance(reacted, UpdateUnsupported)


def test_in_a_group_only_a_reply_to_us_is_for_us() -> None:
    there = {"group_id": "capi-group"}
    said = received(with_message(**there))
    asked = received(with_message(**there, context={"from": LINE, "id": "wamid.ours"}))

    assert (said.chat, said.addressed, asked.addressed) == ("capi-group", False, True)
    assert said.conversation == asked.conversation != received(with_message()).conversation


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("played", "read"),
        ("failed", "failed"),
    ],
)
def test_a_status_tells_how_far_a_part_of_ours_got(status: str, state: str) -> None:
    event = told(with_status(status, biz_opaque_callback_data=f"{REPLY}:3"))

    assert (event.state, event.platform_id, event.chat) == (state, "wamid.out", PHONE)
    assert (event.reply, event.part) == (REPLY, 3)
    assert event.conversation == received(with_message()).conversation


@pytest.mark.parametrize(
    "tracker", ["some data", "order:1", f"{REPLY}:", f"{REPLY}:-1", f"{REPLY}:{10**30}"]
)
def test_what_others_track_is_not_ours(tracker: str) -> None:
    event = told(with_status("sent", biz_opaque_callback_data=tracker))

    assert (event.reply, event.part) == (None, None)


def test_a_failure_says_why_with_its_code() -> None:
    details = {"details": "Re-engagement message"}
    error = {"code": 131047, "title": "24 hours have passed", "error_data": details}

    (event,) = events_of(with_status("failed", errors=[error]))

    assert isinstance(event, DeliveryUpdated)
    assert event.reason == "131047 24 hours have passed: Re-engagement message"


@pytest.mark.parametrize("code", [131026, 131050])
def test_a_customer_who_cannot_be_reached_any_more_is_told_of(code: int) -> None:
    failed, closed = events_of(with_status("failed", errors=[{"code": code}]))

    assert isinstance(closed, ReachabilityChanged)
    assert (closed.reachable, closed.conversation) == (False, failed.conversation)
    assert closed.id != failed.id


def test_every_status_of_a_message_is_an_event_of_its_own() -> None:
    group = {"recipient_type": "group", "recipient_id": "g"}
    bodies = [
        with_status("sent"),
        with_status("delivered"),
        with_status("delivered", **group, recipient_participant_id="1"),
        with_status("delivered", **group, recipient_participant_id="2"),
        with_status("sent", **group),
    ]

    assert len({told(body).id for body in bodies}) == len(bodies)
