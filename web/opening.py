"""When people of the shop are there, as somebody chose it: its page and the API do it by this."""

from collections.abc import Mapping, Sequence
from datetime import date

from store import choices
from store.audit import record
from store.choices import ShopChoice
from store.session import WriteSession
from web.hands import Hand
from web.timetable import DAYS


async def open_at(
    session: WriteSession, week: Mapping[str, str] | None, holidays: Sequence[date], by: Hand
) -> None:
    """`week` has a line for each of DAYS; none at all is always, and None is as the configuration
    says, holidays among it."""
    shop = by.who.shop
    await choices.hold(session, shop)
    before = _told(await choices.of_shop(session, shop))
    own = week is not None
    chosen = {
        "week": dict(week or {}) if own else None,
        "holidays": list(holidays) if own else None,
    }
    await choices.choose(session, shop, chosen | {"by": by.who.name, "at": by.at})
    session.expire_all()
    after = _told(await choices.of_shop(session, shop))
    if after == before:
        return
    what, actor = f"shop:{shop}", by.actor
    await record(session, shop, actor, "settings.hours", what, before=before, after=after)


def _told(found: ShopChoice | None) -> dict[str, object]:
    if found is None or found.week is None:
        return {"hours": "archivo", "holidays": 0}
    days = " · ".join(f"{day} {found.week[day]}" for day in DAYS if day in found.week)
    return {"hours": days or "siempre", "holidays": len(found.holidays or ())}
