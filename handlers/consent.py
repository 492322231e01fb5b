"""Whether we may write first: the words by which a customer forbids it, honoured at once."""

from dataclasses import dataclass
from typing import Final

from config.packs import Pack
from events.happened import following
from events.manners import ConsentChanged
from handlers.drafting import Answer
from handlers.steps import Asked, Decision
from llm.base import Completion
from text.optout import wish

NOTE: Final = "opted_out"


@dataclass(frozen=True, slots=True)
class Consent:
    """Comes before everything else: no model and no order stands between a customer and this."""

    pack: Pack

    async def before(self, asked: Asked) -> Decision | None:
        wanted = wish(asked.reading.text)
        if wanted is None or (wanted == "in" and NOTE not in asked.situation.notes):
            return None
        name = "opted_out" if wanted == "out" else "opted_in"
        text = self.pack.answers[name].say(asked.reading.parsed.locale, {})
        change = ConsentChanged(
            **following(asked.turn, "consent", asked.at),
            customer=asked.turn.customer,
            chat=asked.turn.chat,
            opted_out=wanted == "out",
            word=asked.reading.text[:100],
        )
        return Decision(
            Answer(Completion(text, "pack", self.pack.name, used=(name,))),
            events=(change,),
            notes={NOTE: "1" if wanted == "out" else ""},
        )
