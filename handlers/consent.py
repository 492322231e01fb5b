"""Whether we may write first: the words by which a customer forbids it, honoured at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.packs import Pack
from events.happened import following
from events.manners import ConsentChanged
from events.vocabulary import TurnReady
from handlers.drafting import Answer
from handlers.steps import Asked, Decision
from llm.base import Completion
from store.outreach import opted_out
from store.session import Store
from text.optout import Wish, wish

NOTE: Final = "opted_out"


def wished(turn: TurnReady) -> Wish | None:
    """Each message says it alone, whatever else a burst says; the last one counts."""
    heard = {one.message: one.text for one in turn.readings}
    texts = [text for one in turn.messages for text in (one.text, heard.get(one.id, ""))]
    return next((said for text in reversed(texts) if (said := wish(text)) is not None), None)


def forbidden(turn: TurnReady, at: datetime) -> ConsentChanged | None:
    """Counts where the bot says nothing, too: while a person has the word, or much too late."""
    return changed(turn, at, opted_out=True) if wished(turn) == "out" else None


def changed(turn: TurnReady, at: datetime, *, opted_out: bool) -> ConsentChanged:
    return ConsentChanged(
        **following(turn, "consent", at, of=turn.turn or turn.id),
        customer=turn.customer,
        chat=turn.chat,
        opted_out=opted_out,
        word=turn.messages[-1].text[:100] if turn.messages else "",
    )


@dataclass(frozen=True, slots=True)
class Consent:
    """Comes before everything else: no model and no order stands between a customer and this."""

    pack: Pack
    store: Store

    async def before(self, asked: Asked) -> Decision | None:
        wanted = wished(asked.turn)
        if wanted is None or (wanted == "in" and not await self._is_out(asked)):
            return None
        name = "opted_out" if wanted == "out" else "opted_in"
        text = self.pack.answers[name].say(asked.reading.parsed.locale, {})
        change = changed(asked.turn, asked.at, opted_out=wanted == "out")
        return Decision(
            Answer(Completion(text, "pack", self.pack.name, used=(name,))),
            events=(change,),
            notes={NOTE: "1" if wanted == "out" else ""},
        )

    async def _is_out(self, asked: Asked) -> bool:
        """They may have said so in another conversation."""
        if NOTE in asked.situation.notes:
            return True
        async with self.store.reading() as session:
            return await opted_out(session, asked.turn.shop, asked.turn.conversation)
