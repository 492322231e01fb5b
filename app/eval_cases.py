"""`eval add`: an answer of the shop's own bot becomes a golden case, masked as it was learned."""

from uuid import UUID

from app.console import FAILED, USAGE, emit, refuse, result
from app.desk import known_shop, opened, pack_of
from config.settings import Settings
from evaluation.casing import CaseRefused, Source, Told, keep
from store import evaluating


async def add(settings: Settings, key: str, which: str, told: Told, *, as_json: bool) -> None:
    """All that the customer wrote up to the answer; the last message is the one to be answered."""
    try:
        wanted = UUID(which)
    except ValueError:
        refuse(f"{which!r} is no id", "of a reply, or of a conversation", code=USAGE)
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        pack = pack_of(desk, shop)
        async with desk.store.transaction() as session:
            turns = await evaluating.answered_turns(session, shop.id, wanted)
            if not turns:
                why = "the bot answered nothing there that it could learn from"
                refuse(f"there is no conversation {which}", why, "main.py why last", code=FAILED)
            said = [turn.user_message for turn in turns]
            source = Source(f"shop:{turns[-1].id}", said, turns[-1].id)
            try:
                case = await keep(session, shop, pack, source, told)
            except CaseRefused as error:
                refuse(error.what, error.why, error.hint, code=USAGE)
    if as_json:
        emit({"case": case.name, "set": case.split, "messages": list(case.messages)})
        return
    result.print(f"{case.name} ({case.split}): {' / '.join(case.messages)}", markup=False)
