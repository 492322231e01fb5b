"""What edits, buttons, reactions and blocks become."""

from typing import Any

import pytest

from events.contents import Alias
from events.vocabulary import (
    MessageEdited,
    ReachabilityChanged,
    ReactionChanged,
    UpdateUnsupported,
)
from tests.bot.channels.telegram.updates import ANA, NOW, PRIVATE, a_message, events_of, received


def test_an_edit_names_the_message_and_its_new_text() -> None:
    message = {**a_message(text="nuevo")["message"], "edit_date": int(NOW.timestamp()) - 1}

    (event,) = events_of({"update_id": 2, "edited_message": message})

    assert isinstance(event, MessageEdited)
    assert (event.platform_id, event.text) == ("5", "nuevo")
    assert event.conversation == received(a_message(text="a")).conversation


def test_an_edit_of_a_formatted_message_tells_its_words() -> None:
    body = {"blocks": [{"type": "paragraph", "text": "mañana a las 10"}]}
    update = {"update_id": 1, "edited_message": a_message(rich_message=body)["message"]}

    (event,) = events_of(update)
    assert isinstance(event, MessageEdited)
    assert event.text == "mañana a las 10"


def test_a_moving_location_is_not_an_edit() -> None:
    message = a_message(location={"latitude": 1, "longitude": 2})["message"]

    (event,) = events_of({"update_id": 2, "edited_message": message})

    assert isinstance(event, UpdateUnsupported)


class TestButtons:
    def pressed(self, **fields: object) -> dict[str, Any]:
        query = {"id": "77", "from": ANA, "data": "buy:1", "chat_instance": "x", **fields}
        return {"update_id": 3, "callback_query": query}

    def test_a_button_is_an_action_with_its_title(self) -> None:
        keyboard = {"inline_keyboard": [[{"text": "Comprar", "callback_data": "buy:1"}]]}
        message = a_message(text="¿lo quieres?", reply_markup=keyboard)["message"]

        event = received(self.pressed(message=message))

        assert (event.content, event.action, event.text) == ("action", "buy:1", "Comprar")
        assert (event.reply_to, event.platform_id, event.addressed) == ("5", "callback:77", True)
        assert event.conversation == received(a_message(text="a")).conversation

    def test_a_button_under_a_message_too_old_to_see_still_works(self) -> None:
        event = received(self.pressed(message={"chat": PRIVATE, "message_id": 5, "date": 0}))

        assert (event.action, event.text, event.at, event.addressed) == ("buy:1", "", NOW, True)

    def test_a_button_in_a_chat_without_us_gets_no_answer(self) -> None:
        event = received(self.pressed(inline_message_id="abc"))

        assert (event.chat, event.addressed, *event.flags) == ("7", False, "inline")


@pytest.mark.parametrize(
    ("new", "emoji"),
    [
        ([{"type": "emoji", "emoji": "❤"}], "❤"),
        ([{"type": "custom_emoji", "custom_emoji_id": "5"}], "5"),
        ([{"type": "paid"}], "paid"),
        ([], None),
    ],
)
def test_a_reaction_comes_and_goes(new: list[Any], emoji: str | None) -> None:
    reaction = {"chat": PRIVATE, "message_id": 5, "user": ANA, "date": 1, "new_reaction": new}

    (event,) = events_of({"update_id": 4, "message_reaction": reaction})

    assert isinstance(event, ReactionChanged)
    assert (event.platform_id, event.emoji, event.sender.id) == ("5", emoji, "7")


@pytest.mark.parametrize(
    ("old", "new", "emoji"),
    [("❤", "❤👍", "👍"), ("❤", "👍❤", "👍"), ("❤👍", "❤", "❤"), ("❤👍", "", None)],
)
def test_of_several_reactions_the_new_one_speaks(old: str, new: str, emoji: str | None) -> None:
    reaction = {
        "chat": PRIVATE,
        "message_id": 5,
        "user": ANA,
        "date": 1,
        "old_reaction": [{"type": "emoji", "emoji": one} for one in old],
        "new_reaction": [{"type": "emoji", "emoji": one} for one in new],
    }

    (event,) = events_of({"update_id": 4, "message_reaction": reaction})

    assert isinstance(event, ReactionChanged)
    assert event.emoji == emoji
    assert event.sender.aliases == (Alias("telegram", "7"),)


@pytest.mark.parametrize(
    ("member", "reachable"),
    [
        ({"status": "kicked"}, False),
        ({"status": "left"}, False),
        ({"status": "member"}, True),
        ({"status": "restricted", "is_member": True, "can_send_messages": True}, True),
        ({"status": "restricted", "is_member": True, "can_send_messages": False}, False),
        ({"status": "restricted", "is_member": False, "can_send_messages": True}, False),
        ({"status": "from_the_future"}, True),
    ],
)
def test_a_customer_who_blocks_us_is_unreachable(
    member: dict[str, Any], *, reachable: bool
) -> None:
    change = {"chat": PRIVATE, "from": ANA, "date": 1, "new_chat_member": member}

    (event,) = events_of({"update_id": 4, "my_chat_member": change})

    assert isinstance(event, ReachabilityChanged)
    assert event.reachable is reachable
    assert event.conversation == received(a_message(text="a")).conversation


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"is_enabled": True, "rights": {"can_reply": True}}, "business_connection:ready"),
        ({"is_enabled": True, "can_reply": True}, "business_connection:ready"),
        ({"is_enabled": True, "rights": {}}, "business_connection:cannot_reply"),
        ({"is_enabled": True}, "business_connection:cannot_reply"),
        ({"is_enabled": False, "rights": {"can_reply": True}}, "business_connection:disabled"),
    ],
)
def test_what_a_business_allows_us_is_told(fields: dict[str, Any], reason: str) -> None:
    change = {"id": "B", "user": ANA, "user_chat_id": 7, "date": 1, **fields}

    (event,) = events_of({"update_id": 4, "business_connection": change})

    assert isinstance(event, UpdateUnsupported)
    assert event.reason == reason
