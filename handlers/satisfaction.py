"""Asks a customer once how content they are, when their conversation has gone quiet.

The question needs a token that stands in the conversation: who speaks takes it away in the script
that ingests what they say, and the claim takes it too. So it leaves at most once, and never where
somebody has spoken since; what is handled here, in the order of the conversation, only says when to
try.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from config.manners import RatingSettings
from config.packs import Pack
from events.contents import Choice
from events.effects import NOTHING, Effects, Outcome, Retry, Timer
from events.happened import Happened, caused_by, following
from events.manners import ConsentChanged, HandedOver, SatisfactionDue, SilenceChanged
from events.stream import Stream
from events.vocabulary import ReplyDispatched, ReplyDrafted
from handlers.consent import NOTE as OUT
from handlers.hours import Hours
from handlers.reach import Reach
from services.clock import Clock, now
from store.base import StoreUnavailable
from store.outreach import opted_out
from store.satisfaction import asked_lately
from store.session import Store
from text.verdicts import CSAT

QUESTION: Final = "csat"
GRADES: Final = tuple(f"csat_{stars}" for stars in range(1, 6))
MENU: Final = {"es": "Calificar", "en": "Rate"}
WINDOW: Final = timedelta(hours=24)
"""After the customer's last words; later nobody is asked, whatever the network allows."""
MARGIN: Final = timedelta(minutes=5)
KEPT_S: Final = 2 * 86_400
STORE_RETRY_S: Final = 2.0
ASKABLE: Final = frozenset({"answer", "order", "follow_up"})


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`hours` are those in which we may write first."""

    stream: Stream
    store: Store
    pack: Pack
    knobs: RatingSettings
    hours: Hours
    reach: Reach
    clock: Clock = now

    async def on_reply(self, reply: ReplyDispatched) -> Outcome:
        """What the bot said last begins the wait anew."""
        if not closes_well(reply):
            return NOTHING
        token = str(reply.reply)
        key = self.stream.keys.poll(reply.conversation)
        await self.stream.wire.command("SET", key, token, "EX", KEPT_S)
        due = SatisfactionDue(
            **following(reply, "satisfaction-due", self.clock(), of=reply.reply),
            customer=reply.customer,
            chat=reply.chat,
            thread=reply.thread,
            locale=reply.generation.locale,
            reply=reply.reply,
            token=token,
            asked_at=reply.asked_at or reply.at,
        )
        return Effects(timers=[_timer(due, round(self.knobs.csat_after_h * 3_600_000))])

    async def on_news(self, news: Happened) -> Outcome:
        """Somebody spoke or is asked to, or forbade it: nobody is asked."""
        await self.stream.wire.command("DEL", self.stream.keys.poll(news.conversation))
        person = isinstance(news, SilenceChanged) and news.silenced
        return Effects(notes={CSAT: ""}) if person else NOTHING

    async def on_due(self, due: SatisfactionDue) -> Outcome:
        here = self.clock()
        try:
            if not await self._wanted(due, here):
                return NOTHING
        except StoreUnavailable as error:
            return Retry(STORE_RETRY_S, str(error))
        opens = self.hours.opens_next(here)
        if opens is None or opens - due.asked_at > WINDOW - MARGIN:
            return NOTHING
        if opens > here:
            return Effects(timers=[_timer(due, _ms(opens - here))])
        if await self.reach.closed(due.account, due.conversation):
            return NOTHING
        return Effects([self._draft(due, here)])

    async def _wanted(self, due: SatisfactionDue, here: datetime) -> bool:
        """Nobody has spoken since, no person has the word, the customer never said that we may
        not write, and was not asked before."""
        keys, wire = self.stream.keys, self.stream.wire
        token = wire.command("GET", keys.poll(due.conversation))
        hush = wire.command("EXISTS", keys.silence(due.conversation))
        left = wire.command("HGET", keys.notes(due.conversation), OUT)
        if (await token or b"").decode() != due.token or await hush or await left:
            return False
        async with self.store.reading() as session:
            if await opted_out(session, due.shop, due.conversation):
                return False
            days = self.knobs.csat_again_days
            return not await asked_lately(session, due.shop, due.conversation, here, days)

    def _draft(self, due: SatisfactionDue, here: datetime) -> ReplyDrafted:
        locale = due.locale or "es"
        text = self.pack.answers[QUESTION].say(locale, {"shop": self.pack.identity.shop.name})
        composed = self.reach.compose(due.account, text)
        question = caused_by(due.reply, QUESTION)
        return ReplyDrafted(
            **(following(due, QUESTION, here, of=due.reply) | {"turn": None}),
            customer=due.customer,
            chat=due.chat,
            thread=due.thread,
            text=text,
            parts=composed.parts,
            marks=composed.marks,
            choices=self._grades(question, locale),
            menu=MENU.get(locale, MENU["es"]),
            sensitive=True,
            purpose="csat",
            needs=due.token,
        )

    def _grades(self, question: UUID, locale: str) -> tuple[Choice, ...]:
        said = (self.pack.answers[name].say(locale, {}) for name in GRADES)
        return tuple(
            Choice(id=f"{CSAT}:{stars}:{question}", title=title)
            for stars, title in enumerate(said, 1)
        )


def closes_well(reply: ReplyDispatched) -> bool:
    """Whether a conversation may end with it: not while a person is on their way."""
    handed = any(one.id.startswith("hand_over") for one in reply.generation.sources)
    ours = reply.author == "bot" and reply.purpose in ASKABLE
    return ours and not handed and not reply.then_silent_ms


NEWS: Final = (HandedOver, SilenceChanged, ConsentChanged)
"""What ends the wait, beside what is said."""


def _timer(due: SatisfactionDue, after_ms: int) -> Timer:
    """One for each conversation: a newer reply takes the older one's place."""
    return Timer(f"satisfaction:{due.conversation}", after_ms, due)


def _ms(later: timedelta) -> int:
    return max(round(later.total_seconds() * 1000), 1)
