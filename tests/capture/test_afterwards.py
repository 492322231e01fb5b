from typing import Any

from sqlalchemy import select

from capture.recorder import Recorder
from store import afterwards, app
from store.session import Store
from tests.capture.talk import Talk, capture


async def one(store: Store, *columns: Any) -> tuple[Any, ...]:  # noqa: ANN401  columns of any model
    async with store.reading() as session:
        return tuple((await session.execute(select(*columns))).one())


async def test_the_same_text_is_no_edit(recorder: Recorder, store: Store, talk: Talk) -> None:
    """Networks say "edited" when they have added a preview of a link."""
    await capture(recorder, talk.says("mira esto"), talk.edits("p1", "mira esto"))
    assert await one(store, app.Message.edited_at) == (None,)
    changed = talk.edits("p1", "mira aquello")
    await capture(recorder, changed, talk.edits("p1", "mira aquello"))
    assert await one(store, app.Message.edited_at) == (changed.event.at,)


async def test_what_was_taken_back_is_gone_and_stays_gone(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    said = talk.says("mi clave es 1234", raw='{"text": "mi clave es 1234"}')
    deleted = talk.deletes("p1")
    await capture(recorder, said, deleted, talk.edits("p1", "mi clave es 4321"))
    await capture(recorder, said, talk.edits("p1", "mi clave era 1234"), talk.deletes("p1"))
    assert await one(store, app.Message.text, app.Message.raw, app.Message.deleted_at) == (
        "", None, deleted.event.at,
    )  # fmt: skip


async def test_a_reaction_is_what_it_was_last(recorder: Recorder, store: Store, talk: Talk) -> None:
    first, second = talk.says("hola"), talk.replies("¡hola!")
    thumb, heart = talk.reacts("w1", "👍"), talk.reacts("w1", "❤")
    await capture(recorder, first, second, thumb, heart)
    await capture(recorder, thumb)
    found = afterwards.Reaction.platform_id, afterwards.Reaction.sender, afterwards.Reaction.emoji
    assert await one(store, *found) == ("w1", "ana", "❤")
    await capture(recorder, talk.reacts("w1", None))
    assert await one(store, *found) == ("w1", "ana", None)


async def test_a_customer_who_blocked_us_is_unreachable_until_they_write_again(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    state = app.Conversation.reachable, app.Conversation.unreachable_at
    blocked = talk.says("hola"), talk.blocks()
    await capture(recorder, *blocked, talk.replies("promo"))
    assert await one(store, *state) == (False, blocked[1].event.at)
    await capture(recorder, talk.says("perdón, te bloqueé sin querer"))
    await capture(recorder, blocked[1])
    assert await one(store, *state) == (True, None)
    await capture(recorder, talk.blocks(), talk.blocks(reachable=True))
    assert await one(store, *state) == (True, None)


async def test_why_a_reply_did_not_leave_is_kept_whether_or_not_it_had_begun_to(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    kept = afterwards.Withheld.reason, afterwards.Withheld.conversation_id
    await capture(recorder, talk.says("hola"), talk.withheld("window"))
    assert await one(store, *kept) == ("window", talk.conversation)
    await capture(recorder, talk.replies("larga", parts=2), talk.withheld("silenced"))
    assert await one(store, app.Delivery.state, app.Delivery.reason) == ("withheld", "silenced")
