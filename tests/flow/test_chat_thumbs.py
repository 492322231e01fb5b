"""A thumb below an answer of the web chat, from the page to the score and to the seller's queue."""

import re
from datetime import timedelta
from pathlib import Path

import httpx2
from sqlalchemy import select

from app.backing import Backing
from evaluation.signals import Signs
from services.clock import now
from services.state import Endpoints
from store import ml
from store.ratings import Rating
from tests.fixtures.bots import Bot, knobs, until
from tests.flow.pages import KEY, pages_of
from tests.flow.test_documents import asked, web_bot
from tests.web.conftest import asking
from web.app import build

PRICE = "¿cuánto cuesta la mochila urbana azul?"
DISLIKED = '<span class="tag bad">no gustó</span>'


async def standing(shop: Bot) -> list[tuple[str, int | None]]:
    async with shop.parts.store.reading() as session:
        return [(one.via, one.thumb) for one in await session.scalars(select(Rating))]


async def rate(client: httpx2.AsyncClient, thumb: str) -> None:
    page = (await client.get("/chat")).text
    entry = re.findall(r'name="linea" value="([^"]+)"', page)[0]
    await client.post("/chat/rating", data={"linea": entry, "pulgar": thumb})


async def score(shop: Bot, after: timedelta) -> int | None:
    await Signs(shop.parts.store, shop.parts.shop, now() + after).walk()
    async with shop.parts.store.reading() as session:
        query = select(ml.TrainingData.quality_score).where(ml.TrainingData.user_message == PRICE)
        return await session.scalar(query)


async def test_a_thumb_down_lowers_the_score_waits_in_review_and_may_be_taken_back(
    database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path
) -> None:
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    settings = knobs(prefix, shop="thumbs", app={"var": tmp_path})
    async with web_bot(backing, settings) as shop:
        pages = build(pages_of(shop, prefix))
        async with asking(pages) as visitor, asking(pages) as seller:
            await seller.post("/entrar", data={"clave": KEY})
            assert "24.990" in await asked(visitor, PRICE)
            await asked(visitor, "muchas gracias")
            await shop.settled()
            assert await score(shop, timedelta(days=2)) == 5
            assert DISLIKED not in (await seller.get("/revisar")).text

            await rate(visitor, "down")

            async def heard() -> bool:
                return await standing(shop) == [("reaction", -1)]

            await until(heard)
            assert await score(shop, timedelta(days=5)) == 3
            case = (await seller.get("/revisar")).text
            assert DISLIKED in case
            assert PRICE in case
            await rate(visitor, "")

            async def gone() -> bool:
                return await standing(shop) == []

            await until(gone)
