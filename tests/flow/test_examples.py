"""The example of a bot of one's own does everything it says, in at most sixty lines."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from app.backing import Backing
from app.plugins import App
from bot.channels.memory import MemoryChannel
from examples import my_bot
from services.state import Endpoints
from store import ml
from tests.fixtures.bots import bot, knobs, until


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def test_it_is_short() -> None:
    assert len(Path(my_bot.__file__).read_text().splitlines()) <= 60


async def test_reply_listener_channel_signal_and_pack_work_without_touching_our_code(
    backing: Backing, prefix: str
) -> None:
    app = App()
    my_bot.register(app)
    my_bot.seen.clear()
    async with bot(backing, knobs(prefix, "mia", app={"pack": "mi_tienda"}), app) as shop:
        sms = shop.parts.channels["sms:main"]
        assert isinstance(sms, MemoryChannel)
        await sms.say("+569", "¿hacen envíos a Arica?")
        async with asyncio.timeout(120):
            assert await sms.wait_for_replies("+569") == ["A Arica enviamos los martes. 📦"]
        declined = await shop.ask("ana", "¿hacen envíos a Talca?")
        assert "martes" not in declined
        assert "8.990" in await shop.ask("ana", "¿cuánto cuesta la taza?")
        await shop.ask("ana", "necesito factura")

        async def heard() -> bool:
            return len(my_bot.seen) == 2

        await until(heard)
        query = select(ml.TrainingData).where(ml.TrainingData.user_feedback == "necesito factura")
        async with shop.parts.store.reading() as session:
            row = await session.scalar(query)
    assert row is not None
    assert row.is_successful or (row.quality_score or 0) >= 4
