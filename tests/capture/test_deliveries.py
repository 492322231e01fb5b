from itertools import permutations
from uuid import UUID

from capture.deliveries import Progress, summed
from events.vocabulary import ReplyDispatched, ReplyFailed, ReplySent, ReplyUncertain
from tests.capture.talk import START, Talk

SHOP = UUID(int=1)
DISPATCHED = Progress("dispatched", START)
UNCERTAIN = Progress("uncertain", START, "timeout")
FAILED = Progress("failed", START, "blocked")
SENT = Progress("sent", START, None, ("1",))


def test_the_furthest_state_counts_in_whatever_order_it_is_told() -> None:
    for first, second, third, fourth in permutations((DISPATCHED, UNCERTAIN, FAILED, SENT)):
        assert first.then(second).then(third).then(fourth) == SENT


def test_two_parts_that_were_sent_are_both_known_once() -> None:
    more = Progress("sent", START, None, ("1", "2"))
    assert SENT.then(more).platform_ids == ("1", "2")
    assert SENT.then(more).then(SENT).platform_ids == ("1", "2")


def test_what_is_told_of_one_reply_adds_up() -> None:
    talk = Talk(SHOP)
    told = [talk.replies("hola"), talk.uncertain("timeout"), talk.sent("9"), talk.failed("no")]
    events = [one.event for one in told]
    kinds = (ReplyDispatched, ReplySent, ReplyUncertain, ReplyFailed)
    (progress,) = summed(event for event in events if isinstance(event, kinds)).values()
    assert (progress.state, progress.platform_ids) == ("sent", ("9",))
