"""No weights are trained: the best answers of a dataset are chosen once and shown in prompts.

Examples in the context teach a model format, tone and decisions at once (Brown et al., arXiv
2005.14165). The set stays as it is, so that two of them can be compared with each other.
"""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select

from learning.curation import Example, taught
from learning.exemplary import chosen
from learning.reading import these
from learning.trainers.base import (
    Order,
    OrderRefused,
    Progress,
    Told,
    Trained,
    TrainerUnavailable,
)
from llm.embeddings import OFFLINE_MODEL, hashed
from store import exemplars, ml
from store.base import StoreUnavailable
from store.exemplars import Chosen, KeptSet
from store.session import Store
from store.versions import TrainingJob

POOL: Final = 10
"""So many times the examples wanted are looked at."""
BASE: Final = "PROVIDER:MODEL, for example groq:openai/gpt-oss-20b"


@dataclass(frozen=True, slots=True)
class ExamplesTrainer:
    """`most` examples are in a set at most. The base model is who reads them: `groq:some-model`."""

    store: Store
    most: int = 200
    name: str = "examples"

    async def start(self, order: Order) -> str:
        _parts(order.base_model)
        try:
            if not (await self._kept(order)).count:
                await self._choose(order)
        except StoreUnavailable as down:
            raise _out_of_reach(down) from down
        return str(order.job)

    async def look(self, order: Order, id: str, after: int = 0) -> Progress:  # noqa: A002  the port's
        try:
            kept = await self._kept(order)
        except StoreUnavailable as down:
            raise _out_of_reach(down) from down
        if kept.at is None:
            return Progress("failed", error=f"there is no set of examples {id}")
        provider, model = _parts(order.base_model)
        said = f"{kept.count} examples of {kept.intents} intents"
        told = Told(1, kept.at, said, {"examples": kept.count, "intents": kept.intents})
        return Progress(
            "succeeded",
            percent=100,
            stage="succeeded",
            told=(told,) if after < told.number else (),
            trained=Trained(provider, model, {"examples": id, "count": kept.count}),
        )

    async def cancel(self, order: Order, id: str) -> None:  # noqa: A002  the port's
        """Choosing takes a moment: whoever cancels finds it done."""

    async def close(self) -> None:
        """The store is its opener's."""

    async def _kept(self, order: Order) -> KeptSet:
        async with self.store.lookup() as connection:
            return await exemplars.kept(connection, order.shop, order.job)

    async def _choose(self, order: Order) -> None:
        ids = await self._best(order)
        rows = [taught(one) for one in (await these(self.store, order.shop, ids)).values()]
        best = chosen(rows, self.most)
        if not best:
            raise OrderRefused(
                "The dataset holds no example that can be shown",
                "its questions are single words, or its answers hold links",
                "Wait for more good answers, then main.py train prepare",
            )
        vectors = await asyncio.to_thread(lambda: [hashed(one.question) for one in best])
        pairs = [(_kept_as(one), vector) for one, vector in zip(best, vectors, strict=True)]
        async with self.store.batch() as connection:
            await exemplars.keep(connection, (order.shop, order.job), OFFLINE_MODEL, pairs)

    async def _best(self, order: Order) -> list[UUID]:
        """Of what is trained on: the rest of the dataset is for the examination."""
        job, row, turn = TrainingJob, ml.DatasetRow, ml.TrainingData
        query = (
            select(row.training_id)
            .join(job, (job.shop_id == row.shop_id) & (job.dataset_id == row.dataset_id))
            .join(turn, (turn.shop_id == row.shop_id) & (turn.id == row.training_id))
            .where(job.shop_id == order.shop, job.id == order.job, row.split == "train")
            .order_by(
                and_(turn.correction.is_(None), turn.author != "human"),
                turn.is_successful.desc(),
                turn.quality_score.desc().nulls_last(), turn.created_at.desc(), turn.id,
            )
            .limit(POOL * self.most)
        )  # fmt: skip
        async with self.store.reading() as session:
            return list(await session.scalars(query))


def _kept_as(one: Example) -> Chosen:
    return Chosen(one.id, one.intent, one.question, one.answer)


def _parts(base: str) -> tuple[str, str]:
    provider, colon, model = base.partition(":")
    if not (provider and colon and model):
        why = "it does not say who reads the examples"
        raise OrderRefused(f"{base!r} is no base model for examples", why, f"Say {BASE}")
    return provider, model


def _out_of_reach(down: StoreUnavailable) -> TrainerUnavailable:
    return TrainerUnavailable("Postgres cannot be used", str(down), "It is tried again by itself")
