"""A part in the words of the Bot API."""

import re
from pathlib import Path

import pytest

from bot.channels.telegram.requests import REACTIONS, entities, keyboard, message_to
from events.contents import Choice, Mark
from tests.bot.channels.telegram.test_outbox import a_part
from tests.servers.telegram_spec import Spec


@pytest.mark.parametrize(
    ("thread", "field", "value"),
    [
        ("3", "message_thread_id", "3"),
        ("business:B", "business_connection_id", "B"),
        ("direct:9", "direct_messages_topic_id", "9"),
    ],
)
def test_an_answer_returns_to_where_the_question_came_from(
    thread: str, field: str, value: str
) -> None:
    assert message_to("7", a_part(thread=thread)) == {"chat_id": "7", "text": "hola", field: value}


def test_a_button_that_was_pressed_cannot_be_quoted() -> None:
    assert "reply_parameters" not in message_to("7", a_part(reply_to="callback:77"))


def test_half_a_character_does_not_stop_a_message() -> None:
    assert message_to("7", a_part(text="cara \ud83d rota"))["text"] == "cara ? rota"


def test_buttons_stand_side_by_side_as_far_as_they_can_be_read() -> None:
    def widths(*titles: str) -> list[int]:
        rows = keyboard([Choice(id=title, title=title) for title in titles])
        return [len(row) for row in rows]

    assert widths("S", "M", "L", "XL") == [3, 1]
    assert widths("Mochila Urbana", "Mochila Azul", "Otra") == [2, 1]
    assert widths("Mochila Urbana Azul de viaje", "Otra") == [1, 1]
    (row,) = keyboard([Choice(id="1", title="Azul", description="$ 24.990")])
    assert row[0]["text"] == "Azul · $ 24.990"


def test_reactions_are_those_of_the_published_api(shared_data: Path) -> None:
    spec = Spec.read(shared_data / "channels/telegram-bot-api-spec.json")
    fields = {one["name"]: one for one in spec.types["ReactionTypeEmoji"]["fields"]}
    assert set(re.findall('"([^"]+)"', fields["emoji"]["description"])) == REACTIONS


def test_of_too_many_marks_those_with_addresses_are_kept() -> None:
    bold = [Mark(kind="bold", offset=2 * n, length=1) for n in range(120)]
    links = [
        Mark(kind="link", offset=300 + 2 * n, length=1, value="https://x.cl") for n in range(9)
    ]

    told = entities([*bold, *links])

    assert len(told) == 100
    assert [one["type"] for one in told] == ["bold"] * 91 + ["text_link"] * 9
