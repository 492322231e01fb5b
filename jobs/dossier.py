"""What a customer gets of their data: a file for programs, and a page to read. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final
from uuid import UUID

SCHEMA: Final = "aprendiz.datos/1"
STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}"
    "th,td{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}th{background:#f3f3f3}"
)


@dataclass(frozen=True, slots=True)
class About:
    shop: str
    request: UUID
    at: datetime


def json_head(about: About) -> str:
    head = {
        "esquema": SCHEMA,
        "tienda": about.shop,
        "solicitud": str(about.request),
        "generado": about.at.isoformat(),
    }
    return json.dumps(head, ensure_ascii=False)[:-1] + ', "secciones": {'


def json_row(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def html_head(about: About) -> str:
    return (
        f'<!doctype html><html lang="es"><meta charset="utf-8"><title>Mis datos</title>'
        f"<style>{STYLE}</style><h1>Tus datos en {escape(about.shop)}</h1>"
        f"<p>Esto es todo lo que la tienda guarda sobre ti al {about.at:%d-%m-%Y %H:%M} (UTC)."
        " Puedes pedir que se corrija, se borre o que no se use para entrenar al asistente.</p>"
    )


def html_section(title: str, columns: Sequence[str]) -> str:
    heads = "".join(f"<th scope=col>{escape(shown(name))}" for name in columns)
    return f"<h2>{escape(shown(title))}</h2><table><thead><tr>{heads}<tbody>"


def html_row(row: Mapping[str, Any]) -> str:
    return "<tr>" + "".join(f"<td>{escape(_text(value))}" for value in row.values())


def shown(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _text(value: Any) -> str:  # noqa: ANN401  whatever a column holds
    match value:
        case None:
            return ""
        case bool():
            return "sí" if value else "no"
        case datetime():
            return f"{value:%d-%m-%Y %H:%M}"
        case list() | tuple():
            return "; ".join(map(_text, value))
        case _:
            return str(value)
