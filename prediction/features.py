"""What a credit analyst would want to know of a loan, and of an instalment that is still open, on a
day: from what was known in the evening of that day, whatever came later.

Birth, name, sex and where somebody lives are no part of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from prediction.book import METHODS, NEVER, Book
from prediction.histories import History, history
from prediction.table import Feature, Numbers, Places

CLEARLY: Final = 5
"""Days: a salary that is paid on a Monday is not called late."""
LAST, FOUR = 3, 4
FAR: Final = 365
MONTH: Final = 30.4375
AUTOMATIC, CASH = METHODS.index("automatic"), METHODS.index("cash")

LOAN: Final = (
    Feature("days_late", direction=1, words="tiene {value} días de atraso hoy"),
    Feature("worst_late", direction=1, words="su peor atraso fue de {value} días"),
    Feature("worst_3m", direction=1, words="su peor atraso en 3 meses fue de {value} días"),
    Feature("worst_6m", direction=1, words="su peor atraso en 6 meses fue de {value} días"),
    Feature("worst_12m", direction=1, words="su peor atraso en 12 meses fue de {value} días"),
    Feature("late_share", direction=1, words="pagó con atraso {percent} de sus cuotas"),
    Feature("late_last", direction=1, words="{value} de sus últimas 4 cuotas con atraso"),
    Feature("usual_late", direction=1, words="suele atrasarse {value} días"),
    Feature("trend", direction=1, words="sus atrasos cambiaron {value} días en las últimas cuotas"),
    Feature("overdue_share", direction=1, words="debe de cuotas vencidas {percent} del préstamo"),
    Feature("unpaid_due", direction=1, words="tiene {value} cuotas vencidas sin pagar"),
    Feature("paid_share", direction=-1, words="ha pagado {percent} del préstamo"),
    Feature("burden", words="cada cuota es {percent} del préstamo"),
    Feature("left", words="le quedan {value} cuotas"),
    Feature("term", words="el plazo es de {value} cuotas"),
    Feature("rate", direction=1, words="la tasa es de {value} % al año"),
    Feature("principal", words="pidió {value}"),
    Feature("months", words="lleva {value} meses con el préstamo"),
    Feature("no_payment", direction=1, words="no paga desde hace {value} días"),
    Feature("partial_share", direction=1, words="pagó por partes {percent} de sus cuotas"),
    Feature("first_late", direction=1, words="se atrasó {value} días en su primera cuota"),
    Feature("automatic_share", direction=-1, words="paga {percent} con pago automático"),
    Feature("cash_share", words="paga {percent} en efectivo"),
    Feature("other_loans", words="tiene otros {value} préstamos abiertos"),
    Feature("others_late", direction=1, words="otro préstamo tiene {value} días de atraso"),
    Feature("others_worst", direction=1, words="otro préstamo llegó a {value} días de atraso"),
    Feature("client_months", direction=-1, words="es cliente desde hace {value} meses"),
)  # fmt: skip
INSTALMENT: Final = (
    *LOAN,
    Feature("days_to_due", words="vence en {value} días"),
    Feature("due_month", "category", words="vence en {value}"),
    Feature("place", words="es la cuota {value}"),
    Feature("before_open", direction=1, words="tiene {value} cuotas anteriores sin pagar"),
    Feature("part_paid", direction=-1, words="ya pagó {percent} de esta cuota"),
    Feature("size", words="esta cuota es {percent} de una cuota normal"),
)  # fmt: skip
MONTHS: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Seen:
    """Of the loans, or instalments, at `places` of a book: a column for each feature."""

    places: Places
    columns: Mapping[str, NDArray[Any]]


def of_loans(book: Book, day: int) -> Seen:
    """Of those with something left to pay on that day."""
    seen = history(book, day)
    places = np.flatnonzero(seen.open_count > 0)
    return Seen(places, {name: one[places] for name, one in _loans(book, seen, day).items()})


def of_instalments(book: Book, day: int) -> Seen:
    """Of those that were open on that day."""
    seen = history(book, day)
    places = np.flatnonzero(seen.open)
    loan = book.instalments.loan[places]
    columns = {name: one[loan] for name, one in _loans(book, seen, day).items()}
    return Seen(places, columns | _instalments(book, seen, places, day))


def _loans(book: Book, seen: History, day: int) -> dict[str, Numbers]:
    return {
        **_lateness(seen),
        **_windows(seen, day),
        **_recent(seen),
        **_amounts(book, seen, day),
        **_habits(book, seen, day),
        **_others(book, seen, day),
    }


def _lateness(seen: History) -> dict[str, Numbers]:
    late = seen.late
    return {
        "days_late": seen.most(np.where(seen.due & seen.open, late, 0)),
        "worst_late": seen.most(np.where(seen.due, late, 0)),
        "late_share": _share(seen.sum(seen.due & (late > CLEARLY)), seen.due_count),
        "unpaid_due": seen.sum(seen.due & seen.open & (late > 0)),
        "usual_late": _share(seen.sum(np.where(seen.due, late, 0)), seen.due_count),
        "first_late": _known(seen.most(np.where(seen.due & seen.first, late, 0)), seen.due_count),
    }


def _windows(seen: History, day: int) -> dict[str, Numbers]:
    """Of what fell due, was paid or was still owed within so many months."""

    def worst(months: int) -> Numbers:
        since = day - round(months * MONTH)
        within = seen.due & ((seen.due_on > since) | (seen.done > since))
        return seen.most(np.where(within, seen.late, 0))

    return {f"worst_{months}m": worst(months) for months in (3, 6, 12)}


def _recent(seen: History) -> dict[str, Numbers]:
    last = seen.due & (seen.back < LAST)
    before = seen.due & (seen.back >= LAST) & (seen.back < 2 * LAST)
    now = _share(seen.sum(np.where(last, seen.late, 0)), seen.sum(last))
    then = _share(seen.sum(np.where(before, seen.late, 0)), seen.sum(before))
    four = seen.due & (seen.back < FOUR) & (seen.late > CLEARLY)
    return {"trend": now - then, "late_last": seen.sum(four)}


def _amounts(book: Book, seen: History, day: int) -> dict[str, Numbers]:
    loans, planned = book.loans, seen.sum(seen.amount)
    owed = np.where(seen.due & (seen.late > 0), seen.missing, 0)
    return {
        "overdue_share": seen.sum(owed) / loans.principal,
        "paid_share": _share(planned - seen.sum(seen.missing), planned),
        "burden": _share(planned, seen.count * loans.principal),
        "left": seen.open_count,
        "term": seen.count,
        "rate": loans.rate,
        "principal": loans.principal,
        "months": (day - loans.opened) / MONTH,
    }


def _habits(book: Book, seen: History, day: int) -> dict[str, Numbers]:
    paid, whose = seen.payments, len(book.loans.rate)
    count = np.bincount(paid.loan, minlength=whose).astype(float)
    last = np.full(whose, -NEVER, np.int64)
    np.maximum.at(last, paid.loan, paid.on)
    parts = np.bincount(paid.instalment, minlength=len(seen.due))

    def by(method: int) -> Numbers:
        return _share(np.bincount(paid.loan[paid.method == method], minlength=whose), count)

    return {
        "no_payment": (day - np.where(count > 0, last, book.loans.opened)).astype(float),
        "partial_share": _share(seen.sum((parts > 1) | (seen.open & (parts > 0))), seen.due_count),
        "automatic_share": by(AUTOMATIC),
        "cash_share": by(CASH),
    }


def _others(book: Book, seen: History, day: int) -> dict[str, Numbers]:
    """Of the other loans of whoever has the loan."""
    client = book.loans.client
    clients = int(client.max(initial=-1)) + 1
    known = seen.there
    is_open = known & (seen.open_count > 0)
    since = np.full(clients, NEVER, np.int64)
    np.minimum.at(since, client[known], book.loans.opened[known])
    now = seen.most(np.where(seen.due & seen.open, seen.late, 0))
    worst = seen.most(np.where(seen.due, seen.late, 0))
    return {
        "other_loans": np.bincount(client[is_open], minlength=clients)[client] - is_open * 1.0,
        "others_late": _of_others(np.where(known, now, 0), client, clients),
        "others_worst": _of_others(np.where(known, worst, 0), client, clients),
        "client_months": np.where(known, (day - since[client]) / MONTH, np.nan),
    }


def _of_others(values: Numbers, client: Places, clients: int) -> Numbers:
    """The greatest value among the client's other loans: the second one, for who has the first."""
    order = np.lexsort((values, client))
    top, second = np.zeros(clients), np.zeros(clients)
    whose, ranked = client[order], values[order]
    last = np.flatnonzero(np.append(np.diff(whose) > 0, True)) if len(whose) else order
    top[whose[last]] = ranked[last]
    has_two = last[(last > 0) & (whose[last - 1] == whose[last])]
    second[whose[has_two]] = ranked[has_two - 1]
    holder = np.full(clients, -1, np.int64)
    holder[whose[last]] = order[last]
    return np.where(holder[client] == np.arange(len(values)), second[client], top[client])


def _instalments(book: Book, seen: History, places: Places, day: int) -> dict[str, NDArray[Any]]:
    given = book.instalments
    loan = given.loan[places]
    usual = seen.sum(seen.amount) / np.maximum(seen.count, 1)
    opened = np.cumsum(seen.open)
    until = np.append(0, opened)[np.searchsorted(given.loan, loan)]
    return {
        "days_to_due": np.minimum(given.due[places] - day, FAR).astype(float),
        "due_month": _months(given.due[places]),
        "place": given.number[places].astype(float),
        "before_open": (opened[places] - 1 - until).astype(float),
        "part_paid": 1 - seen.missing[places] / given.amount[places],
        "size": given.amount[places] / usual[loan],
    }


def _months(days: Places) -> NDArray[Any]:
    place = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    return np.array(MONTHS, dtype=object)[place]


def _share(part: NDArray[Any], whole: NDArray[Any]) -> Numbers:
    """Not known where there is nothing to have a share in."""
    found: Numbers = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return found


def _known(values: Numbers, count: Numbers) -> Numbers:
    return np.where(count > 0, values, np.nan)
