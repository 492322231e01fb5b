"""Trainings that were asked for at a terminal."""

from typing import Any

from app.commands_train import train
from tests.app.terminal import typed


async def started(places: dict[str, str]) -> dict[str, Any]:
    done = await typed(train, places, "start", "--trainer", "openai", "--base", "g", "--json")
    told: dict[str, Any] = done.json
    return told
