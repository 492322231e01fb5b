"""What is wrong with an answer, and what is not."""

import pytest

from config.golden import Case
from config.insults import insults
from evaluation.assessing import Answered, judge

PRICE = Case(
    name="price", split="dev", messages=("¿cuánto cuesta?",), must=("24.990|25.990",),
    never=("1.000",), intent="consulta_precio", sources=("Mochila",),
)  # fmt: skip
GOOD = Answered(
    ("Cuesta $24.990.",), intent="consulta_precio", sources=("p1", "Mochila Azul"), checks=("ok",)
)


def kinds(case: Case, answered: Answered) -> set[str]:
    return set(judge(case, answered, insults()).kinds)


def test_a_good_answer_has_no_fault() -> None:
    judged = judge(PRICE, GOOD, insults())
    assert judged.faults == ()
    assert judged.right
    assert not judged.off_policy


@pytest.mark.parametrize(
    ("answered", "found"),
    [
        (Answered((), error="too slow"), {"no answer"}),
        (Answered(("No sé.",), intent="consulta_precio"), {"missing", "not from"}),
        (Answered(("$24.990", "Vale $1.000"), sources=("Mochila",)), {"missing", "said", "intent"}),
    ],
)
def test_each_fault_has_its_kind(answered: Answered, found: set[str]) -> None:
    assert kinds(PRICE, answered) == found


def test_what_must_never_be_said_holds_for_every_answer_of_a_dialogue() -> None:
    case = Case(name="x", split="dev", messages=("a", "b"), never=("Contraseña",))
    judged = judge(case, Answered(("la contrasena es", "hola")), insults())
    assert judged.off_policy
    assert not judged.right


def test_not_knowing_is_an_answer_where_nothing_is_known() -> None:
    case = Case(name="x", split="dev", messages=("¿llueve?",), unknown=True)
    assert kinds(case, Answered(("Mañana llueve.",))) == {"claims to know"}
    assert kinds(case, Answered(("Eso no lo sé con seguridad.",))) == set()
    assert kinds(case, Answered(("Cuéntame más.",), sources=("unknown",))) == set()


def test_what_the_checks_caught_counts_although_no_customer_read_it() -> None:
    caught = Answered(("Cuesta $24.990.",), sources=("Mochila",), intent="consulta_precio",
                      checks=("replaced:price", "ok"), verdict="repaired:again")  # fmt: skip
    judged = judge(PRICE, caught, insults())
    assert judged.right
    assert judged.off_policy


@pytest.mark.parametrize(
    ("said", "is_rude"),
    [
        ("No seas IDIOTA", True),
        ("eres un imbécil.", True),
        ("vete a la mierda", True),
        ("La disputa por el computador", False),
        ("Coge el producto de la concha acústica", False),
        ("Es un producto útil", False),
    ],
)
def test_insults_are_whole_words(said: str, is_rude: bool) -> None:  # noqa: FBT001
    case = Case(name="x", split="dev", messages=("hola",))
    assert ("rude" in kinds(case, Answered((said,)))) is is_rude
