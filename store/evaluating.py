"""Golden cases and evaluations, as they are written and read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Row, Text, cast, desc, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import Shop
from store.evaluations import EvalCase, EvalResult, EvalRun, EvalSet
from store.ml import TrainingData
from store.session import WriteSession
from store.versions import ModelVersion

Risk: TypeAlias = Callable[[int], Mapping[str, Any]]
"""Of the n-th evaluation of a model its columns: `attempt`, `confidence`, `spent`."""


async def keep_set(session: AsyncSession, shop: UUID, set_id: UUID, pack: str) -> None:
    row = {"shop_id": shop, "id": set_id, "pack": pack}
    await session.execute(insert(EvalSet).values(row).on_conflict_do_nothing())


async def own_set(session: AsyncSession, shop: UUID) -> UUID | None:
    """The golden set of the shop's pack, of all whose cases were asked there."""
    its = func.split_part(Shop.pack, "/", -1)
    query = select(EvalSet.id).join(Shop, Shop.id == EvalSet.shop_id)
    return await session.scalar(query.where(EvalSet.shop_id == shop, EvalSet.pack == its))


async def keep_cases(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """The same name again says it anew."""
    statement = insert(EvalCase)
    given = {
        name: statement.excluded[name]
        for name in ("split", "messages", "expected", "active", "added_by")
    }
    changed = statement.on_conflict_do_update(index_elements=["shop_id", "id"], set_=given)
    if rows:
        await session.execute(changed, list(rows))


async def retire_cases(
    session: AsyncSession, shop: UUID, set_id: UUID, names: Sequence[str]
) -> None:
    """Those of the pack that it does not bring any more."""
    gone = update(EvalCase).where(
        EvalCase.shop_id == shop,
        EvalCase.set_id == set_id,
        EvalCase.origin == "pack",
        EvalCase.name.not_in(names),
    )
    await session.execute(gone.values(active=False))


async def cases(session: AsyncSession, shop: UUID, set_id: UUID, split: str) -> list[EvalCase]:
    query = (
        select(EvalCase)
        .where(
            EvalCase.shop_id == shop,
            EvalCase.set_id == set_id,
            EvalCase.split == split,
            EvalCase.active,
        )
        .order_by(EvalCase.origin, EvalCase.created_at, EvalCase.name)
    )
    return list(await session.scalars(query))


async def listed_cases(
    session: AsyncSession, shop: UUID, set_id: UUID, after: str, limit: int
) -> list[EvalCase]:
    """Those that are asked, by their names, after one of them."""
    query = select(EvalCase).where(
        EvalCase.shop_id == shop, EvalCase.set_id == set_id, EvalCase.active, EvalCase.name > after
    )
    return list(await session.scalars(query.order_by(EvalCase.name).limit(limit)))


async def rest_case(session: AsyncSession, shop: UUID, case: UUID) -> bool:
    """One of the shop's own is not asked any more; False where there is none."""
    mine = EvalCase.shop_id == shop, EvalCase.id == case, EvalCase.origin == "shop"
    gone = update(EvalCase).where(*mine).values(active=False).returning(EvalCase.id)
    return await session.scalar(gone) is not None


async def answered(session: AsyncSession, shop: UUID, runs: Sequence[UUID]) -> dict[UUID, int]:
    """How many cases of each run have an answer."""
    query = (
        select(EvalResult.run_id, func.count())
        .where(EvalResult.shop_id == shop, EvalResult.run_id.in_(runs))
        .group_by(EvalResult.run_id)
    )
    return {run: count for run, count in await session.execute(query)}  # noqa: C416  rows, no pairs


async def version_named(session: AsyncSession, shop: UUID, name: str) -> ModelVersion | None:
    query = select(ModelVersion).where(ModelVersion.shop_id == shop, ModelVersion.name == name)
    return (await session.scalars(query)).first()


async def active_version(session: AsyncSession, shop: UUID) -> ModelVersion | None:
    """Who answers now; None where the models of the settings do."""
    query = select(ModelVersion).where(ModelVersion.shop_id == shop, ModelVersion.state == "active")
    return (await session.scalars(query)).first()


async def asked_for(session: AsyncSession, shop: UUID) -> dict[str, int]:
    """How often each intent was asked for."""
    row = TrainingData
    query = select(row.intent, func.count()).where(row.shop_id == shop).group_by(row.intent)
    return {intent: count for intent, count in await session.execute(query)}  # noqa: C416  rows, no pairs


async def unfinished(
    session: AsyncSession, shop: UUID, version: UUID | None, fingerprint: str
) -> UUID | None:
    """A run of just these cases that was cut short."""
    query = (
        select(EvalRun.id)
        .where(
            EvalRun.shop_id == shop,
            EvalRun.version_id == version if version else EvalRun.version_id.is_(None),
            EvalRun.fingerprint == fingerprint,
            EvalRun.state == "running",
        )
        .order_by(desc(EvalRun.created_at))
    )
    return (await session.scalars(query)).first()


async def begin(session: AsyncSession, row: dict[str, Any]) -> None:
    await session.execute(insert(EvalRun).values(row))


async def keep_results(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """What was answered before stays."""
    if rows:
        await session.execute(insert(EvalResult).on_conflict_do_nothing(), list(rows))


async def end(session: AsyncSession, shop: UUID, run: UUID, found: dict[str, Any]) -> None:
    mine = update(EvalRun).where(EvalRun.shop_id == shop, EvalRun.id == run)
    await session.execute(mine.values(state="done", finished_at=func.now(), **found))


async def reveal(session: WriteSession, shop: UUID, run: UUID, risk: Risk) -> None:
    """With its first answer, that somebody can see, an evaluation is one more of its model."""
    known = select(EvalRun.attempt).where(EvalRun.shop_id == shop, EvalRun.id == run)
    if await session.scalar(known) is None:
        await number(session, shop, run, risk)


async def number(session: WriteSession, shop: UUID, which: UUID, risk: Risk) -> EvalRun:
    """The next one of its model on its set, after those that could have passed, whether they came
    to their end or not; one that is spent keeps its number. Until the end of the transaction no
    other evaluation of the set gets one."""
    run = await session.get_one(EvalRun, (shop, which))
    of = EvalSet.shop_id == shop, EvalSet.id == run.set_id
    await session.execute(select(EvalSet.id).where(*of).with_for_update(key_share=True))
    await session.refresh(run)
    if run.spent:
        return run
    same = (
        EvalRun.version_id == run.version_id
        if run.version_id
        else EvalRun.version_id.is_(None) & (EvalRun.models == run.models)
    )
    spent = select(func.count()).where(
        EvalRun.shop_id == run.shop_id,
        EvalRun.set_id == run.set_id,
        EvalRun.split == run.split,
        EvalRun.spent,
        same,
    )
    values = risk(1 + (await session.scalar(spent) or 0))
    mine = update(EvalRun).where(EvalRun.shop_id == shop, EvalRun.id == which)
    await session.execute(mine.values(**values))
    await session.refresh(run)
    return run


async def results(session: AsyncSession, shop: UUID, run: UUID) -> list[EvalResult]:
    query = select(EvalResult).where(EvalResult.shop_id == shop, EvalResult.run_id == run)
    return list(await session.scalars(query.order_by(EvalResult.name)))


async def runs(session: AsyncSession, shop: UUID, limit: int) -> list[Row[EvalRun, str]]:
    """The newest first, each with the name of its version."""
    query = (
        select(EvalRun, ModelVersion.name.label("version"))
        .outerjoin(
            ModelVersion,
            (ModelVersion.shop_id == EvalRun.shop_id) & (ModelVersion.id == EvalRun.version_id),
        )
        .where(EvalRun.shop_id == shop)
        .order_by(desc(EvalRun.created_at))
        .limit(limit)
    )
    return list((await session.execute(query)).all())


async def last_done(
    session: AsyncSession, shop: UUID, version: UUID | None, kind: str, **of: object
) -> EvalRun | None:
    """The newest that came to its end; `of` narrows it down by its other columns."""
    query = select(EvalRun).where(
        EvalRun.shop_id == shop,
        EvalRun.version_id == version if version else EvalRun.version_id.is_(None),
        EvalRun.kind == kind,
        EvalRun.state == "done",
    )
    for name, value in of.items():
        query = query.where(getattr(EvalRun, name) == value)
    return (await session.scalars(query.order_by(desc(EvalRun.created_at)))).first()


async def run_by_id(session: AsyncSession, shop: UUID, start: str) -> list[EvalRun]:
    """Those whose ids begin so."""
    query = select(EvalRun).where(EvalRun.shop_id == shop, cast(EvalRun.id, Text).startswith(start))
    return list(await session.scalars(query.limit(2)))


async def answered_turns(session: AsyncSession, shop: UUID, wanted: UUID) -> list[TrainingData]:
    """A conversation up to the reply of this id; or all of it, where the id is a conversation's."""
    row = TrainingData
    reply = await session.get(row, (shop, wanted))
    conversation = reply.conversation_id if reply is not None else wanted
    query = (
        select(row)
        .where(row.shop_id == shop, row.conversation_id == conversation, row.author == "bot")
        .order_by(row.position)
    )
    if reply is not None:
        query = query.where(row.position <= reply.position)
    return list(await session.scalars(query))


async def names_of(
    session: AsyncSession, shop: UUID, versions: Sequence[UUID | None]
) -> dict[UUID | None, str]:
    """What some model versions are called."""
    row = ModelVersion
    wanted = select(row.id, row.name).where(row.shop_id == shop, row.id.in_(filter(None, versions)))
    return {id_: name for id_, name in await session.execute(wanted)}  # noqa: C416  rows, no pairs
