"""Who is heard, and where."""

from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram.people import groups_of
from events.contents import Alias
from events.vocabulary import (
    ChatMigrated,
    MessageDeleted,
)
from tests.bot.channels.telegram.updates import (
    GROUP,
    NOBODY,
    PRIVATE,
    US,
    a_message,
    events_of,
    in_group,
    received,
)


class TestGroups:
    @pytest.mark.parametrize(
        ("fields", "addressed"),
        [
            ({"text": "hola a todos"}, False),
            ({"text": "oye @tiendabot precio"}, True),
            ({"text": "oye @tiendabot2 precio"}, False),
            ({"text": "mail ana@tiendabot"}, False),
            ({"text": "/precio"}, True),
            ({"text": "/precio@TiendaBot"}, True),
            ({"text": "/precio@OtroBot"}, False),
            ({"text": "sí", "reply_to_message": {"message_id": 1, "from": {"id": 42}}}, True),
            ({"text": "sí", "reply_to_message": {"message_id": 1, "from": {"id": 9}}}, False),
            ({"photo": [{"file_id": "F"}], "caption": "@TiendaBot esto"}, True),
            ({"text": "Tienda", "entities": [{"type": "text_mention", "user": {"id": 42}}]}, True),
            ({"text": "@TiendaBot", "is_automatic_forward": True}, False),
        ],
    )
    def test_we_are_addressed_by_name_command_or_reply(
        self, fields: dict[str, Any], *, addressed: bool
    ) -> None:
        assert received(in_group(**fields)).addressed is addressed

    def test_while_we_do_not_know_our_name_any_bot_may_be_us(self) -> None:
        reply = {"message_id": 1, "from": {"id": 9, "is_bot": True}}

        assert received(in_group(text="@algun_bot hola"), NOBODY).addressed
        assert received(in_group(text="sí", reply_to_message=reply), NOBODY).addressed
        assert not received(in_group(text="hola @ana"), NOBODY).addressed

    def test_each_member_and_topic_has_a_conversation(self) -> None:
        topic = {"message_thread_id": 3, "is_topic_message": True}
        ana, bea = in_group(text="a"), in_group(text="a", **{"from": {"id": 8}})

        found = [received(update) for update in (ana, bea, in_group(text="a", **topic))]

        assert len({event.conversation for event in found}) == 3
        assert [event.thread for event in found] == [None, None, "3"]
        assert received(in_group(text="a", message_thread_id=3)).thread is None

    def test_other_bots_are_marked_and_never_answered(self) -> None:
        event = received(in_group(text="/precio", **{"from": {"id": 9, "is_bot": True}}))

        assert (event.addressed, "is_bot" in event.flags) == (False, True)

    def test_an_anonymous_administrator_writes_as_the_group(self) -> None:
        ghost = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
        event = received(in_group(text="/precio", sender_chat=GROUP, **{"from": ghost}))

        assert (event.sender.id, event.sender.name, event.addressed) == ("-100", "Vecinos", True)
        assert event.flags == {"anonymous_admin"}

    def test_a_migration_is_told_twice_and_happens_once(self) -> None:
        old = {"id": -5, "type": "group"}
        told_by_old = a_message(chat=old, migrate_to_chat_id=-100)
        told_by_new = in_group(migrate_from_chat_id=-5)

        (first,), (second,) = events_of(told_by_old), events_of(told_by_new)

        assert isinstance(first, ChatMigrated)
        assert isinstance(second, ChatMigrated)
        assert (first.id, first.chat, first.new_chat) == (second.id, "-5", "-100")
        assert first.conversation == second.conversation


@pytest.mark.parametrize(
    ("update", "groups"),
    [
        (a_message(text="a"), ()),
        (in_group(text="a"), ("-100",)),
        (in_group(migrate_from_chat_id=-5), ("-5", "-100")),
        (a_message(chat={"id": -5, "type": "group"}, migrate_to_chat_id=-100), ("-5", "-100")),
        ({"callback_query": {"id": "1", "message": {"chat": GROUP}}}, ("-100",)),
        ({"message_reaction": {"chat": GROUP}}, ("-100",)),
        ({"channel_post": {"chat": {"id": -9, "type": "channel"}}}, ()),
        ({"message": {"chat": [GROUP]}}, ()),
        ("?", ()),
    ],
)
def test_only_groups_may_have_had_another_id(update: object, groups: tuple[str, ...]) -> None:
    assert groups_of(update) == groups


def test_a_group_that_moved_is_known_by_its_first_id() -> None:
    here = replace(US, homes={"-5": "-5", "-100": "-5"})
    before = in_group(text="a")
    before["message"]["chat"] = {"id": -5, "type": "group"}

    assert received(in_group(text="a"), here).conversation == received(before).conversation
    assert received(in_group(text="a")).conversation != received(before).conversation


def test_a_channel_post_is_never_answered() -> None:
    post = {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel"}, "text": "@TiendaBot"}
    event = received({"update_id": 1, "channel_post": post})

    assert (event.addressed, "channel_post" in event.flags) == (False, True)


class TestBusiness:
    def business(self, **fields: object) -> dict[str, Any]:
        message = a_message(business_connection_id="B", **fields)["message"]
        return {"update_id": 1, "business_message": message}

    def test_a_customer_of_the_owner_is_answered_through_the_connection(self) -> None:
        event = received(self.business(text="hola"))

        assert (event.author, event.addressed, event.thread) == ("customer", True, "business:B")

    def test_the_owner_at_the_phone_is_a_person_who_took_over(self) -> None:
        owner = received(self.business(text="yo sigo", **{"from": {"id": 99}}))
        customer = received(self.business(text="hola"))

        assert (owner.author, owner.addressed) == ("human", False)
        assert owner.conversation == customer.conversation
        assert owner.customer == customer.customer
        assert (owner.sender.aliases, customer.sender.aliases) == ((), (Alias("telegram", "7"),))

    def test_a_greeting_that_leaves_by_itself_is_no_person_who_took_over(self) -> None:
        owner = {"from": {"id": 99}, "is_from_offline": True}
        away = received(self.business(text="Volvemos a las 9", **owner))

        assert (away.author, away.addressed, away.sender.aliases) == ("bot", False, ())

    def test_deleted_messages_are_one_event_each(self) -> None:
        gone = {"business_connection_id": "B", "chat": PRIVATE, "message_ids": [5, 6]}

        events = events_of({"update_id": 1, "deleted_business_messages": gone})

        assert [e.platform_id for e in events if isinstance(e, MessageDeleted)] == ["5", "6"]
        assert len({e.id for e in events}) == 2
        assert events[0].conversation == received(self.business(text="hola")).conversation
