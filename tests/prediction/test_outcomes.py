"""Which of two values is the bad one: told by usual words, and asked for where they do not tell."""

import pytest

from prediction.errors import TargetUnclear
from prediction.outcomes import outcomes


@pytest.mark.parametrize(
    ("name", "cells", "bad"),
    [
        ("default", ["0", "1"], "1"),
        ("default", ["0.0", "1.0"], "1"),
        ("impago", ["Sí", "No"], "si"),
        ("estado", ["Pagado", "Moroso"], "moroso"),
        ("status", ["Fully Paid", "Charged Off"], "charged off"),
        ("estado", ["Al día", "otro"], "otro"),
        ("y", ["true", "FALSE"], "true"),
        ("y", ["-1", "1"], "1"),
    ],
)
def test_usual_words_tell_which_is_bad(name: str, cells: list[str | None], bad: str) -> None:
    found = outcomes(name, [*cells, None])
    assert found.bad == bad
    assert found.target.sum() == 1
    assert found.there.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("class", ["1", "2"]),
        ("estado", ["a", "b"]),
        ("pagado", ["0", "1"]),
        ("loan_paid", ["yes", "no"]),
        ("x", ["mora", "impago"]),
        ("x", ["paid", "current"]),
    ],
)
def test_what_could_be_either_is_asked_for(name: str, cells: list[str | None]) -> None:
    with pytest.raises(TargetUnclear, match="Nobody can tell") as caught:
        outcomes(name, cells)
    assert "--bad" in caught.value.hint
    assert outcomes(name, cells, bad=str(cells[1])).target.tolist() == [0, 1]
