"""A classifier is data: what does not fit together is refused before it is used."""

import io
import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nlu.classifier import Classifier, ClassifierInvalid, Header, packed, unpacked
from nlu.features import SIZE, features

HEADER = Header("ventas", ("envio", "pago"), "abc", 2, 1.0, 10.0, {"macro_f1": {"value": 1.0}})


def a_classifier() -> bytes:
    """`despachan` speaks for the first intent, `tarjeta` for the second."""
    weights = np.zeros((SIZE, 2), np.float32)
    weights[features("despachan").places, 0] = 2
    weights[features("tarjeta").places, 1] = 2
    return packed(HEADER, np.ones(SIZE, np.float32), weights, np.zeros(2, np.float32))


def count_of(name: str) -> int:
    with np.load(io.BytesIO(a_classifier().partition(b"\n")[2])) as held:
        return len(held[name])


def changed(**arrays: NDArray[Any] | None) -> bytes:
    line, _, raw = a_classifier().partition(b"\n")
    with np.load(io.BytesIO(raw)) as held:
        kept = {name: held[name] for name in held.files}
    buffer = io.BytesIO()
    given = {name: array for name, array in (kept | arrays).items() if array is not None}
    np.savez_compressed(buffer, **given)
    return line + b"\n" + buffer.getvalue()


def headed(**told: object) -> bytes:
    _, _, raw = a_classifier().partition(b"\n")
    return json.dumps(asdict(HEADER) | told).encode() + b"\n" + raw


def test_what_was_packed_decides_the_same_when_it_is_read() -> None:
    learned = unpacked(a_classifier())

    assert learned.header == HEADER
    assert learned.predict("¿despachan hoy?")["envio"] > 0.8
    assert learned.predict("con tarjeta")["pago"] > 0.8


@pytest.mark.parametrize("text", ["", "🙂", "despachan con tarjeta", "x" * 5_000])
def test_probabilities_sum_to_one(text: str) -> None:
    assert sum(unpacked(a_classifier()).predict(text).values()) == pytest.approx(1)


def test_a_text_that_says_nothing_known_is_undecided() -> None:
    assert unpacked(a_classifier()).predict("")["pago"] == pytest.approx(0.5)


def test_a_higher_temperature_is_less_sure() -> None:
    learned = unpacked(a_classifier())
    warmer = replace(learned, header=replace(HEADER, temperature=3.0))

    assert warmer.predict("despachan")["envio"] < learned.predict("despachan")["envio"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no header"),
        (b"not json\nx", "no JSON"),
        (b"[]\nx", "header has to hold"),
        (headed(format=99), "train it again"),
        (headed(intents=["envio"]), "differ"),
        (headed(intents=["envio", "envio"]), "differ"),
        (headed(intents="ab"), "list of names"),
        (headed(intents=["a", "b", "c"]), "shape"),
        (headed(temperature=0), "temperature"),
        (headed(temperature=float("nan")), "temperature"),
        (a_classifier()[:-40], "cannot be read"),
        (a_classifier()[:300] + b"\0" * 50 + a_classifier()[350:], "cannot be read"),
        (changed(bias=None), "cannot be read"),
        (changed(bias=np.array([np.nan, 0], np.float32)), "not finite"),
        (changed(bias=np.array([object(), object()])), "cannot be read"),
        (changed(bias=np.zeros(2, np.float64)), "holds float64"),
        (changed(rarity=np.ones(3, np.float32)), "shape"),
        (changed(rarity=np.ones(30_000_000, np.float32)), "more than"),
        (changed(places=np.full(count_of("places"), SIZE, np.int32)), "out of order"),
        (changed(places=np.zeros(count_of("places"), np.int32)), "out of order"),
    ],
)
def test_what_does_not_fit_together_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ClassifierInvalid, match=why):
        unpacked(data)


def test_every_single_damaged_byte_is_refused_or_harmless() -> None:
    whole = a_classifier()
    for place in range(0, len(whole), 7):
        damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        try:
            learned = unpacked(damaged)
        except ClassifierInvalid:
            continue
        assert sum(learned.predict("despachan con tarjeta").values()) == pytest.approx(1)


def big() -> Classifier:
    random = np.random.default_rng(0)
    weights = random.standard_normal((SIZE, 30)).astype(np.float32)
    header = replace(HEADER, intents=tuple(f"i{number}" for number in range(30)))
    rarity = np.ones(SIZE, np.float32)
    return unpacked(packed(header, rarity, weights, np.zeros(30, np.float32)))


def test_thirty_intents_fit_into_twenty_megabytes() -> None:
    assert big().size < 20_000_000
