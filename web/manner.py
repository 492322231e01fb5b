"""How the bot speaks to customers who chose nothing: its page and the API choose it by this."""

from store import choices
from store.audit import record
from store.session import WriteSession
from web.hands import Hand


async def speak_so(
    session: WriteSession, tone: str | None, intensity: float | None, by: Hand
) -> None:
    """None is as the pack says, intensity among it."""
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
    what, actor = f"shop:{shop}", by.actor
    await record(session, shop, actor, "settings.tone", what, before=before, after=after)
