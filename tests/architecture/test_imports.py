"""Who may import what, where it is finer than the layers."""

import sys
from collections.abc import Collection

import pytest

from tests.architecture.sources import BESIDE, OWN, product, sources

STANDARD = set(sys.stdlib_module_names)
COMMAND_LINE = {"app/", "main.py"}
SPOKEN = {
    "Stemmer": {"text/lexemes.py"},
    "aiogram": {"bot/channels/telegram/aiogram_client.py"},
    "aiohttp": {"bot/channels/telegram/aiogram_client.py"},
    "alembic": {"store/migrations/"},
    "asyncpg": {"store/base.py", "store/session.py"},
    "cryptography": {"services/vault.py"},
    "fastapi": {"web/"},
    "google": {"bot/channels/whatsapp/neonize_client.py"},
    "groq": {"llm/groq.py"},
    "hiredis": {"services/wire.py"},
    "httpx": {"bot/channels/telegram/ptb_client.py", "bot/channels/whatsapp_cloud/transport.py"},
    "jinja2": {"web/rendering.py"},
    "msgspec": {
        "app/", "bot/channels/", "bot/receiver.py", "capture/", "evaluation/", "events/",
        "handlers/", "knowledge/extraction.py", "knowledge/reader.py", "web/",
    },
    "neonize": {"bot/channels/whatsapp/neonize_client.py"},
    "docx": {"knowledge/reader.py"},
    "lxml": {"knowledge/reader.py"},
    "numpy": {
        "knowledge/", "learning/duplicates.py", "learning/fitting.py", "learning/intents.py",
        "learning/measuring.py", "llm/", "nlu/classifier.py", "nlu/features.py", "store/",
    },
    "openai": {"llm/hosted_embeddings.py", "llm/openai.py", "llm/senses.py"},
    "pgvector": {"store/"},
    "pypdfium2": {"knowledge/reader.py"},
    "pydantic": {"app/", "config/", "web/"},
    "pydantic_settings": {"config/settings.py"},
    "pyromark": {"bot/markup.py"},
    "python_calamine": {"knowledge/importing/sheets.py"},
    "redis": {"app/explaining.py", "events/", "jobs/queue.py", "services/", "web/live.py"},
    "rich": {"app/"},
    "rq": {"jobs/queue.py"},
    "scipy": {"learning/fitting.py"},
    "segno": {"bot/channels/whatsapp/qr.py"},
    "sklearn": {"learning/fitting.py"},
    "sqlalchemy": {"app/", "jobs/", "knowledge/", "learning/", "store/", "web/"},
    "starlette": {"web/"},
    "stdnum": {"text/"},
    "structlog": {
        "app/", "bot/", "capture/", "config/logging.py", "evaluation/", "events/", "handlers/",
        "jobs/", "knowledge/search.py", "knowledge/shelves.py", "learning/", "llm/", "services/",
        "store/", "web/",
    },
    "telegram": {"bot/channels/telegram/ptb_client.py"},
    "typer": COMMAND_LINE,
    "uvicorn": {"web/server.py"},
    "uvloop": {"app/console.py"},
}  # fmt: skip
"""Each library with the files, or folders, that may speak it."""

PURE = (
    "bot/channels/fields.py", "bot/channels/said.py", "bot/channels/telegram/normaliser.py",
    "bot/channels/whatsapp_cloud/content.py", "bot/channels/whatsapp_cloud/errors.py",
    "bot/channels/whatsapp_cloud/events.py", "bot/channels/whatsapp_cloud/files.py",
    "bot/channels/whatsapp_cloud/items.py",
    "bot/channels/whatsapp_cloud/normaliser.py", "bot/channels/whatsapp_cloud/payloads.py",
    "bot/channels/whatsapp_cloud/people.py",
    "bot/channels/whatsapp/content.py", "bot/channels/whatsapp/normaliser.py",
    "bot/channels/whatsapp/outgoing.py", "bot/channels/whatsapp/people.py",
    "bot/channels/whatsapp/protobufs.py",
    "bot/channels/whatsapp/markup.py", "bot/composing.py", "bot/marked.py", "bot/markup.py",
    "capture/deliveries.py", "capture/demonstrations.py", "capture/masking.py",
    "capture/pairing.py", "capture/rows.py",
    "evaluation/context.py", "evaluation/lexicon.py", "evaluation/reading.py",
    "evaluation/scoring.py", "events/effects.py", "events/envelope.py", "events/partitions.py",
    "events/happened.py", "events/vocabulary.py", "handlers/bookkeeping.py",
    "handlers/challenge.py", "handlers/hours.py", "handlers/owed.py",
    "handlers/record_wishes.py", "handlers/requests.py", "handlers/rows.py",
    "handlers/standing.py", "handlers/takeover.py", "handlers/tally.py", "handlers/told.py",
    "handlers/wishes.py",
    "handlers/turns.py", "handlers/patience.py",
    "knowledge/actions.py", "knowledge/blocks.py", "knowledge/leaks.py", "knowledge/pricing.py",
    "knowledge/stating.py", "knowledge/validators.py", "knowledge/vouching.py",
    "knowledge/chunking.py", "knowledge/importing/cells.py",
    "knowledge/importing/changes.py", "knowledge/importing/columns.py",
    "knowledge/importing/lines.py", "knowledge/importing/separated.py",
    "knowledge/importing/undoing.py", "knowledge/glossary.py", "knowledge/lookups.py",
    "knowledge/mining.py", "knowledge/wording.py", "knowledge/products.py",
    "knowledge/prompt.py", "knowledge/ranking.py", "knowledge/retrieval.py",
    "knowledge/standing.py", "knowledge/verify.py", "knowledge/word.py",
    "learning/curation.py",
    "learning/duplicates.py", "learning/examining.py", "learning/fitting.py",
    "learning/formats.py", "learning/intents.py", "learning/manifest.py", "learning/measuring.py",
    "learning/splits.py",
    "learning/volatile.py", "learning/weeks.py", "llm/offline.py", "nlu/", "text/", "web/charts.py",
    "web/wording.py",
)  # fmt: skip
"""Decisions: the same answer for the same arguments, whatever runs or does not run."""

WORLDLY = {
    "aiogram", "aiohttp", "alembic", "asyncio", "asyncpg", "fastapi", "groq", "hiredis", "httpx",
    "openai", "redis", "requests", "rq", "socket", "sqlalchemy", "starlette", "subprocess",
    "threading", "urllib.request", "uvicorn",
}  # fmt: skip
OUTSIDE = ("store.", "services.wire.", "services.leases.", "events.stream.")
ROWS = {
    "capture/rows.py": {
        "store", "store.app", "store.batches", "store.batches.BatchInsert", "store.batches.Row"
    },
    "handlers/rows.py": {
        "store.ledger", "store.ledger.Budget", "store.ledger.Goal", "store.ledger.LedgerEntry",
        "store.ledger.Owner",
    },
    "handlers/tally.py": {
        "store.ledger", "store.ledger.Budget", "store.ledger.Goal", "store.ledger.LedgerEntry",
        "store.ledger.Sum",
    },
}  # fmt: skip
"""A pure file may name a table's columns."""


def within(name: str, places: Collection[str]) -> bool:
    """A place that ends in a separator holds everything below it."""
    return any(name == one or (one[-1] in "/." and name.startswith(one)) for one in places)


def test_nobody_imports_main() -> None:
    assert [one.name for one in sources() if "main" in one.libraries] == []


def test_the_composition_root_is_known_to_the_front_door_alone() -> None:
    others = [one for one in product() if one.folder not in {"app", "main.py"}]
    assert [one.name for one in others if "app" in one.libraries] == []


def test_the_product_knows_nothing_of_what_stands_beside_it() -> None:
    """But for the one command that runs the benchmarks."""
    found = {one.name: one.libraries & set(BESIDE) for one in product()}
    assert {name: beside for name, beside in found.items() if beside} in (
        {},
        {"main.py": {"benchmarks"}},
    )


def test_a_library_is_spoken_in_its_own_files() -> None:
    """A new one is named above, with the files that may speak it."""
    spoken = [(one.name, name) for one in product() for name in one.libraries - STANDARD - OWN]
    assert [pair for pair in spoken if not within(pair[0], SPOKEN.get(pair[1], ()))] == []


@pytest.mark.parametrize("place", PURE)
def test_a_pure_file_touches_no_database_no_redis_and_no_network(place: str) -> None:
    found = [one for one in product() if within(one.name, (place,))]
    assert found, f"{place} is gone: take it off the list"
    for source in found:
        assert source.libraries & WORLDLY == set(), source.name
        assert source.imports & WORLDLY == set(), source.name
        ours = {name for name in source.imports if within(f"{name}.", OUTSIDE)}
        assert ours - ROWS.get(source.name, set()) == set(), source.name


def test_every_library_named_here_is_still_in_use() -> None:
    used = {library for source in product() for library in source.libraries}
    assert set(SPOKEN) <= used
