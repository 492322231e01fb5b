"""Other machines get no answer: what says that it is one, and what says the same again and again.

Networks that mark bots are not even heard (`addressed`); this is for those that do not tell.
"""

from typing import Final

import structlog

from handlers.reading import Reading
from handlers.steps import Asked, Decision
from text.appeals import wants_person
from text.automatic import automatic
from text.complaints import complains
from text.folding import fold

log = structlog.get_logger()
SENTENCE: Final = 4
"""Shorter ones ("hola", "¿y el precio?") people repeat too."""
CALLS_A_PERSON: Final = 2
"""After so many times the answer is no help to whoever it is."""
ENDS: Final = 4


async def before(asked: Asked) -> Decision | None:
    """No answer, and nobody is told twice: a machine would answer that as well."""
    if asked.action:
        return None
    text = asked.reading.text
    machine = automatic(text) and not (wants_person(text) or complains(text))
    if not machine and repeats(asked.reading) < ENDS:
        return None
    log.info("reply.machine", conversation=str(asked.turn.conversation), repeated=not machine)
    return Decision(None)


def repeats(reading: Reading) -> int:
    """How often the customer has said exactly this and was answered, of what is remembered."""
    words = fold(reading.text).split()
    if len(words) < SENTENCE:
        return 0
    said = zip(reading.said, reading.said[1:], strict=False)
    return sum(
        (line.role, after.role) == ("user", "assistant") and fold(line.content).split() == words
        for line, after in said
    )
