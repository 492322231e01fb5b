"""The measured customers are many, and each says its lines in order."""

from collections import defaultdict

from benchmarks.conversations import SCRIPTS, TURNS, Customers


def test_every_script_has_as_many_lines_as_a_conversation() -> None:
    assert all(len(script) == TURNS for script in SCRIPTS)


def test_a_crowd_never_repeats_a_message_and_keeps_each_conversation_in_order() -> None:
    lines = list(Customers().crowd(400, at_once=25))
    said = defaultdict(list)
    for line in lines:
        said[line.event.chat].append(int(line.event.platform_id.rpartition("-")[2]))
    assert len({line.answer for line in lines}) == 400
    assert all(turns == list(range(turns[0], turns[-1] + 1)) for turns in said.values())


def test_two_crowds_are_strangers_to_each_other() -> None:
    one, other = ({line.event.chat for line in Customers().crowd(40, 10)} for _ in range(2))
    assert not one & other
