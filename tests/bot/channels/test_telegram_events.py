"""What edits, buttons, reactions and blocks become."""

from typing import Any

import pytest

from events.vocabulary import (
    MessageEdited,
    ReachabilityChanged,
    ReactionChanged,
    UpdateUnsupported,
)
from tests.bot.channels.updates import ANA, NOW, PRIVATE, a_message, events_of, received


def test_an_edit_names_the_message_and_its_new_text() -> None:
    message = {**a_message(text="nuevo")["message"], "edit_date": int(NOW.timestamp()) - 1}

    (event,) = events_of({"update_id": 2, "edited_message": message})

    assert isinstance(event, MessageEdited)
    assert (event.platform_id, event.text) == ("5", "nuevo")
    assert event.conversation == received(a_message(text="a")).conversation


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


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
def test_a_customer_who_blocks_us_is_unreachable(status: str, *, reachable: bool) -> None:
    change = {"chat": PRIVATE, "from": ANA, "date": 1, "new_chat_member": {"status": status}}

    (event,) = events_of({"update_id": 4, "my_chat_member": change})

    assert isinstance(event, ReachabilityChanged)
    assert event.reachable is reachable
    assert event.conversation == received(a_message(text="a")).conversation
