"""The rows that somebody's yes makes of a wish; the same yes makes the same rows."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from events.happened import caused_by
from handlers.bookkeeping import Entries, Entry, Limit, Pending, Target
from handlers.tally import span_of_budget
from store.ledger import Budget, Goal, LedgerEntry, Owner

OTHERS: Final = "otros"
Row: TypeAlias = dict[str, Any]
Table: TypeAlias = type[LedgerEntry] | type[Budget] | type[Goal]


def rows_of(
    wish: Entries | Limit | Target, pending: Pending, owner: Owner, today: date
) -> tuple[Table, list[Row]]:
    match wish:
        case Entries(items):
            return LedgerEntry, _entries(items, pending, owner)
        case Limit():
            first = span_of_budget(wish.period, today)[0]
            limit = {"category": wish.category, "period": wish.period, "from_day": first}
            return Budget, [_owned(owner, pending, wish, limit)]
        case Target():
            return Goal, [_owned(owner, pending, wish, {"name": wish.name, "by_day": wish.by})]


def ids_of(pending: Pending) -> list[UUID]:
    """Under which its rows stand, where a yes has written them."""
    count = len(pending.wish.items) if isinstance(pending.wish, Entries) else 1
    return [_id(pending, place) for place in range(count)]


def _id(pending: Pending, place: int) -> UUID:
    return caused_by(pending.id, f"row:{place}")


def _entries(items: Sequence[Entry], pending: Pending, owner: Owner) -> list[Row]:
    """In the order they were said, which their moments keep."""
    return [
        _owned(
            owner,
            pending,
            item,
            {
                "kind": item.kind,
                "category": item.category or OTHERS,
                "account": item.account or None,
                "on_day": item.on,
                "note": item.note,
            },
            place,
        )
        for place, item in enumerate(items)
    ]


def _owned(
    owner: Owner,
    pending: Pending,
    wish: Entry | Limit | Target,
    row: Mapping[str, Any],
    place: int = 0,
) -> Row:
    return {
        "shop_id": owner.shop,
        "id": _id(pending, place),
        "customer_id": owner.customer,
        "amount": wish.amount,
        "currency": wish.currency,
        "turn_id": pending.turn,
        "created_at": pending.at + timedelta(microseconds=place),
        **row,
    }
