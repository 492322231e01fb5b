"""What is known of a loan on a day: by hand, and never anything of later days."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from prediction import default, risk
from prediction.book import NEVER, Book, Flags, Instalments, Loans, Payments
from prediction.features import INSTALMENT, LOAN, Seen, of_instalments, of_loans
from prediction.lender import lender
from prediction.targets import Cases
from tests.prediction.lending import TODAY, small

DAY = 20_000
FULL = small(60)
PROTECTED = ("born", "age", "sex", "gender", "name", "nation", "marital")


def book(*paid: tuple[int, int, float, int]) -> Book:
    """One client with a loan of three instalments of 100, every 30 days; and a second loan of one.
    `paid` are loan, instalment (-1 is none), amount, day."""
    rows = list(paid)
    return Book(
        Loans(
            client=np.array([0, 0]), principal=np.array([270.0, 50.0]),
            rate=np.array([20.0, 30.0]), opened=np.array([DAY - 100, DAY - 10]),
            told=np.array([True, True]),
        ),
        Instalments(
            loan=np.array([0, 0, 0, 1]), number=np.array([1, 2, 3, 1]),
            due=np.array([DAY - 70, DAY - 40, DAY - 10, DAY + 20]),
            amount=np.array([100.0, 100.0, 100.0, 60.0]),
        ),
        Payments(
            loan=np.array([one[0] for one in rows], np.int64),
            instalment=np.array([one[1] for one in rows], np.int64),
            amount=np.array([one[2] for one in rows], np.float64),
            on=np.array([one[3] for one in rows], np.int64),
            method=np.array([2 for _ in rows], np.int64),
        ),
    )  # fmt: skip


def test_what_an_analyst_would_say_of_a_loan() -> None:
    seen = of_loans(book((0, 0, 100, DAY - 60), (0, 1, 40, DAY - 35)), DAY)
    first = {name: float(column[0]) for name, column in seen.columns.items()}
    assert seen.places.tolist() == [0, 1]
    told = {
        "days_late": 40, "worst_late": 40, "unpaid_due": 2, "late_share": 1, "first_late": 10,
        "usual_late": 20, "late_last": 3, "left": 2, "term": 3, "no_payment": 35,
        "cash_share": 1, "automatic_share": 0, "other_loans": 1, "others_late": 0, "rate": 20,
        "principal": 270,
    }  # fmt: skip
    assert {name: first[name] for name in told} == told
    assert first["paid_share"] == pytest.approx(140 / 300)
    assert first["overdue_share"] == pytest.approx(160 / 270)
    assert first["partial_share"] == pytest.approx(1 / 3)
    assert first["client_months"] == pytest.approx(100 / 30.4375)
    assert float(seen.columns["others_late"][1]) == 40


def test_of_what_never_fell_due_nothing_is_known() -> None:
    seen = of_loans(book(), DAY)
    for name in ("late_share", "usual_late", "first_late", "trend", "cash_share"):
        assert np.isnan(seen.columns[name][1])


def test_an_open_instalment_knows_its_day_and_what_stands_before_it() -> None:
    seen = of_instalments(book((0, 0, 100, DAY - 60), (0, 1, 40, DAY - 35)), DAY)
    assert seen.places.tolist() == [1, 2, 3]
    assert seen.columns["days_to_due"].tolist() == [-40, -10, 20]
    assert seen.columns["before_open"].tolist() == [0, 1, 0]
    assert seen.columns["part_paid"].tolist() == [0.4, 0, 0]
    assert seen.columns["place"].tolist() == [2, 3, 1]


def test_money_for_the_loan_as_a_whole_pays_the_oldest_instalment_of_its_day() -> None:
    paid = book((0, -1, 150, DAY - 60), (0, 1, 50, DAY - 35), (0, -1, 500, DAY - 5))
    assert paid.done.tolist() == [DAY - 60, DAY - 35, DAY - 5, NEVER]


def test_no_feature_speaks_of_who_somebody_is() -> None:
    names = {one.name for one in (*LOAN, *INSTALMENT)}
    assert not [name for name in names for word in PROTECTED if word in name.split("_")]


def test_every_feature_has_a_column_and_words() -> None:
    for features, seen in ((LOAN, of_loans(FULL.book, FULL.today)),
                           (INSTALMENT, of_instalments(FULL.book, FULL.today))):  # fmt: skip
        assert {one.name for one in features} == set(seen.columns)
        assert all("{" in one.words for one in features)


def same(one: Seen, other: Seen) -> None:
    assert one.places.tolist() == other.places.tolist()
    for name, column in one.columns.items():
        np.testing.assert_array_equal(column, other.columns[name], err_msg=name)


def kept(given: Payments, rows: NDArray[Any]) -> Payments:
    return Payments(
        given.loan[rows], given.instalment[rows], given.amount[rows], given.on[rows],
        given.method[rows],
    )  # fmt: skip


def later(given: Book, day: int) -> Flags:
    found: Flags = given.payments.on > day
    return found


DAYS = st.integers(FULL.today - 1_500, FULL.today)


@settings(max_examples=25, deadline=None)
@given(day=DAYS, seed=st.integers(0, 99))
def test_what_came_later_changes_no_feature(day: int, seed: int) -> None:
    """Deleted, invented or shuffled, in any order of the rows."""
    random = np.random.default_rng(seed)
    paid = FULL.book.payments
    after = later(FULL.book, day)
    deleted = replace(FULL.book, payments=kept(paid, ~after))
    wild = Payments(
        paid.loan,
        np.where(after, random.permutation(paid.instalment), paid.instalment),
        np.where(after, random.integers(1, 10_000_000, len(paid.on)), paid.amount),
        np.where(after, day + random.integers(1, 900, len(paid.on)), paid.on),
        np.where(after, random.integers(0, 4, len(paid.on)), paid.method),
    )
    own = np.where(wild.instalment >= 0, FULL.book.instalments.loan[wild.instalment], paid.loan)
    wild = replace(wild, loan=np.where(after, own, paid.loan))
    shuffled = replace(FULL.book, payments=kept(wild, random.permutation(len(paid.on))))
    for ask in (of_loans, of_instalments):
        told = ask(FULL.book, day)
        same(told, ask(deleted, day))
        same(told, ask(shuffled, day))


@settings(max_examples=25, deadline=None)
@given(day=DAYS)
def test_asking_of_a_day_is_asking_a_book_that_ends_there(day: int) -> None:
    cut = FULL.book.until(day)
    whole = of_loans(FULL.book, day)
    same(whole, of_loans(cut, day))
    ours, theirs = of_instalments(FULL.book, day), of_instalments(cut, day)
    assert len(ours.places) == len(theirs.places)
    for name, column in ours.columns.items():
        np.testing.assert_array_equal(column, theirs.columns[name], err_msg=name)


@pytest.mark.parametrize("ask", [risk.cases, default.cases])
def test_no_case_is_older_than_what_came_of_it(ask: Cases) -> None:
    cases = ask(FULL.book, FULL.today)
    assert len(cases) >= 500
    assert cases.known is not None
    assert cases.dates is not None
    assert cases.target is not None
    today = np.datetime64(TODAY)
    assert (cases.known <= today).all()
    assert (cases.dates < cases.known).all()
    assert 0.03 < cases.target.mean() < 0.3


def test_one_client_alone_is_seen_as_among_all_of_them() -> None:
    loans = np.flatnonzero(FULL.book.loans.client == 3)
    plan = np.isin(FULL.book.instalments.loan, loans)
    paid = np.isin(FULL.book.payments.loan, loans)
    place = {loan: n for n, loan in enumerate(loans.tolist())}
    moved = np.cumsum(plan) - 1
    one, mine = FULL.book.instalments, kept(FULL.book.payments, paid)
    alone = Book(
        Loans(*(getattr(FULL.book.loans, name)[loans] for name in
                ("client", "principal", "rate", "opened", "told"))),
        Instalments(np.array([place[x] for x in one.loan[plan].tolist()]), one.number[plan],
                    one.due[plan], one.amount[plan]),
        replace(mine, loan=np.array([place[x] for x in mine.loan.tolist()]),
                instalment=np.where(mine.instalment >= 0, moved[mine.instalment], -1)),
    )  # fmt: skip
    among = of_instalments(FULL.book, FULL.today)
    mine_among = np.isin(FULL.book.instalments.loan[among.places], loans)
    for name, column in of_instalments(alone, FULL.today).columns.items():
        np.testing.assert_array_equal(column, among.columns[name][mine_among], err_msg=name)


def test_the_same_seed_gives_the_same_lender_and_another_one_another() -> None:
    again = lender(TODAY, clients=60)
    np.testing.assert_array_equal(again.book.payments.on, FULL.book.payments.on)
    assert len(small(60, 8).book.payments.on) != len(FULL.book.payments.on)
