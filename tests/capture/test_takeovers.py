"""What people answer after they took over is linked to what they answered, in nine of ten cases."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

import msgspec

from capture.recorder import Recorder
from events.effects import Delivered
from store.session import Store
from tests.capture.talk import Talk, capture
from tests.capture.test_humans import spoken, taught

FILE = Path(__file__).with_name("takeovers.txt")
LINKED = 0.9


@dataclass(frozen=True)
class Dialogue:
    """`answers` are what people said, each with the words that it answers, or none."""

    delivered: tuple[Delivered, ...]
    answers: tuple[tuple[str, str], ...]


def dialogue(talk: Talk, line: str) -> Dialogue:
    delivered: list[Delivered] = []
    said: list[str] = []
    answers: list[tuple[str, str]] = []
    for step in line.split(" | "):
        if step.startswith("+"):
            talk.places = count(next(talk.places) + int(step) * 60)
            said.append("")
            continue
        who, _, text = step.partition(": ")
        who, _, target = who.partition(">")
        said.append(text)
        if who == "p":
            answers.append((text, said[int(target)] if target else ""))
        delivered += _spoken(talk, who, text)
    return Dialogue(tuple(delivered), tuple(answers))


def _spoken(talk: Talk, who: str, text: str) -> list[Delivered]:
    if who != "q":
        return spoken(talk, who, text)
    asked = talk.replies(text)
    return [Delivered(msgspec.structs.replace(asked.event, purpose="csat"), asked.position)]


async def test_nine_of_ten_answers_of_people_are_linked_to_what_they_answer(
    recorder: Recorder, store: Store, shop: UUID
) -> None:
    lines = [line for line in FILE.read_text().splitlines() if not line.startswith("#")]
    linked, missed, invented = 0, [], []
    for number, line in enumerate(lines):
        talk = Talk(shop, name=f"customer{number}")
        one = dialogue(talk, line)
        await capture(recorder, *one.delivered)
        rows = [(row.user_message, row.bot_response) for row in await taught(store, talk)]
        for text, target in one.answers:
            found = [asked for asked, told in rows if _plain(text) in told]
            right = any(_plain(target) in asked for asked in found)
            if target:
                linked += right
                missed += [] if right else [text]
            elif found:
                invented.append(text)
    total = linked + len(missed)
    assert total >= 45
    assert linked / total >= LINKED, f"{linked} of {total}: {missed}"
    assert invented == []


def _plain(text: str) -> str:
    """As far as nothing personal is in it, which is masked."""
    return text.partition("+56")[0].partition("soy ")[0].partition("76.")[0]
