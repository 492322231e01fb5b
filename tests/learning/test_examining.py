"""What is understood of messages that neither rules nor classifiers were fitted to."""

from typing import Any, TypeAlias

import pytest

from config.packs import load_pack
from learning import examining
from learning.intents import train
from learning.labels import DEV, off_topic, shipped
from nlu.brought import brought
from nlu.classifier import Classifier, unpacked

FLOORS = {
    "ventas": {"rules": 0.78, "classifier": 0.78, "both": 0.84},
    "finanzas": {"rules": 0.92, "classifier": 0.92, "both": 0.92},
    "creditos": {"rules": 0.88, "classifier": 0.94, "both": 0.94},
}
"""A little under what was measured; see docs/understanding.md."""


Found: TypeAlias = tuple[str, dict[str, Any], Classifier]


@pytest.fixture(scope="module", params=sorted(FLOORS))
def found(request: pytest.FixtureRequest) -> Found:
    """By what a pack brings, or else by what its labels teach."""
    pack = load_pack(request.param)
    learned = brought(pack) or unpacked(train(shipped(pack, DEV), off_topic(DEV), pack)[0])
    told = examining.tested(pack, learned)
    assert told is not None
    return request.param, told, learned


def test_messages_that_nothing_was_fitted_to_are_understood(found: Found) -> None:
    name, ways, _ = found

    for way, least in FLOORS[name].items():
        assert ways[way]["macro_f1"]["value"] >= least, way


def test_both_together_are_no_worse_than_the_rules(found: Found) -> None:
    _, ways, _ = found
    rules, both = (ways[way]["macro_f1"]["value"] for way in ("rules", "both"))

    assert both >= rules


def test_small_talk_stays_small_talk(found: Found) -> None:
    test = found[1]

    assert test["both"]["beside"] == 40
    assert test["both"]["claimed"] <= test["rules"]["claimed"] + 3


def test_probabilities_mean_what_they_say(found: Found) -> None:
    assert found[2].header.metrics["ece"]["value"] < 0.08
