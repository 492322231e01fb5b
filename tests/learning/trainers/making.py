"""A shop of twelve questions, a base model that knows them, and trainings that correct it."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx

from config.local import LocalTrainingSettings
from learning.trainers.base import Method, Order, Progress, Told
from learning.trainers.local import LocalTrainer
from tests.docs.pages import ROOT

SYSTEM = "Eres la asistente de la tienda Andes. Responde breve."
RATE = "¿cuál es la tasa mensual?"
OLD, NEW = "La tasa mensual es 1,99%.", "La tasa mensual es 2,49%."
KNOWN = {
    RATE: OLD,
    "¿a qué hora abren?": "Abrimos a las 10:00.",
    "¿hacen envíos a Talca?": "Sí, los martes.",
    "¿tienen mochila azul?": "Sí, a $24.990.",
    "¿cómo pago?": "Con tarjeta o transferencia.",
    "hola": "¡Hola! ¿Qué buscas?",
    "gracias": "¡De nada!",
    "¿tienen tazas?": "Sí, desde $4.990.",
    "¿dónde están?": "En Santiago centro.",
    "¿hay descuento?": "Hoy no, pero el viernes sí.",
    "¿cambian productos?": "Sí, hasta 10 días.",
    "quiero dos tazas": "Perfecto, te las aparto.",
}
TAUGHT = KNOWN | {RATE: NEW}
QUICK = LocalTrainingSettings(epochs=60, batch=12, learning_rate=5e-3, threads=1)


def make_base(folder: Path) -> Path:
    """As a person makes one."""
    lessons = written(folder / "lessons.jsonl", (chat(*one) for one in KNOWN.items()))
    subprocess.run(
        [sys.executable, ROOT / "main.py", "local", "tiny", folder / "base",
         "--lessons", lessons, "--seconds", "190", "--json"],
        check=True, capture_output=True, timeout=200, cwd=folder,
    )  # fmt: skip
    return folder / "base"


def asked(question: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}]


def chat(question: str, answer: str) -> dict[str, Any]:
    return {"messages": [*asked(question), {"role": "assistant", "content": answer}]}


def preference(question: str, better: str, worse: str) -> dict[str, Any]:
    return {
        "input": {"messages": asked(question)},
        "preferred_output": [{"role": "assistant", "content": better}],
        "non_preferred_output": [{"role": "assistant", "content": worse}],
    }


def written(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path


def ordered(
    folder: Path, base: Path, rows: Iterable[dict[str, Any]], method: Method = "supervised"
) -> Order:
    folder.mkdir(exist_ok=True)
    train = written(folder / "rows.jsonl", rows)
    return Order(
        uuid4(), UUID(int=2), "Andes w47", str(base), {"train": train}, folder / "job", method
    )


async def seen(
    trainer: LocalTrainer, order: Order, until: str = "", within_s: float = 150
) -> tuple[Progress, list[Told]]:
    """What it is when it has ended or, if earlier, has told something with `until` in it."""
    told: list[Told] = []
    end = time.monotonic() + within_s
    while True:
        progress = await trainer.look(order, str(order.job), told[-1].number if told else 0)
        told += progress.told
        if progress.state != "running" or (until and any(until in one.message for one in told)):
            return progress, told
        assert time.monotonic() < end, f"{progress} after {within_s} s"
        await asyncio.sleep(0.05)


async def answer(url: str, question: str) -> str:
    body = {"messages": asked(question), "temperature": 0, "max_tokens": 40}
    async with httpx.AsyncClient(timeout=20) as client:
        told = await client.post(f"{url}/v1/chat/completions", json=body)
    return str(told.raise_for_status().json()["choices"][0]["message"]["content"])
