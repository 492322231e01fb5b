"""A customer asks for their data, and one whose data is blocked gets no answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from config.packs import Pack
from events.happened import caused_by
from events.vocabulary import TurnReady
from handlers.consent import NOTE, forbidden
from handlers.drafting import Answer
from handlers.steps import Asked, Decision
from llm.base import Completion
from store.privacy import links
from store.privacy.links import Wanted
from store.session import Store
from text.commands import command_of
from text.folding import level

RESTRICTED: Final = "restricted"
"""The note that says so; events/forgetting.py leaves it."""
COMMANDS: Final = frozenset({"misdatos", "mydata", "privacidad", "privacy"})
_WORDS: Final = re.compile(
    r"(?:quiero |necesito |dame |ver |muestrame |mostrame |cuales son |descargar |borrar )*"
    r"(?:todos )?(?:mis datos(?: personales)?|my (?:personal )?data)(?: por favor| please)?"
)


def asks_for_own_data(text: str) -> bool:
    """The command, or those words and nothing else: what speaks of other things besides is not
    taken for it."""
    command = command_of(text)
    if command is not None:
        return command.name in COMMANDS
    return _WORDS.fullmatch(" ".join(re.findall(r"\w+", level(text)))) is not None


def wants_own_data(turn: TurnReady) -> bool:
    return any(asks_for_own_data(one.text) for one in turn.messages)


@dataclass(frozen=True, slots=True)
class OwnData:
    """Answers whoever has the word. `address` makes of a link's secret what a browser opens."""

    pack: Pack
    store: Store
    address: Callable[[str], str]
    hours: int = 24

    async def before(self, asked: Asked) -> Decision | None:
        turn = asked.turn
        if not wants_own_data(turn):
            return None
        cause = caused_by(turn.turn or turn.id, f"own-data:{turn.revision}")
        until = asked.at + timedelta(hours=self.hours)
        async with self.store.batch() as connection:
            secret = await links.offer(
                connection, Wanted(turn.shop, turn.customer, cause, expires_at=until)
            )
        said = self.pack.answers["own_data"].say(
            asked.reading.parsed.locale, {"link": self.address(secret), "hours": str(self.hours)}
        )
        left = forbidden(turn, asked.at)
        return Decision(
            Answer(Completion(said, "pack", self.pack.name, used=("own_data",))),
            events=(left,) if left else (),
            notes={NOTE: "1"} if left else {},
            purpose="right",
        )


async def restricted(asked: Asked) -> Decision | None:
    """What they wrote is kept, and nothing else is done with it. Their data they may still see."""
    return Decision(None) if RESTRICTED in asked.situation.notes else None
