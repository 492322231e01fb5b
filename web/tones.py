"""How the bot speaks to whoever has no way of their own: chosen by a sample, or by its parts."""

from collections.abc import Mapping
from typing import Final

from store import choices
from store.audit import record
from store.choices import ShopChoice
from store.session import WriteSession
from web.hands import Hand

MANNERS: Final[Mapping[str, tuple[str, float]]] = {
    "cercano": ("neutral", 0.5),
    "formal": ("formal", 0.5),
    "breve": ("neutral", 0.2),
}
"""The tone and the intensity that each sample stands for."""


def manner_of(chosen: ShopChoice | None) -> str:
    """Which of the samples it is; "" where nothing was chosen, or another way of speaking."""
    if chosen is None:
        return ""
    own = (chosen.tone, chosen.intensity)
    return next((name for name, parts in MANNERS.items() if parts == own), "")


async def speak(session: WriteSession, tone: str | None, intensity: float | None, by: Hand) -> None:
    """A tone of None is as the pack says, intensity among it."""
    shop, force = by.who.shop, intensity if tone else None
    await choices.hold(session, shop)
    found = await choices.of_shop(session, shop)
    before = {
        "tone": found.tone if found else None,
        "intensity": found.intensity if found else None,
    }
    after = {"tone": tone, "intensity": force}
    await choices.choose(session, shop, {**after, "by": by.who.name, "at": by.at})
    session.expire_all()
    if after == before:
        return
    what, actor = f"shop:{shop}", by.actor
    await record(session, shop, actor, "settings.tone", what, before=before, after=after)
