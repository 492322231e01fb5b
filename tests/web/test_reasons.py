"""Why a rollout took a step, in the words of a page; what a person typed stands as it is."""

from datetime import UTC, datetime, timedelta

import pytest

from learning.gating import WHY
from learning.guards import Trip
from learning.judging import METRICS
from web.checklist import Candidate, checks, ready
from web.reasons import logged, reason_of
from web.wording import LISTS

UNLIKE = "one side's customers are heard of more often, so scores are not compared,"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("to 50 % by hand", "Subió a mano al 50 %"),
        (f"guard rail: {Trip('invented amounts', 2, 9)}", "Inventó montos en 2 de 9 respuestas"),
        (
            f"guard rail: {Trip('answers over 3500 ms', 8, 9)}",
            "Tardó más de 3500 ms en 8 de 9 respuestas",
        ),
        ("no harm in 120 conversations at 10 %", "Sin daño en 120 conversaciones al 10 %"),
        ("not worse by 0.1 in 90 conversations", "No es peor que el actual en 90 conversaciones"),
        ("tienda-v2 is canary", "tienda-v2 ya está en uso"),
        (f"guard rail: {Trip('insults', 2, 9)}", "Insultó en 2 de 9 respuestas"),
        (
            "its 0.5 USD were spent after 7 of 50 shadow answers",
            "Se gastaron sus 0.5 USD, con 7 de 50 respuestas en la sombra",
        ),
        (
            "its 28 days were over after 0 of 50 shadow answers",
            "Pasaron sus 28 días, con 0 de 50 respuestas en la sombra",
        ),
        (
            "its customers give fewer than 4.5 stars in 90 conversations",
            "Sus clientes dan menos de 4.5 estrellas, en 90 conversaciones",
        ),
        (
            "70 answers more were lacking to show 4.5 stars in 90 conversations",
            "Faltaron 70 respuestas más para mostrar 4.5 estrellas, en 90 conversaciones",
        ),
        (
            f"{UNLIKE} in 90 conversations",
            "De un lado se sabe de más clientes y las notas no se comparan, en 90 conversaciones",
        ),
    ],
)
def test_a_rules_reason_is_said_in_spanish(said: str, shown: str) -> None:
    found = reason_of(said)
    assert not found.typed
    assert found.text % found.values == shown


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("31 examples of 9 intents", "31 ejemplos de 9 intenciones"),
        ("reading the base model", "Leyendo el modelo base"),
        (
            "4 rows of more than 512 tokens are left out",
            "Quedan fuera 4 ejemplos de más de 512 tokens",
        ),
        ("step 31 of 50", "Paso 31 de 50"),
        ("step 31 of 50, loss 0.8123", "Paso 31 de 50, pérdida 0,8123"),
    ],
)
def test_what_our_trainers_tell_is_said_in_spanish(told: str, shown: str) -> None:
    found = logged("es", told)
    assert not found.typed
    assert found.text % found.values == shown


def test_what_it_was_worse_in_is_said_one_by_one() -> None:
    found = reason_of("worse in handover, delay")
    assert (found.text % found.values, found.measured) == (
        "Resultó peor, con seguridad:", ["handover", "delay"],
    )  # fmt: skip
    assert set(METRICS) <= set(LISTS["measured"])
    assert reason_of("stopped by hand").measured == []


def test_what_a_provider_tells_is_its_own() -> None:
    assert logged("es", "Step 3/100: training loss=1.2").typed


def test_every_reason_of_the_gates_is_known() -> None:
    assert not any(reason_of(why).typed for why in WHY.values())


def test_what_a_person_typed_is_theirs() -> None:
    found = reason_of("al 100 % ya %(mismo)s")
    assert found.typed
    assert found.text == "al 100 % ya %(mismo)s"


def test_a_version_that_served_before_needs_no_new_evaluation() -> None:
    one = Candidate(gated=False, why="it was never evaluated", known=True, stale=False,
                    expires_at=None)  # fmt: skip
    assert ready(checks(one, NOW))


@pytest.mark.parametrize(
    "flaw", [{"gated": False}, {"stale": True}, {"expires_at": NOW - timedelta(days=1)}]
)
def test_one_flaw_is_enough_to_wait(flaw: dict[str, object]) -> None:
    good: dict[str, object] = {
        "gated": True, "why": "passed", "known": False, "stale": False, "expires_at": None,
    }  # fmt: skip
    assert ready(checks(Candidate(**good), NOW))  # type: ignore[arg-type]
    assert not ready(checks(Candidate(**(good | flaw)), NOW))  # type: ignore[arg-type]
