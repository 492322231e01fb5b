"""A shop's captured turns as examples, the newest first, a page at a time."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import msgspec

from learning.curation import Example, Fact, Said
from llm.base import Finding
from store import curating
from store.curating import Turn
from store.session import Store

PAGE: Final = 2000
REPLACED: Final = "replaced"
"""How the verdict of a reply begins that was not fit to be sent, so that another one was."""
_JSON: Final = msgspec.json.Decoder()
UNSENT: Final = frozenset({"failed", "withheld"})


async def pages(store: Store, shop: UUID, until: datetime | None) -> AsyncIterator[list[Example]]:
    """Each page is a short transaction; rows that come in meanwhile are newer than all of them."""
    last = curating.before(until)
    while True:
        rows = await curating.page(store, shop, last, PAGE)
        if rows:
            yield [example_of(row) for row in rows]
        if len(rows) < PAGE:
            return
        last = rows[-1]["created_at"], rows[-1]["id"]


async def these(store: Store, shop: UUID, ids: Sequence[UUID]) -> dict[UUID, Example]:
    """Those that are still there."""
    rows = await curating.these(store, shop, ids)
    return {row["id"]: example_of(row) for row in rows}


def example_of(row: Turn) -> Example:
    correction, answer = row["correction"], row["bot_response"]
    names = (row["name"], row["person"])
    return Example(
        id=row["id"],
        shop=row["shop_id"],
        customer=row["customer_id"],
        at=row["created_at"],
        question=row["user_message"],
        answer=correction or answer,
        original=answer if correction else None,
        corrected=bool(correction),
        demonstrated=row["author"] == "human",
        accepted=row["accepted"],
        brought=row["origin"] != "chat",
        intent=row["intent"],
        category=row["category"],
        product_name=row["product_name"],
        locale=row["locale"],
        tone=row["tone"],
        intensity=row["intensity"],
        score=row["quality_score"] if row["stars"] is None else row["stars"],
        successful=row["is_successful"],
        latency_ms=row["latency_ms"],
        failed=_failed(row),
        rejected=row["rejected"] or row["taken_back"],
        no_training=row["no_training"],
        scrubbed=row["pii_scrubbed"],
        names=tuple(dict.fromkeys(name for name in names if name)),
        sources=tuple(_fact(each) for each in _listed(row["sources"])),
        history=tuple(_said(line) for line in _listed(row["history"])),
        state=tuple(_listed(row["stand"])),
        finding=cast("Finding", row["finding"] or "found"),
    )


def _failed(row: Turn) -> bool:
    """Nobody received it, the call broke, or a safe answer stood in for the model's."""
    replaced = (row["verdict"] or "").startswith(REPLACED)
    silent = not (row["user_message"].strip() and row["bot_response"].strip())
    return row["state"] in UNSENT or row["ok"] is False or replaced or silent


def _listed(text: str | None) -> list[Any]:
    found = _JSON.decode(text) if text else None
    return found if isinstance(found, list) else []


def _fact(source: dict[str, str]) -> Fact:
    return source["kind"], source["title"], source.get("role", "")


def _said(line: str) -> Said:
    """As capture keeps it: `user: …`."""
    who, _, text = line.partition(": ")
    return ("user" if who == "user" else "assistant"), text
