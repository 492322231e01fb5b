"""A row of every kind for a shop, with its id in every text: whoever reads it elsewhere has seen
another shop."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import insert

from services.clock import now
from store.privacy import links
from store.privacy.links import Wanted
from store.session import Store
from tests.fixtures.rows import TABLES, a_row
from web.app import WebParts

NOT_NAMED_SO = {
    "dataset": "dataset",
    "preparation": "preparation",
    "run": "training_job",
    "evaluation": "eval_run",
    "model": "model_version",
    "other": "model_version",
    "example": "training_data",
    "message": "training_data",
    "improvement": "correction",
    "import_id": "catalogue_proposal",
    "term": "dictionary_term",
    "key": "api_key",
    "asked": "privacy_request",
    "cluster": "question_cluster",
    "request_id": "span",
    "session": "web_session",
    "order": "orders",
    "reply": "canned_reply",
    "turn": "training_data",
    "member": "person",
    "case": "eval_case",
    "view": "saved_view",
}
"""What a part of an address names, where it is not called as its table is."""
FILES = {
    "counts": {"rows": 1, "pairs": 0, "customers": 1, "split": {}, "category": {}, "score": {}},
    "dropped": {},
    "explanation": "",
}
SHAPES: dict[str, dict[str, Any]] = {
    "dataset": {"manifest": FILES},
    "eval_result": {"faults": []},
    "risk_prediction": {"factors": []},
    "risk_model": {"kind": "instalment"},
    "rollout_step": {"to_state": "canary"},
    "eval_case": {"messages": ["hola"]},
    "orders": {"currency": "CLP"},
    "model_version": {
        "provider": "offline",
        "parameters": {"checkpoints": [{"step": 3, "model": "ft:three", "metrics": {}}]},
    },
}
"""Where JSON has a shape."""


async def sow(store: Store, shop: UUID) -> None:
    async with store.transaction() as session:
        for table in TABLES:
            if table.name == "shop":
                continue
            row = a_row(table, shop)
            row |= SHAPES.get(table.name, {})
            await session.execute(insert(table).values(row))


async def came_by_link(parts: WebParts, customer: UUID) -> str:
    """What the browser of a customer keeps who used a link of their own."""
    at, keep = now(), secrets.token_urlsafe(32)
    wanted = Wanted(parts.shop, customer, uuid4(), at + timedelta(hours=1))
    async with parts.store.batch() as connection:
        secret = await links.offer(connection, wanted)
    until = at + timedelta(hours=1)
    async with parts.store.tenant(parts.shop) as session:
        assert await links.use(session, parts.shop, secret, at, keep=keep, until=until)
    return keep


def ids(shop: UUID) -> dict[str, UUID]:
    """By the names that parts of addresses have."""
    known = {table.name: table.fullname for table in TABLES}
    named = {name: known[table] for name, table in NOT_NAMED_SO.items()}
    named |= {name: full for name, full in known.items() if name not in named}
    return {name: uuid5(shop, full) for name, full in named.items()}
