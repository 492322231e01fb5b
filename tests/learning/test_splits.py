from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from learning.splits import assign

ROWS = st.lists(st.tuples(st.integers(1, 40).map(lambda n: UUID(int=n)), st.integers(0, 60)))


@given(ROWS)
def test_what_belongs_together_stays_together(rows: list[tuple[UUID, int]]) -> None:
    splits = assign(rows)
    seen: dict[object, str] = {}
    for (customer, cluster), split in zip(rows, splits, strict=True):
        assert seen.setdefault(customer, split) == split
        assert seen.setdefault(cluster, split) == split


@given(ROWS)
def test_at_most_a_tenth_is_held_out_for_each_purpose(rows: list[tuple[UUID, int]]) -> None:
    splits = assign(rows)
    assert splits.count("test") <= len(rows) / 10
    assert splits.count("validation") <= len(rows) / 10


def test_many_customers_fill_both_held_out_splits() -> None:
    splits = assign([(UUID(int=number), number) for number in range(1000)])
    assert (splits.count("test"), splits.count("validation")) == (100, 100)


def test_a_few_rows_are_all_trained_on() -> None:
    assert assign([(UUID(int=number), number) for number in range(9)]) == ["train"] * 9
