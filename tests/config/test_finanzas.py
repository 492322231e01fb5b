"""The pack of the personal-finance coach: whole, and bound not to recommend investments."""

import re

import pytest

from config.packs import load_pack
from text.folding import fold


def test_the_coach_is_complete() -> None:
    pack = load_pack("finanzas")

    assert pack.identity.abilities == ("ledger",)
    assert {intent.category for intent in pack.intents} == set(pack.identity.categories)
    assert len(pack.glossary) >= 20
    assert {example.intensity for example in pack.examples} == {0.2, 0.5, 0.9}
    assert {policy.instead for policy in pack.policies} >= {"inversion"}
    assert len(pack.documents) == 4
    assert pack.products == ()


@pytest.mark.parametrize(
    "text",
    [
        "Deberías comprar acciones de esa empresa.",
        "Te recomiendo que inviertas en fondos mutuos.",
        "Tiene rentabilidad garantizada.",
        "Compra bitcoin ahora.",
        "Cámbiate al fondo E.",
    ],
)
def test_the_coach_may_not_recommend_an_investment(text: str) -> None:
    forbidden = [pattern for one in load_pack("finanzas").policies for pattern in one.forbids]

    assert any(re.search(pattern, fold(text)) for pattern in forbidden)


@pytest.mark.parametrize(
    "text",
    [
        "No puedo recomendarte inversiones en particular.",
        "Te conviene armar primero un fondo de emergencia.",
        "Anoto un gasto de $5.000 en comida, hoy. ¿Está bien?",
    ],
)
def test_the_coach_may_say_what_is_no_recommendation(text: str) -> None:
    forbidden = [pattern for one in load_pack("finanzas").policies for pattern in one.forbids]

    assert not any(re.search(pattern, fold(text)) for pattern in forbidden)
