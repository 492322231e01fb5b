"""`report`: what the bot learned, sold and cost, now; by `--send` as a message too."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from rich.progress import Progress

from app.console import FAILED, emit, refuse, result, somebody, talk
from app.desk import Desk, known_shop, opened, pack_of
from app.ingesting import COLUMNS
from app.reporting import readers, said
from config.opening import zone_of
from config.settings import Settings
from learning.facts import Facts, facts_of
from learning.figures import Figures
from services.clock import now
from store import facts
from store.app import Shop


async def show(settings: Settings, key: str, days: int, *, send: bool, as_json: bool) -> None:
    """Days that nobody has counted yet are counted first, and kept."""
    people = readers(settings)
    if send and not people:
        hint = "name chats in takeover.staff; cadences.report_to chooses among them"
        refuse("there is nobody to send it to", "the shop has no people of its own", hint)
    if send and key not in {"", settings.app.shop}:
        refuse("it cannot be sent", "each bot tells its own shop", "use its aprendiz.toml")
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        figures = await _figures(settings, desk, shop, days)
        notice = await said(desk.store, shop, figures, pack_of(desk, shop))
        waits = await _leave(desk, shop, figures, days) if send else None
        last = await _last(desk, shop)
    if as_json:
        kept = figures.kept() | {"total_micros": figures.total_micros}
        emit(kept | {"shop": shop.key, "text": notice.text, "sent": waits, "last": last})
        return
    result.print(notice.text, markup=False, highlight=False, soft_wrap=True)
    if waits:
        talk.print(f"a running bot tells it to {', '.join(people)}", markup=False)


async def _figures(settings: Settings, desk: Desk, shop: Shop, days: int) -> Figures:
    zone = zone_of(settings.hours.timezone)
    of = await facts_of(desk.store, shop.id, zone, settings.curation)
    last = now().astimezone(zone).date() - timedelta(1)
    first = last - timedelta(days - 1)
    await _count(of, await of.missing(first, last))
    return await of.figures(first, last)


async def _count(of: Facts, missing: list[date]) -> None:
    with Progress(*COLUMNS, console=talk, transient=True) as progress:
        task = progress.add_task("counting days", total=len(missing) or None)
        for day in missing:
            await of.keep([await of.day(day)])
            progress.advance(task)


async def _leave(desk: Desk, shop: Shop, figures: Figures, days: int) -> str:
    """Asked for again it is told again: the moment is part of its name."""
    period = f"{figures.first}/{days}@{now():%Y-%m-%dT%H:%M:%S.%f}"
    async with desk.store.transaction() as session:
        what: Mapping[str, object] = {"figures": figures.kept(), "asked_by": somebody()}
        if not await facts.keep_report(session, shop.id, period, **what):
            refuse("it was sent just now", "the same moment asked for it twice", code=FAILED)
    return period


async def _last(desk: Desk, shop: Shop) -> dict[str, Any] | None:
    """How far the newest report got with each of those who were told."""
    async with desk.store.reading() as session:
        found = await facts.last_report(session, shop.id)
        if found is None:
            return None
        replies = [UUID(reply) for reply in found.told]
        states = await facts.outcomes(session, shop.id, replies)
    told = {str(reply): states.get(reply, "on its way") for reply in replies}
    return {"period": found.period, "told_at": found.told_at, "messages": told}
