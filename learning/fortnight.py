"""The report to the shop's people: short enough for a phone, and honest where there is little."""

from collections.abc import Mapping
from typing import Final

from learning.figures import Figures
from learning.tongues import Words, spoken
from text.prices import written

LEAST: Final = 30
"""Fewer answers say little of a fortnight."""
LEAST_SCORED: Final = 10
SHOWN: Final = 3
LONGEST: Final = 60


def told(of: Figures, questions: Mapping[str, str], currency: str, locale: str) -> str:
    """`questions` are what was asked in the rows of `unanswered` that are still there."""
    say = spoken(locale)
    if not of.replies:
        return say.head(of.first, of.last) + "\n" + say["nothing"]
    parts = [
        say.head(of.first, of.last),
        _learned(of, questions, say),
        _sold(of, currency, say),
        _cost(of, say),
    ]
    if of.replies < LEAST:
        parts.insert(1, say.with_("little", n=say.number(of.replies)))
    return "\n\n".join(parts)


def brief(of: Figures, currency: str, locale: str) -> str:
    """The one line that a template has room for."""
    say = spoken(locale)
    numbers = {"n": say.number(of.replies), "paid": say.number(of.paid)}
    money = {"sum": written(of.paid_sum, currency), "cost": say.usd(of.total_micros)}
    return say.with_("brief", **numbers, **money)


def _learned(of: Figures, questions: Mapping[str, str], say: Words) -> str:
    lines = [say["learned"], say.with_("answered", n=say.number(of.replies)) + _mean(of, say)]
    lines.append(say.with_("good", n=say.number(of.good), corrected=say.number(of.corrections)))
    if of.trainings or of.versions:
        names = ", ".join(of.versions[-SHOWN:]) or say["none"]
        lines.append(say.with_("trained", n=say.number(of.trainings), names=names))
    lines.append(say.with_("unknown", n=say.number(of.no_answers)))
    known = [(questions[row], count) for row, count in of.unanswered if row in questions]
    lines += [f"   «{_short(asked)}» ({count})" for asked, count in known[:SHOWN]]
    return "\n".join(lines)


def _mean(of: Figures, say: Words) -> str:
    if of.mean_score is None or of.scored < LEAST_SCORED:
        return say["unscored"]
    return say.with_("mean", mean=say.decimal(of.mean_score, 1), scored=say.number(of.scored))


def _sold(of: Figures, currency: str, say: Words) -> str:
    if not (of.orders or of.paid):
        return say["sold"] + "\n" + say["no_orders"]
    orders = say.with_("orders", n=say.number(of.orders), sum=written(of.orders_sum, currency))
    paid = say.with_("paid", n=say.number(of.paid), sum=written(of.paid_sum, currency))
    lines = [say["sold"], orders, paid]
    if of.paid:
        led, total = say.number(of.paid_led), written(of.paid_led_sum, currency)
        lines.append(say.with_("led", n=led, sum=total))
    return "\n".join(lines)


def _cost(of: Figures, say: Words) -> str:
    lines = [say["cost"], say.with_("total", sum=say.usd(of.total_micros))]
    if of.total_micros and of.conversations:
        each = say.usd(of.total_micros / of.conversations)
        lines[-1] += say.with_("each", sum=each)
    if of.total_micros and of.paid:
        lines[-1] += say.with_("sale", sum=say.usd(of.total_micros / of.paid))
    if of.sense_micros or of.unpriced_files:
        voice, image = say.usd(of.voice_micros), say.usd(of.image_micros)
        lines.append(say.with_("senses", voice=voice, image=image))
        if of.unpriced_files:
            lines[-1] += say.with_("unpriced_files", n=say.number(of.unpriced_files))
    if of.learning_micros:
        lines.append(say.with_("learning", sum=say.usd(of.learning_micros)))
    hosted = of.replies - of.local
    if hosted and not of.cost_micros:
        lines.append(say["unpriced"])
    here = say.with_("local", n=say.number(of.local), all=say.number(of.replies))
    saved = of.saved_micros
    here += say["unsaved"] if saved is None else say.with_("saved", sum=say.usd(saved))
    return "\n".join([*lines, here] if of.local else lines)


def _short(asked: str) -> str:
    line = " ".join(asked.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
