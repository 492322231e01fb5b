"""The report, as its readers see it."""

from dataclasses import replace

import pytest

from learning.figures import Figures
from learning.fortnight import brief, told
from learning.tongues import ENGLISH, SPANISH

FIGURES = Figures(
    first="2026-11-09", last="2026-11-22", days=14, replies=1234, conversations=310, scored=312,
    score_sum=1310, successes=280, no_answers=18, local=820, cost_micros=1_230_000, orders=14,
    orders_sum=310_000, paid=9, paid_sum=184_910, paid_led=8, paid_led_sum=159_920, hand_overs=5,
    ratings=12, bad_ratings=2, corrections=4, good=210,
    costs={"groq": {"replies": 414, "micros": 1_230_000}}, trainings=1, training_micros=400_000,
    shadow_micros=0, evaluation_micros=0, judge_micros=0, versions=["tienda-v3"],
    unanswered=[("a", 6), ("gone", 4), ("b", 3)], saved_micros=2_436_232,
)  # fmt: skip
QUESTIONS = {
    "a": "¿hacen envíos a Arica?",
    "b": "hola, quería saber si tienen la mochila grande en color verde oliva o parecido",
}
NOTHING = Figures.read({"first": "2026-11-09", "last": "2026-11-22", "costs": {}, "versions": []})


def test_it_is_told_in_spanish() -> None:
    assert (
        told(FIGURES, QUESTIONS, "CLP", "es")
        == """\
📊 Tu bot, del 9 de noviembre al 22 de noviembre

🧠 Qué aprendió
• 1.234 respuestas, nota 4,2 de 5 (en 312)
• 210 buenas para aprender, 4 corregidas por ustedes
• Entrenamientos: 1; versiones nuevas: tienda-v3
• No supo responder 18 veces
   «¿hacen envíos a Arica?» (6)
   «hola, quería saber si tienen la mochila grande en color ver…» (3)

🛒 Cuánto vendió
• 14 pedidos confirmados por $310.000
• 9 pagados por $184.910
• 8 de ellos tras una respuesta del bot: $159.920

💰 Cuánto costó
• US$1,63: US$0,0053 por conversación, US$0,18 por venta
• De eso, US$0,40 en aprender: entrenar, probar y calificar
• 820 de 1.234 respuestas las hizo el bot solo: ahorró unos US$2,44"""
    )


def test_it_is_told_in_english() -> None:
    assert (
        told(FIGURES, QUESTIONS, "USD", "en")
        == """\
📊 Your bot, November 9 to November 22

🧠 What it learned
• 1,234 answers, scored 4.2 of 5 (on 312)
• 210 good ones to learn from, 4 corrected by you
• Trainings: 1; new versions: tienda-v3
• It did not know 18 times
   «¿hacen envíos a Arica?» (6)
   «hola, quería saber si tienen la mochila grande en color ver…» (3)

🛒 What it sold
• 14 orders confirmed, USD 3,100.00
• 9 paid, USD 1,849.10
• 8 of them after an answer of the bot: USD 1,599.20

💰 What it cost
• US$1.63: US$0.0053 a conversation, US$0.18 a sale
• Of that, US$0.40 to learn: training, trying out and scoring
• 820 of 1,234 answers the bot gave by itself: it saved about US$2.44"""
    )


def test_where_nothing_was_said_it_says_so() -> None:
    assert told(NOTHING, {}, "CLP", "es") == (
        "📊 Tu bot, del 9 de noviembre al 22 de noviembre\n"
        "Todavía faltan datos: en estos días el bot no respondió a nadie."
    )


def test_of_little_it_makes_no_more_than_it_is() -> None:
    few = replace(
        NOTHING, replies=7, conversations=3, scored=3, score_sum=15, local=7, saved_micros=None
    )
    assert told(few, {}, "CLP", "es").splitlines()[2:] == [
        "Faltan datos: son solo 7 respuestas, tómalo como un comienzo.", "",
        "🧠 Qué aprendió", "• 7 respuestas, aún sin notas suficientes",
        "• 0 buenas para aprender, 0 corregidas por ustedes", "• No supo responder 0 veces", "",
        "🛒 Cuánto vendió", "• Sin pedidos en estos días", "",
        "💰 Cuánto costó", "• US$0,00",
        "• 7 de 7 respuestas las hizo el bot solo; faltan datos para saber cuánto ahorró",
    ]  # fmt: skip


def test_a_price_that_nobody_told_is_not_taken_for_nothing() -> None:
    said = told(replace(FIGURES, cost_micros=0, saved_micros=None), {}, "CLP", "es")
    assert "no conocemos su precio" in said
    assert "las hizo el bot solo; faltan datos para saber cuánto ahorró" in said


@pytest.mark.parametrize("locale", ["es", "en"])
def test_it_fits_on_a_phone(locale: str) -> None:
    many = replace(FIGURES, unanswered=[("b", 9)] * 5, versions=["una-versión-de-la-tienda"] * 3)
    assert len(told(many, QUESTIONS, "CLP", locale)) < 1000
    assert len(brief(FIGURES, "CLP", locale)) < 100


def test_its_line_for_a_template_has_the_three_sums() -> None:
    line = brief(FIGURES, "CLP", "es")
    assert line == "1.234 respuestas, 9 ventas por $184.910, costó US$1,63"


def test_both_languages_say_the_same_things() -> None:
    assert SPANISH.texts.keys() == ENGLISH.texts.keys()


def test_what_is_kept_is_read_again() -> None:
    assert Figures.read(FIGURES.kept()) == FIGURES


def test_what_was_heard_and_looked_at_is_told_apart_and_an_unknown_price_too() -> None:
    heard = replace(FIGURES, voice_micros=120_000, image_micros=0, unpriced_files=3)
    line = "• De eso, US$0,12 en escuchar notas de voz y US$0,00 en mirar imágenes"
    said = told(heard, QUESTIONS, "CLP", "es")
    assert f"{line} (de 3 no conocemos el precio)" in said
    assert "US$1,75" in said
    assert "notas de voz" not in told(FIGURES, QUESTIONS, "CLP", "es")
