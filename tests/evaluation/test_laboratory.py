"""What an experience is worth."""

from dataclasses import replace

from config.insults import insults
from evaluation.laboratory import Experience, points

FINE = Experience(due=3, right=3, unanswered=0, surplus=0, after_a_person=0, heard=("¡Hola!",))


def test_who_got_all_they_came_for_gave_all_the_points() -> None:
    assert points(FINE, ["malo"], insults()).total == 100


def test_each_part_is_lost_on_its_own() -> None:
    assert points(replace(FINE, right=2), [], insults()).total == 80
    assert points(replace(FINE, surplus=1), [], insults()).total == 85
    told = points(replace(FINE, heard=("Cuesta $1.000",)), [r"\b1\.000\b"], insults())
    assert (told.total, told.forbidden) == (75, (r"\b1\.000\b",))


def test_an_insult_is_forbidden_to_everybody() -> None:
    assert points(replace(FINE, heard=("Qué idiota",)), [], insults()).forbidden == ("idiota",)


def test_who_was_left_at_the_first_question_got_nothing_of_the_rest() -> None:
    left = replace(FINE, right=0, unanswered=1, heard=())
    assert points(left, [], insults()).total == 25
