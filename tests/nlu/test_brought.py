"""The classifier that comes with a pack."""

import shutil
from pathlib import Path

import pytest

from config.folders import DOMAINS
from config.packs import load_pack
from learning.labels import DEV, fingerprint, off_topic, shipped
from nlu.brought import FILE, brought
from nlu.classifier import ClassifierInvalid
from nlu.parse import GENERAL

VENTAS = load_pack("ventas")


def test_it_was_trained_from_the_labels_of_its_pack_as_they_are() -> None:
    """Else: main.py nlu train --pack ventas."""
    learned = brought(VENTAS)

    assert learned is not None
    assert learned.header.labels == fingerprint([*shipped(VENTAS, DEV), *off_topic(DEV)])
    assert {*learned.header.intents} == {one.intent for one in shipped(VENTAS, DEV)} | {GENERAL}


def test_its_probabilities_mean_what_they_say() -> None:
    learned = brought(VENTAS)

    assert learned is not None
    assert learned.header.metrics["ece"]["value"] < 0.05


def test_a_pack_that_extends_another_has_that_ones() -> None:
    own = brought(load_pack("examples/mi_tienda"))

    assert own is not None
    assert own.header.pack == "ventas"


def test_a_pack_may_come_without_one() -> None:
    assert brought(load_pack("creditos")) is None


def test_one_that_is_damaged_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "ventas"
    shutil.copytree(DOMAINS / "ventas", folder)
    (folder / FILE).write_bytes(b"broken")

    with pytest.raises(ClassifierInvalid):
        brought(load_pack(folder))
