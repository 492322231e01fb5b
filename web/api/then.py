"""Bodies of the first API, by the names they had then."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from web.api.datasets import PreparationShown
from web.api.shapes import SAYS, Body, Line, Note, Shown, Word


class Better(Body):
    """Without a text a model proposes one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"id": "5f0c2a9e-8a55-4a55-9c6d-2b1f0a7d9c11", "respuesta": "Sí, hay."}]
        },
    )

    id: UUID
    respuesta: str | None = Field(None, min_length=1, max_length=1_000, pattern=SAYS)


class Filters(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"min_score": 4, "desde": "2026-11-01"}]}
    )

    min_score: int | None = Field(None, ge=1, le=5)
    desde: date | None = None
    ventas: bool | None = None
    intenciones: list[Word] | None = Field(None, max_length=100)

    def wanted(self) -> dict[str, Any]:
        told = {
            "min_score": self.min_score,
            "since": self.desde,
            "sold": self.ventas,
            "intents": self.intenciones,
        }
        return _said(told)


class Range(Body):
    since: date | None = Field(None, alias="from")


class DatasetExport(Body):
    """Builds a dataset when none is named. How sure the bot was of an intent (`min_confidence`)
    narrows nothing down any more: what an answer was worth does."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"intents": ["consulta_envio"], "date_range": {"from": "2026-11-01"}}]
        },
    )

    intents: list[Word] | None = Field(None, max_length=100)
    min_confidence: float | None = Field(None, ge=0, le=1)
    date_range: Range | None = None
    dataset: UUID | None = None

    def wanted(self) -> dict[str, Any]:
        since = self.date_range.since if self.date_range else None
        return _said({"since": since, "intents": self.intents})


class FineTune(Body):
    """`dataset_uri` is anything that holds a dataset's id."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "base_model": "gpt-4.1-nano-2025-04-14",
                    "dataset_uri": "dataset:5f0c2a9e-8a55-4a55-9c6d-2b1f0a7d9c11",
                    "notes": "primer intento",
                }
            ]
        },
    )

    base_model: Word
    dataset_uri: Line = ""
    notes: Note = ""


class Traffic(Body):
    """100 activates."""

    model_config = ConfigDict(
        extra="forbid",
        protected_namespaces=(),
        json_schema_extra={"examples": [{"model_version": "ventas-3", "traffic_pct": 10}]},
    )

    model_version: Word
    traffic_pct: int = Field(ge=0, le=100)


class Prepared(Shown):
    """`archivo_id` is the dataset's id: null while it is being made."""

    archivo_id: UUID | None
    total: int
    por_categoria: dict[str, int]
    preparacion: PreparationShown


class Stated(Shown):
    """How the first API named them."""

    total: int
    by_category: list[dict[str, Any]] = Field(serialization_alias="byCategory")
    high_quality: int = Field(serialization_alias="highQuality")


def _said(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
        if value is not None
    }
