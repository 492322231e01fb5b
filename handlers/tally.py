"""How somebody's own money is told: every figure comes from their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from config.packs import Pack
from handlers.bookkeeping import Entry, Lacking, Limit, Pending, Removal, Target
from nlu.dates import month_of
from nlu.spans import EVER
from store.ledger import Budget, Goal, LedgerEntry, Sum
from text.days import month_said, said
from text.prices import written

SAVINGS: Final = "ahorro"
_WHOLE: Final = 100
_WEEK_D: Final = 7
_PERIODS: Final = {
    "es": {"month": "al mes", "week": "a la semana"},
    "en": {"month": "a month", "week": "a week"},
}
_HERE: Final = {
    "es": {"month": "este mes", "week": "esta semana", "year": "este año"},
    "en": {"month": "this month", "week": "this week", "year": "this year"},
}
_DAYS: Final = {"es": ("día", "días"), "en": ("day", "days")}
_TODAY: Final = {"es": "lo que queda de hoy", "en": "the rest of today"}
_IN_ALL: Final = {"es": "en total", "en": "in all"}
_IN: Final = {"es": "en", "en": "in"}
Slots: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Teller:
    """Says things in the words of a pack, to somebody for whom it is `today`."""

    pack: Pack
    locale: str
    today: date

    def say(self, name: str, slots: Mapping[str, object] | None = None) -> str:
        return self.pack.answers[name].say(self.locale, slots or {})

    def proposal(self, pending: Pending) -> tuple[str, str]:
        """The name of the question for a yes, and its words."""
        wish = pending.wish
        if isinstance(wish, Limit):
            return self._named("ledger_budget", self._limit(wish))
        if isinstance(wish, Target):
            return self._named("ledger_goal", self._target(wish))
        if isinstance(wish, Removal):
            return self._named("ledger_cancel", {"line": wish.said})
        if len(wish.items) > 1:
            return self._named("ledger_several", {"lines": self.lines(wish.items)})
        return self._named(f"ledger_{_sort(wish.items[0])}", self._entry(wish.items[0]))

    def missing(self, pending: Pending, lacks: Lacking) -> tuple[str, str]:
        wish = pending.wish
        if isinstance(wish, Limit):
            category: Slots = {"category": wish.category} if wish.category else {}
            return self._named(f"ledger_budget_{lacks}", category)
        if isinstance(wish, Target):
            return self._named("ledger_goal_amount", {"name": wish.name})
        return self._named("ledger_amount", {})

    def saved(self, pending: Pending) -> tuple[str, str]:
        wish = pending.wish
        if isinstance(wish, Limit):
            return self._named("ledger_budget_saved", self._limit(wish))
        if isinstance(wish, Target):
            return self._named("ledger_goal_saved", self._target(wish))
        if isinstance(wish, Removal):
            return self._named("ledger_cancelled", {"line": wish.said})
        return self._named("ledger_saved", {"lines": self.lines(wish.items)})

    def lines(self, entries: Sequence[Entry] | Sequence[LedgerEntry]) -> str:
        return "\n".join(f"• {self.line(entry)}" for entry in entries)

    def line(self, entry: Entry | LedgerEntry) -> str:
        """`gasto de $5.000 en comida, hoy`."""
        day = entry.on if isinstance(entry, Entry) else entry.on_day
        slots = _about(entry) | {"day": self._day(day)}
        return self.say(f"ledger_line_{_sort(entry)}", slots)

    def adherence(self, budget: Budget, found: Sequence[Sum]) -> str:
        """Spent of the budget, in percent, and what is left for how many days."""
        first_last = span_of_budget(budget.period, self.today)
        spent = spent_on(found, budget.category, budget.currency)
        left = budget.amount - spent
        slots: Slots = {
            "category": budget.category,
            "spent": written(spent, budget.currency),
            "budget": written(budget.amount, budget.currency),
            "percent": spent * _WHOLE // budget.amount,
            "span": self._here(budget.period),
            "days": self._days(first_last[1]),
        }
        if left < 0:
            return self.say("ledger_over", slots | {"over": written(-left, budget.currency)})
        return self.say("ledger_adherence", slots | {"left": written(left, budget.currency)})

    def unbudgeted(self, category: str, found: Sequence[Sum]) -> str:
        spent = _totals([one for one in found if _spent(one) and one.category == category])
        slots: Slots = {"category": category, "spent": spent, "span": self._here("month")}
        return self.say("ledger_no_budget", slots)

    def summary(self, found: Sequence[Sum], span: tuple[date, date], category: str) -> str:
        spent = [one for one in found if _spent(one) and category in {"", one.category}]
        slots: Slots = {"span": self._span(*span)}
        if category:
            slots["category"] = category
        if not spent:
            return self.say("ledger_nothing_spent", slots)
        lines = "\n".join(f"• {one.category}: {written(one.amount, one.currency)}" for one in spent)
        return self.say("ledger_summary", slots | {"total": _totals(spent), "lines": lines})

    def movements(self, rows: Sequence[LedgerEntry]) -> str:
        if not rows:
            return self.say("ledger_nothing")
        return self.say("ledger_latest", {"lines": self.lines(rows)})

    def balance(self, found: Sequence[Sum], span: tuple[date, date], currency: str) -> str:
        """Of what is written down, in the shop's own currency."""
        own = [one for one in found if one.currency == currency]
        earned = sum(one.amount for one in own if one.kind == "income")
        spent = sum(one.amount for one in own if one.kind == "expense")
        slots: Slots = {
            "span": self._span(*span),
            "income": written(earned, currency),
            "spent": written(spent, currency),
            "left": written(earned - spent, currency),
        }
        return self.say("ledger_balance" if own else "ledger_nothing", slots)

    def goals(self, rows: Sequence[Goal], found: Sequence[Sum]) -> str:
        """What was put aside is known as a whole, not for which goal."""
        lines = "\n".join(f"• {self._goal(row)}" for row in rows)
        currency = rows[0].currency
        saved = spent_on(found, SAVINGS, currency)
        slots: Slots = {"lines": lines, "saved": written(saved, currency)}
        if len(rows) == 1:
            left = max(rows[0].amount - saved, 0)
            slots |= {"percent": saved * _WHOLE // rows[0].amount, "left": written(left, currency)}
        return self.say("ledger_goals", slots)

    def _named(self, name: str, slots: Mapping[str, object]) -> tuple[str, str]:
        return name, self.say(name, slots)

    def _entry(self, entry: Entry) -> Slots:
        slots = _about(entry) | {"day": self._day(entry.on)}
        return slots | ({"account": entry.account} if entry.account else {})

    def _limit(self, limit: Limit) -> Slots:
        return {
            "amount": written(limit.amount or 0, limit.currency),
            "category": limit.category,
            "period": _PERIODS[self._language][limit.period],
        }

    def _target(self, goal: Target) -> Slots:
        slots: Slots = {"amount": written(goal.amount or 0, goal.currency), "name": goal.name}
        return slots | ({"by": self._day(goal.by)} if goal.by else {})

    def _goal(self, goal: Goal) -> str:
        amount = written(goal.amount, goal.currency)
        by = f" ({self._day(goal.by_day)})" if goal.by_day else ""
        return f"{goal.name}: {amount}{by}"

    def _day(self, day: date) -> str:
        return said(day, self.today, self.locale)

    def _here(self, period: str) -> str:
        return _HERE[self._language][period]

    def _days(self, last: date) -> str:
        """How many are left after today."""
        count = (last - self.today).days
        if count == 0:
            return _TODAY[self._language]
        one, many = _DAYS[self._language]
        return f"{count} {one if count == 1 else many}"

    def _span(self, first: date, last: date) -> str:
        """`este mes`, `en octubre`, `en marzo de 2024`, `ayer`, or from when to when."""
        if first in {EVER, last}:
            return self._day(first) if first == last else _IN_ALL[self._language]
        for period in ("month", "week", "year"):
            if (first, last) == span_of_budget(period, self.today):
                return self._here(period)
        word = _IN[self._language]
        if (first, last) == month_of(first):
            return f"{word} {month_said(first, self.today, self.locale)}"
        if (first, last) == _year_of(first):
            return f"{word} {first.year}"
        return f"{self._day(first)} – {self._day(last)}"

    @property
    def _language(self) -> str:
        return "en" if self.locale == "en" else "es"


def _year_of(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)


def span_of_budget(period: str, today: date) -> tuple[date, date]:
    if period == "year":
        return _year_of(today)
    if period == "month":
        return month_of(today)
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=_WEEK_D - 1)


def spent_on(found: Sequence[Sum], category: str, currency: str) -> int:
    return sum(
        one.amount
        for one in found
        if _spent(one) and (one.category, one.currency) == (category, currency)
    )


def _about(entry: Entry | LedgerEntry) -> Slots:
    slots: Slots = {"amount": written(entry.amount or 0, entry.currency)}
    return slots | ({"category": entry.category} if entry.category else {})


def _sort(entry: Entry | LedgerEntry) -> str:
    """What is put aside is spent as far as this month goes, but nobody calls it so."""
    saved = (entry.kind, entry.category) == ("expense", SAVINGS)
    return "saving" if saved else entry.kind


def _spent(one: Sum) -> bool:
    return one.kind == "expense"


def _totals(found: Sequence[Sum]) -> str:
    """One sum for each currency: nobody here knows what one is worth in another."""
    sums: dict[str, int] = {}
    for one in found:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount
    return " + ".join(written(value, currency) for currency, value in sums.items()) or written(0)
