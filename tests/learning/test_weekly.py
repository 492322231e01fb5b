"""The week in a few lines, in two languages."""

from dataclasses import replace

from learning.weekly import told
from tests.learning.test_fortnight import FIGURES, NOTHING, QUESTIONS

WEEK = replace(FIGURES, first="2026-11-16")


def test_it_is_told_in_spanish_with_the_score_before_and_after() -> None:
    assert (
        told(WEEK, 3.94, QUESTIONS, "CLP", "es")
        == """\
🗓️ La semana de tu bot, del 16 de noviembre al 22 de noviembre
• Respondió 1.234 veces y pidió una persona en 5
• Ventas asistidas: 8 por $159.920
• Aprendió: 210 respuestas buenas y 4 corregidas por ustedes
• Nota: 3,9 → 4,2 de 5
• Lo más preguntado que no supo:
   «¿hacen envíos a Arica?» (6)
   «hola, quería saber si tienen la mochila grande en color ver…» (3)"""
    )


def test_it_is_told_in_english_without_what_is_not_known() -> None:
    unscored = replace(WEEK, scored=0, score_sum=0)
    assert "• Score: 4.2 of 5" in told(WEEK, None, {}, "USD", "en")
    assert "• Score: not enough scores yet" in told(unscored, 4.0, {}, "USD", "en")
    assert "Asked most" not in told(WEEK, None, {}, "USD", "en")
    assert told(NOTHING, None, {}, "USD", "en").endswith("the bot answered nobody.")
