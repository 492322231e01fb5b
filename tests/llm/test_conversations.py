"""The scripted customers of the simulation: varied, and answered without inventing anything."""

import json
from collections import Counter
from typing import Any

import pytest

from config.packs import load_pack
from config.settings import ROOT
from handlers.requests import known_to
from knowledge.catalogue import vocabulary
from knowledge.products import build_index
from knowledge.verify import verify
from nlu.parse import build_parser
from tests.llm.talking import PACK, Talk
from text.folding import clean

FILE = ROOT / "examples" / "conversations.jsonl"
SCRIPTS: list[dict[str, Any]] = [
    json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()
]


def test_there_are_many_different_customers() -> None:
    messages = [message for script in SCRIPTS for message in script["messages"]]

    assert len(SCRIPTS) >= 60
    assert len({script["id"] for script in SCRIPTS}) == len(SCRIPTS)
    assert len({script["persona"] for script in SCRIPTS}) == len(SCRIPTS)
    assert all(2 <= len(script["messages"]) <= 7 for script in SCRIPTS)
    assert Counter(messages).most_common(1)[0][1] < 15
    assert any(len(message) > 1000 for message in messages)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script["id"]))
def test_a_customer_is_answered_without_inventions(script: dict[str, Any]) -> None:
    talk = Talk()
    for message in script["messages"]:
        assert clean(message) == message
        reading = talk.read(message)
        told = talk.say(message)
        assert told.strip()
        assert verify(told, known_to(reading, PACK)).verdict == "ok"


def test_pauses_belong_to_messages() -> None:
    for script in SCRIPTS:
        if "pauses" in script:
            assert len(script["pauses"]) == len(script["messages"])
            assert all(0 <= pause <= 5 for pause in script["pauses"])


def test_most_questions_are_understood() -> None:
    unknown = total = 0
    for script in SCRIPTS:
        talk = Talk()
        for message in script["messages"]:
            talk.say(message)
            unknown += talk.told.used == ("unknown",)
            total += 1

    assert unknown / total < 0.06, f"{unknown} of {total}"


@pytest.mark.parametrize("name", ["ventas", "creditos", "finanzas"])
def test_a_shop_without_a_catalogue_answers_all_of_them(name: str) -> None:
    pack = load_pack(name)
    parser = build_parser(pack)
    for script in SCRIPTS:
        talk = Talk(index=build_index((), vocabulary(pack)), parser=parser, pack=pack)
        assert all(talk.say(clean(message)) for message in script["messages"])
