"""The first token that differs, however little a server tells."""

from pathlib import Path

import pytest

from learning.trainers.parity import Difference, Heard, Probe, difference, keep, kept

PROBE = Probe(
    messages=[{"role": "user", "content": "hola"}],
    text="<u>hola</u>\n<a>",
    tokens=[1, 7, 2, 9, 3],
    starts=[0, 3, 7, 11, 12],
)
SAME = [(1, "<u>"), (7, "hola"), (2, "</u>"), (9, "\n"), (3, "<a>")]


@pytest.mark.parametrize(
    "heard",
    [
        Heard(),
        Heard(text=PROBE.text),
        Heard(tokens=SAME),
        Heard(count=5),
        Heard(PROBE.text, SAME, 5),
    ],
)
def test_what_agrees_has_no_difference(heard: Heard) -> None:
    assert difference(PROBE, heard) is None


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (Heard(tokens=[*SAME[:3], (3, "<a>")]), Difference(3, "\n", "<a>")),
        (Heard(tokens=SAME[:4]), Difference(4, "<a>", "")),
        (Heard(tokens=[*SAME, (9, "\n")]), Difference(5, "", "\n")),
        (Heard(tokens=[(0, "<s>"), *SAME]), Difference(0, "<u>", "<s>")),
        (Heard(text="<u>hola</u><a>"), Difference(3, "\n<a>", "<a>")),
        (Heard(text="<u>holas</u>\n<a>"), Difference(2, "</u>\n<a>", "s</u>\n<a>")),
        (Heard(text=PROBE.text + " "), Difference(4, "", " ")),
        (Heard(count=6), Difference(5, "5 tokens", "6 tokens")),
        (Heard(PROBE.text, None, 4), Difference(4, "5 tokens", "4 tokens")),
    ],
)
def test_the_first_difference_is_told(heard: Heard, expected: Difference) -> None:
    assert difference(PROBE, heard) == expected


def test_it_is_said_in_words() -> None:
    said = str(Difference(3, "\n", "<a>"))
    assert said == r"token 3 is '\n' in training and '<a>' in serving"


def test_probes_are_kept_as_they_are(tmp_path: Path) -> None:
    keep(tmp_path, [PROBE])
    assert kept(tmp_path) == [PROBE]
