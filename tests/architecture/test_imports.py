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
    "anyio": {"web/leaving.py"},
    "alembic": {"store/migrations/"},
    "argon2": {"services/passwords.py"},
    "asyncpg": {"store/base.py", "store/session.py"},
    "babel": {"web/amounts.py", "web/translating.py", "web/typed.py"},
    "cryptography": {"services/vault.py"},
    "datasets": {"learning/trainers/lora.py"},
    "fastapi": {"web/"},
    "gguf": {"learning/trainers/gguf_files.py"},
    "google": {"bot/channels/whatsapp/neonize_client.py"},
    "groq": {"llm/groq.py"},
    "hiredis": {"services/wire.py"},
    "httpx": {
        "bot/channels/telegram/ptb_client.py", "bot/channels/whatsapp_cloud/transport.py",
        "learning/llama_server.py", "learning/ollama.py", "services/posts.py",
    },
    "jinja2": {"web/compiling.py", "web/rendering.py"},
    "markupsafe": {"web/rendering.py"},
    "msgspec": {
        "app/", "bot/channels/", "bot/receiver.py", "capture/", "evaluation/", "events/",
        "handlers/", "knowledge/extraction.py", "knowledge/reader.py", "learning/curation.py",
        "learning/formats.py", "learning/linking.py", "learning/reading.py",
        "learning/spilling.py", "prediction/foretelling.py", "prediction/model.py", "web/",
    },
    "neonize": {"bot/channels/whatsapp/neonize_client.py"},
    "docx": {"knowledge/reader.py"},
    "lightgbm": {"prediction/boosting.py"},
    "lxml": {"knowledge/reader.py"},
    "numpy": {
        "evaluation/comparing.py", "evaluation/metrics.py", "evaluation/trained.py",
        "evaluation/training.py", "knowledge/",
        "learning/duplicates.py", "learning/fitting.py", "learning/grouping.py",
        "learning/intents.py", "learning/measuring.py", "learning/pairing.py",
        "learning/selection.py",
        "learning/sieve.py", "learning/sifting.py", "learning/sketches.py", "learning/splits.py",
        "learning/trainers/gguf_files.py", "learning/trainers/working.py", "llm/",
        "nlu/classifier.py", "nlu/features.py", "prediction/", "store/",
    },
    "openai": {
        "learning/trainers/openai.py", "llm/ending.py", "llm/hosted_embeddings.py",
        "llm/openai.py", "llm/senses.py",
    },
    "opentelemetry": {"services/telemetry.py"},
    "peft": {"learning/trainers/lora.py"},
    "pgvector": {"store/"},
    "pypdfium2": {"knowledge/reader.py"},
    "prometheus_client": {"services/metrics.py"},
    "pydantic": {"app/", "config/", "evaluation/casing.py", "web/"},
    "pydantic_settings": {"config/settings.py"},
    "pyromark": {"bot/markup.py"},
    "python_calamine": {"knowledge/importing/sheets.py"},
    "redis": {"app/explaining.py", "events/", "jobs/queue.py", "services/", "web/live.py"},
    "rich": {"app/"},
    "rq": {"jobs/queue.py"},
    "safetensors": {"learning/trainers/gguf_files.py"},
    "scipy": {
        "evaluation/bounds.py", "learning/fitting.py", "prediction/scorecard.py",
        "prediction/sigmoid.py",
    },
    "segno": {"bot/channels/whatsapp/qr.py"},
    "sklearn": {"learning/fitting.py"},
    "sqlalchemy": {
        "app/", "evaluation/watching.py", "jobs/", "knowledge/", "learning/", "store/", "web/",
    },
    "starlette": {"web/"},
    "stdnum": {"text/"},
    "structlog": {
        "app/", "bot/", "capture/", "config/logging.py", "evaluation/", "events/", "handlers/",
        "jobs/", "knowledge/search.py", "knowledge/shelves.py", "learning/", "llm/", "services/",
        "store/", "web/",
    },
    "telegram": {"bot/channels/telegram/ptb_client.py"},
    "tokenizers": {"learning/trainers/tiny.py"},
    "torch": {
        "learning/trainers/lora.py", "learning/trainers/tiny.py", "learning/trainers/working.py"
    },
    "transformers": {
        "learning/trainers/diary.py", "learning/trainers/lora.py", "learning/trainers/speaking.py",
        "learning/trainers/tiny.py",
    },
    "trl": {"learning/trainers/lora.py"},
    "typer": COMMAND_LINE,
    "uvicorn": {"web/server.py"},
    "uvloop": {"app/console.py"},
    "zxcvbn": {"text/passwords.py"},
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
    "evaluation/alert_models.py", "evaluation/alert_rules.py", "evaluation/alert_texts.py",
    "evaluation/alerts.py",
    "evaluation/agreement.py", "evaluation/assessing.py", "evaluation/bounds.py",
    "evaluation/combining.py", "evaluation/comparing.py", "evaluation/context.py",
    "evaluation/gates.py", "evaluation/laboratory.py", "evaluation/lexicon.py",
    "evaluation/metrics.py", "evaluation/reading.py", "evaluation/report.py",
    "evaluation/rubric.py", "evaluation/scoring.py", "evaluation/seen.py", "evaluation/signs.py",
    "evaluation/trained.py", "evaluation/training.py", "evaluation/understanding.py",
    "evaluation/words.py",
    "events/effects.py", "events/envelope.py", "events/partitions.py",
    "events/happened.py", "events/vocabulary.py", "handlers/bookkeeping.py",
    "handlers/challenge.py", "handlers/hours.py", "handlers/owed.py",
    "handlers/record_wishes.py", "handlers/requests.py", "handlers/rows.py",
    "handlers/standing.py", "handlers/takeover.py", "handlers/tally.py", "handlers/told.py",
    "handlers/wishes.py",
    "handlers/turns.py", "handlers/patience.py", "handlers/grading.py",
    "knowledge/actions.py", "knowledge/blocks.py", "knowledge/leaks.py", "knowledge/pricing.py",
    "knowledge/stating.py", "knowledge/validators.py", "knowledge/vouching.py",
    "knowledge/chunking.py", "knowledge/importing/cells.py",
    "knowledge/importing/changes.py", "knowledge/importing/columns.py",
    "knowledge/importing/lines.py", "knowledge/importing/separated.py",
    "knowledge/importing/undoing.py", "knowledge/glossary.py", "knowledge/lookups.py",
    "knowledge/proposed.py",
    "knowledge/mining.py", "knowledge/wording.py", "knowledge/products.py",
    "knowledge/prompt.py", "knowledge/ranking.py", "knowledge/retrieval.py",
    "knowledge/standing.py", "knowledge/verify.py", "knowledge/word.py",
    "learning/course.py", "learning/curation.py",
    "learning/curation.py", "learning/incoming.py", "learning/sampling.py",
    "jobs/cadences.py",
    "learning/duplicates.py", "learning/examining.py", "learning/figures.py",
    "learning/finishing.py", "learning/fitting.py", "learning/fortnight.py",
    "learning/tongues.py",
    "learning/formats.py", "learning/grouping.py", "learning/intents.py", "learning/manifest.py",
    "learning/measuring.py", "learning/pairing.py", "learning/parquet.py", "learning/personal.py",
    "learning/selection.py", "learning/sifting.py", "learning/sketches.py", "learning/splits.py",
    "learning/doubts.py", "learning/exemplary.py", "learning/expiring.py", "learning/proofing.py",
    "learning/trainers/answers.py", "learning/trainers/prices.py",
    "learning/trainers/base.py", "learning/trainers/chats.py",
    "learning/trainers/parity.py", "learning/trainers/rows.py",
    "learning/tallying.py", "learning/understood.py", "learning/validating.py",
    "learning/guards.py", "learning/judging.py", "learning/rollout.py", "learning/sequential.py",
    "learning/volatile.py", "learning/weeks.py", "llm/offline.py", "nlu/",
    "prediction/book.py", "prediction/default.py", "prediction/features.py",
    "prediction/histories.py", "prediction/lender.py", "prediction/risk.py",
    "prediction/snapshots.py",
    "prediction/boosting.py", "prediction/card.py", "prediction/cells.py", "prediction/drift.py",
    "prediction/effects.py",
    "prediction/measuring.py", "prediction/notes.py", "prediction/outcomes.py",
    "prediction/pictures.py", "prediction/shares.py",
    "prediction/model.py", "prediction/predictor.py", "prediction/protected.py",
    "prediction/scorecard.py", "prediction/sigmoid.py", "prediction/splits.py",
    "prediction/table.py", "prediction/telling.py", "prediction/training.py",
    "store/chain.py",
    "text/", "web/api/cursors.py", "web/attending.py", "web/fixed.py", "web/timetable.py",
    "web/charts.py", "web/checklist.py", "web/curves.py",
    "web/paging.py",
    "web/plots.py",
    "web/progress.py", "web/reasons.py", "web/scales.py",
    "web/typed.py", "web/wording.py", "web/wording_figures.py",
    "web/wording_models.py", "web/wording_people.py", "web/wording_risks.py",
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
    "learning/exemplary.py": {"store", "store.examples", "store.examples.Candidate"},
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
