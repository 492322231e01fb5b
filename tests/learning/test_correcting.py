"""Better answers are proposed by anybody, looked at by code, and decided by a person alone."""

from datetime import timedelta

import pytest

from learning.correcting import (
    AlreadyDecided,
    CorrectionRefused,
    NoSuchCorrection,
    Proposed,
    waiting,
)
from learning.correcting import named as called
from learning.grading import Grade, Grader, ReplyUnknown, given, pending
from learning.reading import these
from store.base import StoreRefused
from store.ratings import Correction
from store.session import Store
from tests.capture.talk import Talk
from tests.fixtures.store import add_shop
from tests.learning.corrected import (
    BETTER,
    NOW,
    WRONG,
    a_customer,
    by_hand,
    editor,
    examples,
    replied,
    row,
    wrong,
)


@pytest.fixture
async def talk(store: Store) -> Talk:
    return await a_customer(store)


async def test_a_proposal_shows_what_would_change_and_changes_nothing(
    store: Store, talk: Talk
) -> None:
    reply = await replied(store, talk)
    one = await editor(store, talk).propose(reply, by_hand(BETTER))
    assert (one["state"], wrong(one)) == ("proposed", {})
    assert "".join(part["text"] for part in one["diff"] if part["change"] != "added") == WRONG
    assert (await row(store, talk, reply)).correction is None
    assert await examples(store) == []
    again = await editor(store, talk, later_s=5).propose(reply, by_hand(BETTER))
    assert again["id"] == one["id"], "the same words by the same hand are the same proposal"
    assert [each["id"] for each in await waiting(store, talk.shop)] == [one["id"]]


async def test_an_accepted_answer_trains_serves_as_example_and_ends_the_waiting(
    store: Store, talk: Talk
) -> None:
    reply = await replied(store, talk)
    await Grader(store, talk.shop, "beto", NOW).give(reply, Grade(thumb=-1, comment="mal"))
    one = await editor(store, talk, later_s=1).propose(reply, by_hand(BETTER))
    done = await editor(store, talk, later_s=2).accept(one["id"])
    assert (done["state"], done["decided_by"], done["example"]) == ("accepted", "carla", True)
    after = await row(store, talk, reply)
    assert (after.correction, after.rejected) == (BETTER, False)
    [example] = await examples(store)
    assert "24.990" not in example.answer, "what will not last is a placeholder"
    assert await pending(store, talk.shop, "worst", 10) == []
    [said] = await given(store, talk.shop, reply, 10)
    assert (said["improved"], said["processed"], said["processed_by"]) == (True, True, "carla")
    learned = (await these(store, talk.shop, [reply]))[reply]
    assert (learned.answer, learned.corrected) == (BETTER, True)


async def test_a_thumb_down_on_the_better_answer_counts_again(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    one = await editor(store, talk).propose(reply, by_hand(BETTER))
    await editor(store, talk).accept(one["id"])
    await Grader(store, talk.shop, "beto", NOW + timedelta(hours=1)).give(reply, Grade(thumb=-1))
    assert (await row(store, talk, reply)).rejected
    assert await examples(store) == []


async def test_a_better_one_replaces_what_was_accepted(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    for place, text in enumerate((BETTER, "Vale $24.990 y queda stock.")):
        one = await editor(store, talk, later_s=place).propose(reply, by_hand(text))
        await editor(store, talk, later_s=place).accept(one["id"])
    assert one["basis"] == BETTER
    assert (await row(store, talk, reply)).correction == "Vale $24.990 y queda stock."
    assert len(await waiting(store, talk.shop, state="accepted")) == 2


async def test_a_refused_one_stays_refused_and_says_why(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    one = await editor(store, talk).propose(reply, by_hand(BETTER))
    done = await editor(store, talk, "beto").refuse(one["id"], "demasiado larga")
    assert (done["state"], done["decided_by"], done["why"]) == (
        "refused", "beto", "demasiado larga",
    )  # fmt: skip
    with pytest.raises(AlreadyDecided, match="refused already"):
        await editor(store, talk).accept(one["id"])
    again = await editor(store, talk).propose(reply, by_hand(BETTER))
    assert again["state"] == "refused"
    assert (await row(store, talk, reply)).correction is None


async def test_only_a_person_decides(store: Store, talk: Talk) -> None:
    """A proposal of a model waits; without a name nothing is ever decided."""
    reply = await replied(store, talk)
    one = await editor(store, talk).propose(reply, Proposed(BETTER, "groq gpt", "ai", "más clara"))
    assert (one["origin"], one["state"], one["proposed_by"]) == ("ai", "proposed", "groq gpt")
    with pytest.raises(StoreRefused, match="decided"):
        await editor(store, talk, by="").accept(one["id"])
    async with store.reading() as session:
        kept = await session.get_one(Correction, (talk.shop, one["id"]))
    assert (kept.state, kept.decided_by) == ("proposed", None)
    assert (await row(store, talk, reply)).correction is None


async def test_nothing_of_another_shop_can_be_corrected(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    one = await editor(store, talk).propose(reply, by_hand(BETTER))
    other = Talk(await add_shop(store, "other"))
    with pytest.raises(ReplyUnknown):
        await editor(store, other).propose(reply, by_hand(BETTER))
    with pytest.raises(NoSuchCorrection):
        await editor(store, other).accept(one["id"])
    with pytest.raises(NoSuchCorrection):
        await called(store, other.shop, str(one["id"])[:8])
    assert await waiting(store, other.shop, state=None) == []
    assert await called(store, talk.shop, str(one["id"])[:8]) == one["id"]


async def test_the_answer_itself_is_no_proposal(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    with pytest.raises(CorrectionRefused, match="says already"):
        await editor(store, talk).propose(reply, by_hand(WRONG))
