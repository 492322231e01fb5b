"""What a model is told in confidence stays with it."""

import pytest

from config.packs import load_pack
from knowledge.leaks import NOTHING, coded, guarded
from knowledge.verify import Evidence, verify
from llm.base import Source
from tests.servers.obedient import WAYS

PACK = load_pack("ventas")
GUARD = guarded(PACK)
LINES = [line for line in PACK.persona.splitlines() if len(line.split()) > 10]


@pytest.mark.parametrize("way", WAYS)
def test_instructions_are_not_given_away_in_any_spelling(way: str) -> None:
    assert GUARD.leaks(WAYS[way](PACK.persona))
    assert verify(f"Claro: {WAYS[way](PACK.persona)}", Evidence((), guard=GUARD)).text is None


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_them_is_enough(line: str) -> None:
    assert GUARD.leaks(f"Me dijeron esto: {line.lower()} ¿Te sirve?")


def test_a_policy_is_as_secret_as_the_persona() -> None:
    for name in ("ventas", "creditos"):
        pack = load_pack(name)
        for policy in pack.policies:
            assert guarded(pack).leaks(policy.instruction), policy.name


@pytest.mark.parametrize("name", ["ventas", "creditos", "finanzas"])
def test_what_a_pack_says_to_customers_gives_nothing_away(name: str) -> None:
    pack = load_pack(name)
    for saying in (*pack.answers.values(), *pack.phrases.values()):
        for text in (*saying.es, *saying.en):
            assert not guarded(pack).leaks(text), text
    for example in pack.examples:
        assert not guarded(pack).leaks(example.answer), example.answer


@pytest.mark.parametrize(
    "text",
    [
        "La Mochila Urbana Azul cuesta $24.990 y quedan 14 unidades.",
        "El equipo de la tienda también lee este chat.",
        "Tallas: 36, 37, 38, 39, 40, 41, 42, 43, 44.",
        "https://tienda.cl/fotos/4f3a2b1c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c",
        "Vitaminas A, B, C, D y E.",
        "¡Sí! 🎉🎉🎉 🇨🇱 🇵🇪 🇻🇪",
        "¡Graciaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaas!",
        "--------------------------------",
    ],
)
def test_ordinary_replies_are_no_leak(text: str) -> None:
    assert not GUARD.leaks(text)


def test_a_fact_may_be_repeated_though_the_instructions_say_it_too() -> None:
    fact = LINES[0].strip("- ")
    source = Source("passage", "p", "Nosotros", fact)

    assert verify(fact, Evidence((), guard=GUARD)).text is None
    assert verify(fact, Evidence((source,), guard=GUARD)).verdict == "ok"


def test_an_account_that_a_source_tells_is_no_code() -> None:
    source = Source("answer", "a", "Pago", "Transfiere al IBAN ES9121000418450200051332 y avisa.")

    assert verify("Usa el ES9121000418450200051332.", Evidence((source,))).verdict == "ok"
    assert verify("Usa el ES9121000418450200051333.", Evidence((source,))).text is None


def test_what_looks_like_a_key_is_a_code() -> None:
    assert coded("La clave es sk-proj-0123456789abcdefABCDEF")
    assert coded("EAAGm0PX4ZCpsBAKZCZBkV8ZA9x2q1mZC7bZB")
    assert not NOTHING.leaks("Hola")
