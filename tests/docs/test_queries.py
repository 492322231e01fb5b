"""Every query of the documentation finds, on the migrated schema, the row it is for."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlalchemy import insert, text, update

from events.happened import named
from store import afterwards, app, expenses, ml, predicting, ratings, rollups, senses, work
from store.session import Store
from tests.docs.pages import page
from tests.fixtures.rows import TABLES, a_row
from tests.fixtures.store import add_shop

PAGE = page("docs/queries.md")
SOME = re.compile(r"^## ([^\n]+)\n(?:(?!^## ).)*?```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUERIES = dict(SOME.findall(PAGE.text))
CHANGES: dict[str, dict[Any, dict[str, object]]] = {
    "Answers that worked": {ml.TrainingData: {"quality_score": 5}},
    "Answers that need a person": {ml.TrainingData: {"quality_score": 1}},
    "Ratings that wait": {ratings.Rating: {"processed": False, "thumb": -1}},
    "What the bot did not know": {
        ml.TrainingData: {"context": {"sources": [{"kind": "answer", "id": "unknown"}]}}
    },
    "Replies that nobody can vouch for": {app.Delivery: {"state": "uncertain"}},
    "Who cannot be written to": {app.Conversation: {"reachable": False}},
    "What customers thought of a message": {afterwards.Reaction: {"emoji": "👍"}},
    "What the models cost": {app.EventLog: {"created_at": datetime.now(UTC)}},
    "What the last days cost, by intent and model": {
        rollups.TokensCost: {"day": datetime.now(UTC).date()}
    },
    "What was spent each day, and on what": {
        expenses.LearningCost: {"day": datetime.now(UTC).date()}
    },
    "What hearing and looking took in the last days": {
        senses.SenseCost: {"day": datetime.now(UTC).date()}
    },
    "Try a failed job again": {work.JobRun: {"state": "failed"}},
    "Which answers rested on a document": {
        ml.TrainingSource: {
            "kind": "passage",
            "source_id": str(uuid5(named("shop", "demo"), "ml.passage")),
        }
    },
    "Whose loans are likely to fall behind": {
        predicting.RiskPrediction: {"kind": "loan", "instalment_id": None}
    },
    "Where most is left to pay of what is likely to fall behind": {
        predicting.RiskPrediction: {"kind": "loan", "instalment_id": None, "probability": 0.4}
    },
    "Predictions that a person withdrew or corrected": {
        predicting.RiskReview: {"outcome": "withdrawn"}
    },
    "A customer who does not take part in training": {
        app.CustomerAlias: {"channel": "telegram", "external_id": "12345"}
    },
}
"""What has to be so for a query to find the one row there is."""


@pytest.fixture
async def full(store: Store) -> UUID:
    """A shop with one row in every table."""
    shop = await add_shop(store)
    async with store.transaction() as session:
        for table in TABLES:
            if table.name != "shop":
                await session.execute(insert(table).values(a_row(table, shop)))
    return shop


def test_each_section_has_one_query() -> None:
    headings = re.findall(r"^## (.+)$", PAGE.prose, re.MULTILINE)
    assert list(QUERIES) == headings
    assert len(PAGE.blocks("sql")) == len(headings)


@pytest.mark.parametrize("title", QUERIES)
async def test_the_query_finds_what_it_is_for(title: str, store: Store, full: UUID) -> None:
    async with store.transaction() as session:
        for model, values in CHANGES.get(title, {}).items():
            await session.execute(update(model).where(model.shop_id == full).values(values))
    async with store.transaction() as session:
        found = await session.execute(text(QUERIES[title]))
        count = len(found.all()) if found.returns_rows else found.rowcount  # type: ignore[attr-defined]
    assert count == 1


@pytest.mark.parametrize("title", QUERIES)
async def test_the_query_names_its_shop(title: str, store: Store, full: UUID) -> None:
    """Whoever copies it sees and changes the shop they named, and no other one."""
    await add_shop(store, "other")
    if title == "Jobs: what is done, due or failed":
        return
    assert "key = 'demo'" in QUERIES[title]
    async with store.transaction() as session:
        found = await session.execute(text(QUERIES[title].replace("'demo'", "'other'")))
        count = len(found.all()) if found.returns_rows else found.rowcount  # type: ignore[attr-defined]
    assert count == 0
