"""Figures are counted as scikit-learn counts them, and bounds close with more cases."""

from sklearn.metrics import f1_score

from evaluation.assessing import Answered, Judged
from evaluation.metrics import Figures, Row, most_frequent, understood
from learning.measuring import Guess

NAMES = ["precio", "envio", "pago"]


def guesses(copies: int) -> list[Guess]:
    """Of ten each, precio has 9 right, envio 8, and pago all."""
    found: list[Guess] = []
    for name, wrong in zip(NAMES, (1, 2, 0), strict=True):
        for place in range(10 * copies):
            said = "general" if place < wrong * copies else name
            found.append(Guess(name, said, group=len(found)))
    return [*found, *(Guess("general", "precio", group=len(found) + n) for n in range(copies))]


def test_macro_f1_is_that_of_scikit_learn() -> None:
    told = guesses(3)
    bounded, each = understood(told, NAMES)
    wanted, found = [one.wanted for one in told], [one.found for one in told]
    assert bounded is not None
    assert bounded.value == round(f1_score(wanted, found, labels=NAMES, average="macro"), 4)
    singly = f1_score(wanted, found, labels=NAMES, average=None)
    assert list(each.values()) == [round(one, 4) for one in singly]


def test_more_cases_make_a_bound_narrower() -> None:
    few, many = understood(guesses(1), NAMES)[0], understood(guesses(20), NAMES)[0]
    assert few is not None
    assert many is not None
    assert few.low < many.low <= many.value <= many.high < few.high


def test_copies_do_not_make_it_narrower() -> None:
    alone, _ = understood(guesses(1), NAMES)
    copied, _ = understood([one for one in guesses(1) for _ in range(20)], NAMES)
    assert alone == copied


def test_nothing_is_measured_of_no_labels() -> None:
    assert understood([], NAMES) == (None, {})


def test_the_most_frequent_intents_are_those_that_customers_had() -> None:
    assert most_frequent({"pago": 5, "envio": 9}, NAMES, 2) == ["envio", "pago"]
    assert most_frequent({}, NAMES, 2) == ["precio", "envio"]


def row(name: str, *, golden: bool, faults: tuple[str, ...] = (), latency: int = 10) -> Row:
    searched = name.startswith("doc")
    answered = Answered((name,), searched=searched, latency_ms=latency, cost_micros=30, tokens=7)
    return Row(name, golden, answered, Judged(faults))


def test_labelled_messages_count_for_policy_and_time_and_not_for_being_right() -> None:
    rows = (
        row("a", golden=True),
        row("b", golden=True, faults=("missing: x",)),
        row("doc", golden=False, faults=("caught: replaced:price",), latency=90),
    )
    figures = Figures(rows, None, {}, 0, (0, 0))
    assert figures.correct == (1, 2)
    assert figures.off_policy == (1, 3)
    assert figures.latencies(searched=True) == [90]
    told = figures.told()
    assert told["faults"] == {"caught": 1, "missing": 1}
    assert (told["cost_micros"], told["cost_micros_per_answer"], told["tokens"]) == (90, 30.0, 21)
    assert told["latency_ms"]["plain"] == {"answers": 2, "p50": 10.0, "p95": 10.0}


def test_figures_of_nothing_are_told_as_nothing() -> None:
    told = Figures((), None, {}, 0, (0, 0)).told()
    assert told["correct"]["share"] is None
    assert told["latency_ms"]["searched"]["p95"] is None
