"""OpenAI on this machine, and who trains there."""

from collections.abc import AsyncIterator

import pytest

from learning.trainers.openai import OpenAITrainer, Patience, open_trainer
from tests.servers.finetuning import FineTuningServer, finetuning_server

BRISK = Patience(0.01, 0.05)


@pytest.fixture
async def server() -> AsyncIterator[FineTuningServer]:
    async with finetuning_server() as server:
        yield server


@pytest.fixture
async def trainer(server: FineTuningServer) -> AsyncIterator[OpenAITrainer]:
    trainer = open_trainer("sk-test", server.url, 3.0, BRISK)
    yield trainer
    await trainer.close()
