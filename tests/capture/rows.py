"""What capture left in the database."""

from sqlalchemy import func, select

from store import app, ml
from store.session import Store
from tests.capture.talk import Talk


async def row_of(store: Store, talk: Talk) -> ml.TrainingData:
    """The training row of the reply that was given last."""
    assert talk.reply is not None
    async with store.reading() as session:
        return await session.get_one(ml.TrainingData, (talk.shop, talk.reply.reply))


async def count(store: Store, model: type[app.Message] | type[ml.TrainingData]) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0
