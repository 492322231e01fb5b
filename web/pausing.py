"""The whole bot is stopped, or goes on, by somebody's hand: its page and the API do it by this."""

from handlers.pausing import Pause, Paused
from store.session import Store
from web.hands import Hand


async def stop(pause: Pause, store: Store, by: Hand, seconds: int, reason: str) -> Paused:
    """Nothing of the bot's leaves once this is done, a message in flight included."""
    paused = await pause.begin(seconds, by=by.who.name, reason=reason)
    until, what = paused.until.isoformat(timespec="minutes"), f"shop:{by.who.shop}"
    async with store.tenant(by.who.shop) as session:
        await by.note(session, "bot.paused", what, reason=reason, until=until)
    return paused


async def go_on(pause: Pause, store: Store, by: Hand) -> None:
    await pause.end()
    async with store.tenant(by.who.shop) as session:
        await by.note(session, "bot.resumed", f"shop:{by.who.shop}")
