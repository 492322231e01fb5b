"""The lists of administrators, each as a file: what its page shows, and what is further down."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi.responses import Response
from sqlalchemy import select

from store.alerts import Alert
from store.base import Owned
from store.dictionary import DictionaryTerm
from store.evaluations import EvalCase, EvalRun
from store.knowledge import Document
from store.ml import Dataset
from store.session import Store
from store.versions import ModelVersion, TrainingJob
from web import csv
from web.permissions import Perm
from web.routing import Route

MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class Listing:
    """The newest rows of a table by its column `at`, at most MOST of them."""

    store: Store
    shop: UUID
    path: str
    needs: Perm
    of: type[Owned]
    columns: Sequence[str]
    at: str = "created_at"

    def routes(self) -> Sequence[Route]:
        return [Route("GET", f"{self.path}.csv", self.file, self.needs)]

    async def file(self) -> Response:
        shown = (getattr(self.of, name) for name in (self.at, "id", *self.columns))
        newest = getattr(self.of, self.at).desc(), self.of.id.desc()
        query = select(*shown).where(self.of.shop_id == self.shop).order_by(*newest).limit(MOST)
        async with self.store.tenant(self.shop) as session:
            rows = (await session.execute(query)).all()
        header = (self.at, "id", *self.columns)
        lines = [[_plain(value) for value in one] for one in rows]
        return csv.answer(self.path.rpartition("/")[2], header, csv.each(lines))


TABLES: Final[Sequence[tuple[str, Perm, type[Owned], tuple[str, ...]]]] = (
    ("/admin/modelos", Perm.MODEL_READ, ModelVersion,
     ("name", "provider", "base_model", "model", "state", "notes", "deployed_at", "expires_at")),
    ("/admin/entrenamientos", Perm.TRAINING_READ, Dataset, ("sha256", "stale_at", "stale_reason")),
    ("/admin/entrenamientos/trabajos", Perm.TRAINING_READ, TrainingJob,
     ("trainer", "method", "base_model", "state", "progress", "conversations", "cost_micros",
      "error", "requested_by", "approved_by", "started_at", "finished_at")),
    ("/admin/evaluaciones", Perm.EVALUATION_READ, EvalRun,
     ("kind", "split", "state", "models", "verdict", "score", "attempt",
      "confidence", "cases", "requested_by", "finished_at")),
    ("/admin/evaluaciones/casos", Perm.EVALUATION_READ, EvalCase,
     ("name", "origin", "split", "messages", "expected", "added_by", "active")),
    ("/documentos", Perm.DOCUMENT_READ, Document,
     ("title", "file_name", "format", "size", "pages", "passages", "processed", "active",
      "problem", "updated_at")),
    ("/glosario", Perm.TERM_READ, DictionaryTerm,
     ("word", "definition", "category", "synonyms", "examples", "never", "related_table",
      "related_field", "active", "origin")),
)  # fmt: skip
ALERTS: Final = ("kind", "state", "value", "peak", "threshold", "acknowledged_by", "resolved_at")


def listings(store: Store, shop: UUID) -> list[Listing]:
    every = [Listing(store, shop, *table) for table in TABLES]
    alerts = Listing(store, shop, "/admin/alertas", Perm.ALERT_READ, Alert, ALERTS, "fired_at")
    return [*every, alerts]


def _plain(value: Any) -> Any:  # noqa: ANN401  what a column holds
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if hasattr(value, "isoformat") else value
