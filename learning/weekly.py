"""The week in a few lines for one person's chat, in their language."""

from collections.abc import Mapping
from typing import Final

from learning.figures import Figures
from learning.fortnight import LONGEST, SHOWN
from learning.tongues import spoken
from text.prices import written

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "head": "🗓️ La semana de tu bot, del {first} al {last}",
        "nothing": "En estos días el bot no respondió a nadie.",
        "answered": "• Respondió {n} veces y pidió una persona en {handed}",
        "sold": "• Ventas asistidas: {n} por {sum}",
        "learned": "• Aprendió: {good} respuestas buenas y {corrected} corregidas por ustedes",
        "mean": "• Nota: {after} de 5",
        "change": "• Nota: {before} → {after} de 5",
        "unscored": "• Nota: aún sin notas suficientes",
        "unknown": "• Lo más preguntado que no supo:",
    },
    "en": {
        "head": "🗓️ Your bot's week, {first} to {last}",
        "nothing": "In these days the bot answered nobody.",
        "answered": "• It answered {n} times and asked for a person in {handed}",
        "sold": "• Assisted sales: {n} for {sum}",
        "learned": "• It learned: {good} good answers and {corrected} that you corrected",
        "mean": "• Score: {after} of 5",
        "change": "• Score: {before} → {after} of 5",
        "unscored": "• Score: not enough scores yet",
        "unknown": "• Asked most without an answer:",
    },
}


def told(
    of: Figures,
    before: float | None,
    questions: Mapping[str, str],
    currency: str,
    locale: str,
) -> str:
    """`before` is the mean score of the week before; `questions` are those of `unanswered`."""
    words, say = TEXTS["en" if locale == "en" else "es"], spoken(locale)
    first, last = say.span(of.first, of.last)
    head = words["head"].format(first=first, last=last)
    if not of.replies:
        return f"{head}\n{words['nothing']}"
    handed, good = say.number(of.hand_overs), say.number(of.good)
    sales, amount = say.number(of.paid_led), written(of.paid_led_sum, currency)
    lines = [
        head,
        words["answered"].format(n=say.number(of.replies), handed=handed),
        words["sold"].format(n=sales, sum=amount),
        words["learned"].format(good=good, corrected=say.number(of.corrections)),
    ]
    scores = [None if one is None else say.decimal(one, 1) for one in (before, of.mean_score)]
    way = "unscored" if scores[1] is None else "mean" if scores[0] is None else "change"
    lines.append(words[way].format(before=scores[0], after=scores[1]))
    known = [(questions[row], count) for row, count in of.unanswered if row in questions]
    asked = [f"   «{_short(question)}» ({count})" for question, count in known[:SHOWN]]
    return "\n".join([*lines, words["unknown"], *asked] if asked else lines)


def _short(asked: str) -> str:
    line = " ".join(asked.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
