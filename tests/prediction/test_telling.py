"""What weighs in a prediction, in plain Spanish."""

import pytest

from prediction.predictor import Factor
from prediction.table import Feature
from prediction.telling import number, told

LATE = Feature("late", direction=1, words="pagó {value} de las últimas 4 con atraso")
SHARE = Feature("share", words="debe el {percent} del préstamo")


@pytest.mark.parametrize(
    ("feature", "factor", "words"),
    [
        (LATE, Factor("late", 3.0, 0.3), "pagó 3 de las últimas 4 con atraso: sube el riesgo"),
        (LATE, Factor("late", 0.0, -0.9),
         "pagó 0 de las últimas 4 con atraso: baja mucho el riesgo"),
        (LATE, Factor("late", None, 0.1),
         "sin dato: pagó … de las últimas 4 con atraso: sube un poco el riesgo"),
        (Feature("late"), Factor("late", None, 0.1), "sin dato: late: sube un poco el riesgo"),
        (SHARE, Factor("share", 0.355, 0.2), "debe el 35,5 % del préstamo: sube el riesgo"),
        (Feature("x"), Factor("x", 1234.5, -0.2), "«x» es 1.234: baja el riesgo"),
        (Feature("x", "category"), Factor("x", "taxi", 0.7), "«x» es taxi: sube mucho el riesgo"),
        (Feature("x", "category", 0, "trabaja en {value}"), Factor("x", "{percent}", 0.2),
         "trabaja en {percent}: sube el riesgo"),
    ],
)  # fmt: skip
def test_a_factor_is_said_with_its_value_and_its_way(
    feature: Feature, factor: Factor, words: str
) -> None:
    assert told(feature, factor) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1_234_567.0, "1.234.567"),
        (0.5, "0,5"),
        (-3.0, "-3"),
        (12.345, "12,3"),
        (1_234.5, "1.234"),
        (5.678, "5,68"),
        (0.001, "0"),
    ],
)
def test_numbers_are_written_as_in_spanish(value: float, words: str) -> None:
    assert number(value) == words
