"""A small pack of a test's own: what it extends, a few cases and a few customers."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.packs import load_pack
from events.happened import named
from store.session import Store
from store.versions import ModelVersion
from tests.fixtures.store import add_shop

CASES: list[dict[str, Any]] = [
    {"name": "price", "split": "test", "messages": ["¿cuánto cuesta la mochila urbana azul?"],
     "must": ["24.990"], "never": ["1.000"], "intent": "consulta_precio"},
    {"name": "again", "split": "test", "messages": ["busco un mate", "¿cuánto vale?"],
     "must": ["14.990"]},
    {"name": "wrong", "split": "test", "messages": ["¿a qué hora abren?"], "must": ["medianoche"]},
    {"name": "unknown", "split": "test", "messages": ["¿quién escribió el Quijote?"],
     "unknown": True},
    {"name": "other", "split": "dev", "messages": ["hola"], "must": ["hola"]},
]  # fmt: skip
LABELS = [{"text": "precio del termo de medio litro", "intent": "consulta_precio"}]
CAST = """
[[persona]]
name = "buyer"
title = "Asks one price"
never = ['\\\\b1\\\\.000\\\\b', 'plan secreto']
steps = [{ say = "¿cuánto cuesta la mochila urbana azul?" }, { expect = '24\\\\.990' }]
[[persona]]
name = "demanding"
title = "Expects what nobody says"
steps = [{ say = "hola" }, { expect = "esto no lo dice nadie" }, { say = "chao" }, { expect = "." }]
""".replace("\\\\", "\\")


def small_pack(
    folder: Path, cases: Sequence[dict[str, Any]] = CASES, extends: str = "ventas"
) -> Path:
    folder.mkdir(exist_ok=True)
    above = (load_pack(extends).folder / "pack.toml").read_text(encoding="utf-8")
    (folder / "pack.toml").write_text(f'extends = "{extends}"\n{above}', encoding="utf-8")
    for name, rows in {"golden": cases, "test": LABELS, "dev": LABELS}.items():
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "personas.toml").write_text(CAST, encoding="utf-8")
    return folder


def gate(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in told["gates"] if one["name"] == name)


async def version(store: Store, name: str, provider: str, state: str = "candidate") -> ModelVersion:
    row = ModelVersion(
        shop_id=await add_shop(store), id=named("version", name), name=name, provider=provider,
        base_model="base", model=f"{name}-model", state=state,
        parameters={"temperature": 0.1, "seed": 7},
    )  # fmt: skip
    async with store.transaction() as session:
        session.add(row)
    return row
