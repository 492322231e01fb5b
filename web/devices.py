"""One's own sessions of the pages: where one is in, and how to be out."""

from collections.abc import Sequence
from uuid import UUID

from store import web_sessions as rows
from store.session import WriteSession
from store.web_sessions import WebSession
from web.hands import Hand
from web.identity import Identity


def enters(who: Identity) -> bool:
    """A program has a key and no sessions; without a name, those that the shop's key opened are
    meant."""
    return who.key is None


async def mine(session: WriteSession, by: Hand) -> Sequence[WebSession]:
    """Those that stand, the one seen last first."""
    who = by.who
    return await rows.sessions_of(session, who.shop, who.person, by.at) if enters(who) else []


async def end(session: WriteSession, by: Hand, one: UUID) -> bool:
    """False where there is none such of theirs that stands."""
    who = by.who
    if not enters(who) or not await rows.end_session(session, who.shop, who.person, one, by.at):
        return False
    await by.note(session, "session.ended", f"session:{one}")
    return True


async def end_others(session: WriteSession, by: Hand) -> int:
    """All but the one they act by; how many there were."""
    who = by.who
    if not enters(who):
        return 0
    besides = who.session
    count = await rows.end_sessions(session, who.shop, who.person, by.at, besides=besides)
    await by.note(session, "session.ended", who.who, count=count)
    return count
