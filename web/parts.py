"""What the pages are made of: handed in from outside, and what several areas share."""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.channels.base import Hook, Ingest
from bot.channels.web import WebChannel
from config.manners import BudgetSettings, HoursSettings
from config.packs import Pack
from config.privacy import PrivacySettings
from config.risk import RiskSettings
from events.forgetting import Forgetting
from handlers.payments import Payments
from handlers.word import Word
from jobs.rights import Offer, Rights, nobody_offers
from knowledge.importing.sheets import ROWS
from knowledge.search import Search
from services.files import Files as KeptFiles
from services.passwords import Passwords
from services.wire import Wire
from store.session import Store
from web.api.means import Means
from web.chatting import Chatting
from web.connecting import Connecting
from web.entering import Doorman
from web.fixed import Fixed
from web.limits import Limit
from web.live import Lines
from web.observed import Observed
from web.pages.conversations import Suggest
from web.pages.documents import Reading
from web.pages.improving import Improve
from web.pages.trial import Ask
from web.pages.webhooks import Hooks
from web.rehearsal import Rehearse, nobody_rehearses
from web.rendering import Pages
from web.security import Guard
from web.tries import Tries
from web.warned import Warned
from web.workshop import Workshop

SANTIAGO = ZoneInfo("America/Santiago")
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


def _nobody(_path: str) -> Sequence[Hook]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    """`hosts` are the names a browser may call us by; `hooks` answer the networks' own calls.
    `pepper` keeps addresses unguessable; `demo` are accounts that anybody may take, by the words of
    their buttons. `offer` has a job begun at once; without `means` programs may have nothing
    trained, asked or read. `zone` is the shop's clock, `templates` what a network takes after its
    window, `links` where customers may be sent, `max_rows` how many lines a file of products may
    have; `suggest` and `improve` ask models, where there are any. `fixed` is what the file of
    settings alone can change, `limited` the limits among it, `warned` whom it tells;
    `connecting` stores accounts; `rehearse` answers a conversation that nobody has. `home` is where
    customers reach us, and pages of `embeds` may frame the chat.
    `staff` are chats in which the shop's people may be told of the week.
    """

    store: Store
    wire: Wire
    channel: WebChannel
    ingest: Ingest
    shop: UUID
    shop_name: str
    key: SecretStr
    pack: Pack
    word: Word
    payments: Payments
    media: KeptFiles
    reading: Reading
    search: Search
    ask: Ask
    channels: Collection[str] = ()
    hosts: tuple[str, ...] = LOOPBACK
    hooks: Hooks = _nobody
    pepper: bytes = field(default_factory=partial(secrets.token_bytes, 32), repr=False)
    demo: Mapping[str, str] = field(default_factory=dict)
    observed: Observed = field(default_factory=Observed)
    hours: HoursSettings = field(default_factory=HoursSettings)
    budget: BudgetSettings = field(default_factory=BudgetSettings)
    offer: Offer = nobody_offers
    risk: RiskSettings = field(default_factory=RiskSettings)
    answer_days: int = 30
    workshop: Workshop | None = None
    means: Means | None = None
    api_per_minute: int = 600
    zone: ZoneInfo = SANTIAGO
    templates: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    max_rows: int = ROWS
    suggest: Suggest | None = None
    improve: Improve | None = None
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    fixed: Sequence[Fixed] = ()
    limited: Sequence[Fixed] = ()
    warned: Warned = field(default_factory=Warned)
    connecting: Connecting | None = None
    rehearse: Rehearse = nobody_rehearses
    home: str | None = None
    embeds: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()

    @property
    def rights(self) -> Rights:
        forgetting = Forgetting(self.word.stream)
        return Rights(self.store, self.shop, forgetting, self.offer, self.answer_days)


@dataclass
class Desk:
    """What several areas share."""

    parts: WebParts
    pages: Pages
    guard: Guard
    lines: Lines
    closing: list[Callable[[], None]] = field(default_factory=list)

    def limit(self, name: str, times: int, window_s: int) -> Limit:
        key = f"{self.parts.channel.prefix}:web:limit:{name}"
        return Limit(self.parts.wire, key, times, window_s)

    @property
    def doorman(self) -> Doorman:
        tries = Tries(self.parts.wire, f"{self.parts.channel.prefix}:web:tries")
        addresses = self.limit("accounts", 60, 15 * 60)
        return Doorman(self.guard.sessions, Passwords(), tries, addresses)

    @property
    def chatting(self) -> Chatting:
        parts, often = self.parts, (self.limit("chat", 20, 60), self.limit("address", 120, 60))
        return Chatting(parts.shop, parts.channel, parts.ingest, *often)

    def close(self) -> None:
        for close in (self.lines.close, *self.closing):
            close()
