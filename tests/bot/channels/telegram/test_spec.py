"""Every kind of update and every kind of message the published Bot API knows."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from events.happened import Happened
from events.vocabulary import MessageReceived, UpdateUnsupported
from tests.bot.channels.telegram.updates import events_of
from tests.conftest import SHARED_DATA
from tests.servers.telegram_spec import Spec

SAMPLES: dict[str, object] = {
    "Integer": 7,
    "Float": 1.5,
    "String": "x",
    "Boolean": True,
    "True": True,
}
DEEPEST = 6
MIGRATION = {"migrate_to_chat_id", "migrate_from_chat_id"}


@cache
def the_spec() -> Spec:
    return Spec.read(SHARED_DATA / "channels/telegram-bot-api-spec.json")


def sample(kind: str, depth: int = 0) -> Any:  # noqa: ANN401  JSON
    """The smallest thing of a kind that the specification allows."""
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return [sample(inner, depth + 1)] if depth < DEEPEST else []
    if kind in SAMPLES:
        return SAMPLES[kind]
    described = the_spec().types[kind]
    if described.get("subtypes"):
        return sample(described["subtypes"][0], depth)
    required = (field for field in described.get("fields", []) if field["required"])
    return {field["name"]: sample(field["types"][0], depth + 1) for field in required}


def fields(kind: str) -> Iterator[tuple[str, Any]]:
    """Each field of a kind with every smallest thing it may hold."""
    for field in the_spec().types[kind]["fields"]:
        for one in field["types"]:
            for sub in the_spec().types.get(one, {}).get("subtypes") or [one]:
                yield field["name"], sample(sub)


def every_update() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, body in fields("Update"):
        if name != "update_id":
            yield name, {"update_id": 1, name: body}


def every_message() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, value in fields("Message"):
        message = {**sample("Message"), "chat": {"id": 7, "type": "private"}, name: value}
        yield name, {"update_id": 1, "message": message}


def kept(events: tuple[Happened, ...]) -> list[str]:
    return [event.reason for event in events if isinstance(event, UpdateUnsupported)]


def test_the_samples_are_what_the_specification_allows(shared_data: Path) -> None:
    assert json.loads((shared_data / "channels/telegram-bot-api-spec.json").read_text())
    for _, update in (*every_update(), *every_message()):
        assert the_spec().thing("Update", update) == []


def test_every_kind_of_update_is_understood_or_kept_by_its_name(shared_data: Path) -> None:
    assert shared_data.is_dir()
    for name, update in every_update():
        events = events_of(update)

        assert events
        assert all(reason.partition(":")[0] == name for reason in kept(events)), (name, events)


def test_every_kind_of_message_is_a_message(shared_data: Path) -> None:
    assert shared_data.is_dir()
    told = {name: events_of(update) for name, update in every_message()}

    unread = {
        name for name, (event,) in told.items()
        if not isinstance(event, MessageReceived) and name not in MIGRATION
    }  # fmt: skip
    assert unread == set()
    silent = {
        name for name, (event,) in told.items()
        if isinstance(event, MessageReceived) and event.content == "service" and event.addressed
    }  # fmt: skip
    assert silent == set()


@pytest.mark.parametrize("kind", ["text", "photo", "voice", "sticker", "location", "contact"])
def test_what_customers_send_every_day_keeps_its_kind(shared_data: Path, kind: str) -> None:
    assert shared_data.is_dir()
    value = dict(every_message())[kind]

    (event,) = events_of(value)

    assert isinstance(event, MessageReceived)
    assert event.content == kind
