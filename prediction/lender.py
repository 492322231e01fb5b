"""A lender nobody ever met: clients, loans, plans and what came in, for trying and measuring.

Behind every client stand a quality and a habit that no column shows, and misfortunes that nobody
could foresee; what lenders see is what these lead to. So a model can know much, and not all.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from prediction.book import METHODS, NEVER, Book, Flags, Instalments, Loans, Payments, day_of
from prediction.table import Numbers, Places

YEARS: Final = 5
PER_CLIENT: Final = 1.5
TERMS: Final = np.array([6, 12, 18, 24, 36])
LONGEST: Final = 36
PAYDAYS: Final = np.array([1, 5, 10, 15, 25, 28])
SHOCKS: Final = 4
SEASON: Final = np.array([1.0, 1.1, 1.55, 1.1, 1.0, 1.0, 1.0, 1.0, 1.05, 1.0, 1.05, 1.5])
"""March brings school and the car's tax, December its feasts."""
NEAR, GONE = 30, 1500
SCRAPED, FORGOTTEN, OWN_WAY, AS_A_WHOLE = 0.3, 0.004, 0.85, 0.01
"""How often a payment comes in a misfortune after all, is forgotten for months, comes the usual
way, and names no instalment."""


@dataclass(frozen=True, eq=False)
class People:
    """`quality` and `habit` are hidden; a misfortune lasts from `begins` to `ends`, and after one
    that is `grave` nothing comes in any more."""

    quality: Numbers
    habit: Numbers
    payday: Places
    method: Places
    begins: Places
    ends: Places
    grave: Flags


@dataclass(frozen=True, eq=False)
class Lender:
    """What stands in the lender's tables on `today`."""

    book: Book
    today: int


def lender(today: date, *, clients: int = 10_000, seed: int = 7) -> Lender:
    """The same day, size and seed give the same lender."""
    random = np.random.default_rng([seed, clients])
    end = day_of(today)
    people = _people(random, clients, end)
    loans, terms = _loans(random, people, end)
    plan = _plan(loans, terms, people)
    return Lender(Book(loans, plan, _payments(random, people, loans, plan, end)), end)


def _people(random: np.random.Generator, clients: int, end: int) -> People:
    quality = random.normal(size=clients)
    rate = 0.13 * YEARS * np.exp(-0.7 * quality)
    count = np.minimum(random.poisson(rate), SHOCKS)
    begins = end - random.integers(0, YEARS * 365, (clients, SHOCKS))
    begins = np.where(np.arange(SHOCKS) < count[:, None], _seasonal(random, begins), NEVER)
    lasting = 20 + random.exponential(75, begins.shape)
    worse = 1 / (1 + np.exp(1.9 + 0.8 * quality))
    return People(
        quality=quality,
        habit=np.exp(random.normal(1.0, 0.8, clients) - 0.35 * quality),
        payday=random.choice(PAYDAYS, clients),
        method=random.choice(len(METHODS), clients, p=[0.42, 0.18, 0.22, 0.18]),
        begins=begins.astype(np.int64),
        ends=(begins + lasting).astype(np.int64),
        grave=random.random(begins.shape) < worse[:, None],
    )


def _seasonal(random: np.random.Generator, days: Places) -> Places:
    """Some of what would come in a quiet month comes in the next hard one."""
    quiet = random.random(days.shape) > SEASON[_month(days)] / SEASON.max()
    hard = days + random.integers(0, 90, days.shape)
    return np.where(quiet & (SEASON[_month(hard)] > SEASON.mean()), hard, days)


def _loans(random: np.random.Generator, people: People, end: int) -> tuple[Loans, Places]:
    clients = len(people.quality)
    more = random.integers(0, clients, round(clients * (PER_CLIENT - 1)))
    client = np.append(np.arange(clients), more)
    count = len(client)
    terms = random.choice(TERMS, count, p=[0.12, 0.34, 0.2, 0.24, 0.1])
    back = YEARS * 365 * (1 - np.sqrt(random.random(count)))
    principal = np.round(np.exp(random.normal(13.9, 0.75, count)), -4).clip(100_000, 20_000_000)
    # Whoever lent it had an idea of the quality, and no more.
    rate = 27 - 2.5 * people.quality[client] + random.normal(0, 4, count)
    opened = (end - 1 - back).astype(np.int64)
    told = np.ones(count, np.bool_)
    return Loans(client, principal, np.round(rate.clip(9, 45), 2), opened, told), terms


def _plan(loans: Loans, terms: Places, people: People) -> Instalments:
    """Equal instalments, each on the payday of a month, from the one after the next on."""
    loan = np.repeat(np.arange(len(terms)), terms)
    number = np.arange(len(loan)) - np.repeat(np.cumsum(terms) - terms, terms) + 1
    month = loans.opened[loan].astype("datetime64[D]").astype("datetime64[M]") + number
    due = month.astype("datetime64[D]").astype(np.int64) + people.payday[loans.client[loan]] - 1
    monthly = loans.rate / 1200
    amount = loans.principal * monthly / (1 - (1 + monthly) ** -terms)
    return Instalments(loan, number, due, np.round(amount, -1)[loan])


def _payments(
    random: np.random.Generator, people: People, loans: Loans, plan: Instalments, end: int
) -> Payments:
    who = loans.client[plan.loan]
    paid_on = _in_order(plan, _paid_on(random, people, who, plan.due))
    hard = _struck(people, who, plan.due)[0] | (paid_on - plan.due > NEAR)
    in_parts = random.random(len(who)) < np.where(hard, 0.3, 0.025)
    first_on = plan.due + random.integers(0, 20, len(who))
    in_parts &= (first_on < paid_on) & (first_on > loans.opened[plan.loan])
    part = np.round(plan.amount * random.uniform(0.2, 0.7, len(who)))
    places = np.append(np.arange(len(who)), np.flatnonzero(in_parts))
    on = np.append(paid_on, first_on[in_parts])
    amount = np.append(plan.amount - np.where(in_parts, part, 0), part[in_parts])
    came = on <= end
    places, on, amount = places[came], on[came], amount[came]
    own = people.method[who[places]]
    method = np.where(random.random(len(own)) < OWN_WAY, own, random.choice(3, len(own)))
    whole = random.random(len(own)) < AS_A_WHOLE
    return Payments(plan.loan[places], np.where(whole, -1, places), amount, on, method)


def _paid_on(random: np.random.Generator, people: People, who: Places, due: Places) -> Places:
    """When each would be paid, were it the only one."""
    automatic = people.method[who] == METHODS.index("automatic")
    punctual = 1 / (1 + np.exp(-0.6 - 0.6 * people.quality[who] - 1.2 * automatic))
    season = SEASON[_month(due)]
    in_time = random.random(len(who)) < punctual / season
    habit = random.exponential(people.habit[who] * 2.2 * season)
    usual = due + np.where(in_time, -random.integers(0, 6, len(who)), 1 + habit).astype(np.int64)
    struck, until, gone = _struck(people, who, due)
    scraped = random.random(len(who)) < SCRAPED
    later = np.where(scraped, due + random.integers(4, 28, len(who)), until)
    paid = np.where(struck, later + random.integers(0, 40, len(who)), usual)
    forgotten = random.random(len(who)) < FORGOTTEN
    paid = np.where(forgotten, paid + random.integers(30, 150, len(who)), paid)
    return np.where(gone, NEVER, paid)


def _struck(people: People, who: Places, due: Places) -> tuple[Flags, Places, Flags]:
    """Whether it falls into a misfortune, when that ends, and whether it follows a grave one."""
    begins, ends = people.begins[who], people.ends[who]
    within = (begins <= due[:, None]) & (due[:, None] < ends)
    after = people.grave[who] & (begins <= due[:, None]) & (due[:, None] < ends + GONE)
    struck: Flags = np.any(within, axis=1)
    gone: Flags = np.any(after, axis=1)
    return struck, np.where(within, ends, 0).max(axis=1), gone


def _in_order(plan: Instalments, paid_on: Places) -> Places:
    """Nobody pays one before those that come before it."""
    grid = np.full((int(plan.loan.max(initial=-1)) + 1, LONGEST), -NEVER, np.int64)
    grid[plan.loan, plan.number - 1] = paid_on
    return np.maximum.accumulate(grid, axis=1)[plan.loan, plan.number - 1]


def _month(days: Places) -> Places:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
