"""`try normalise`: whatever is piped in, and wherever the payloads lie in it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app.trials import NETWORKS
from config.settings import Settings
from events.happened import Happened
from events.vocabulary import MessageReceived, UpdateUnsupported
from tests.app.test_commands import lines, run
from tests.bot.channels.telegram.updates import a_message
from tests.bot.channels.whatsapp_cloud import payloads as cloud

WEBHOOK = cloud.with_message("text", {"body": "hola"})
CHANGE = WEBHOOK["entry"][0]["changes"][0]
UPDATE = a_message(text="hola")
Read = Callable[[str], list[Happened]]


def reading(network: str) -> Read:
    def read(text: str) -> list[Happened]:
        found: Iterator[Happened] = NETWORKS[network](text, Settings())
        return list(found)

    return read


def texts(events: list[Happened]) -> list[str]:
    return [one.text if isinstance(one, MessageReceived) else "?" for one in events]


@pytest.mark.parametrize(
    ("network", "payload", "expected"),
    [
        ("whatsapp_cloud", WEBHOOK, ["hola"]),
        ("whatsapp_cloud", WEBHOOK["entry"][0], ["hola"]),
        ("whatsapp_cloud", CHANGE, ["hola"]),
        ("whatsapp_cloud", CHANGE["value"], ["hola"]),
        ("whatsapp_cloud", [WEBHOOK, 5, WEBHOOK], ["hola", "?", "hola"]),
        ("whatsapp_cloud", {"a text": WEBHOOK, "more": {"deep": [CHANGE["value"]]}}, ["hola"] * 2),
        ("whatsapp_cloud", {"nothing": "here"}, ["?"]),
        ("whatsapp_cloud", [], []),
        ("telegram", UPDATE, ["hola"]),
        ("telegram", [UPDATE, 5, UPDATE], ["hola", "?", "hola"]),
        ("telegram", {"ok": True, "result": [UPDATE, UPDATE]}, ["hola"] * 2),
        ("telegram", {"a text": UPDATE}, ["hola"]),
        ("telegram", None, ["?"]),
    ],
)
def test_payloads_are_found_wherever_they_are(
    network: str, payload: object, expected: list[str]
) -> None:
    assert texts(reading(network)(json.dumps(payload))) == expected
    assert texts(reading(network)(json.dumps(payload, indent=2))) == expected


@pytest.mark.parametrize(("network", "one"), [("whatsapp_cloud", WEBHOOK), ("telegram", UPDATE)])
def test_lines_are_payloads_each(network: str, one: dict[str, Any]) -> None:
    text = f"{json.dumps(one)}\n\n{{not json\n{'[' * 100_000}\n{json.dumps(one)}\n"

    assert texts(reading(network)(text)) == ["hola", "?", "?", "hola"]


def test_a_customer_keeps_the_conversation_from_payload_to_payload() -> None:
    hidden: dict[str, Any] = {"from": (), "from_user_id": cloud.BSUID}
    value = cloud.a_value(contacts=[], messages=[cloud.a_message(**hidden)])

    first, second = reading("whatsapp_cloud")(json.dumps([WEBHOOK, value]))

    assert first.conversation == second.conversation


def test_every_recorded_webhook_passes(shared_data: Path) -> None:
    """The command line itself, once for all of them."""
    files = sorted((shared_data / "channels").glob("pywa_*.json"))
    recorded = {file.stem: json.loads(file.read_text()) for file in files}
    wanted = sum(map(len, recorded.values()))

    done = run(
        "try", "normalise", "--channel", "whatsapp_cloud", given=json.dumps(recorded).encode()
    )

    assert (done.returncode, done.stderr) == (0, b"")
    found = lines(done)
    assert len(found) == wanted
    assert {one["reason"] for one in found if one["kind"] == "UpdateUnsupported"} == {
        "field:account_update",
        "field:user_preferences",
    }


@pytest.mark.parametrize("channel", list(NETWORKS))
def test_rubbish_is_kept_and_no_reason_to_fail(channel: str) -> None:
    deep = b"[" * 100_000
    rubbish = b'\xff\xfe\x00\n{}\nnull\n5\n[]\n[[]]\n{"entry": 5}\n' + deep + b"\n" + b"9" * 5000

    done = run("try", "normalise", "--channel", channel, given=rubbish)

    assert (done.returncode, done.stderr) == (0, b"")
    assert {one["kind"] for one in lines(done)} == {"UpdateUnsupported"}


def test_a_message_is_understood_by_the_rules_of_a_pack() -> None:
    told = "gasté luca y media en pan\n".encode() + b"\xff\n" + "¿cómo voy con la comida?".encode()

    done = run("try", "parse", "--pack", "finanzas", given=told)

    assert (done.returncode, done.stderr) == (0, b"")
    first, second, third = lines(done)
    assert first == {
        "intent": "registrar_gasto",
        "category": "registro",
        "confidence": first["confidence"],
        "locale": "es",
        "slots": {"category": "comida", "amount": 1500, "currency": "CLP"},
        "acts": ["answer"],
        "by": "rules",
    }
    assert second["intent"] == "general"
    assert (third["intent"], third["slots"]) == ("consultar_presupuesto", {"category": "comida"})


def test_a_message_is_understood_by_the_configured_pack_else() -> None:
    done = run("try", "parse", given="cuánto cuesta la mochila".encode())

    assert [one["intent"] for one in lines(done)] == ["consulta_precio"]
    assert run("try", "parse", "--pack", "nada").returncode == 3


def test_a_network_nobody_knows_is_refused_in_words() -> None:
    done = run("try", "normalise", "--channel", "telex")

    assert done.returncode == 2
    assert b"whatsapp_cloud" in done.stderr


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
KEYS = ("entry", "changes", "value", "messages", "update_id", "message", "statuses", "field")
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize("network", list(NETWORKS))
@examples(max_examples=60, deadline=None)
@given(anything)
def test_any_json_at_all_is_read(network: str, payload: object) -> None:
    events = reading(network)(json.dumps(payload))

    assert events or payload == []
    assert msgspec.json.encode(events)
    assert UpdateUnsupported in map(type, reading(network)("{}"))
