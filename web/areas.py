"""Which pages there are, and what each is given."""

from handlers.pausing import Pause
from knowledge.dictionary import Dictionary
from llm.budget import Purse
from services.news import News, key_of
from web.chats import chats
from web.importing import Imports
from web.owners import lines_of, settings
from web.pages.account import Account
from web.pages.alerts import Alerts
from web.pages.answers import Answers
from web.pages.audit import Audit
from web.pages.catalogue import CataloguePages
from web.pages.conversations import Conversations
from web.pages.costs import CostsPage
from web.pages.customers import Customers
from web.pages.datasets import Datasets
from web.pages.devices import Devices
from web.pages.documents import Documents
from web.pages.entry import Entry
from web.pages.evaluations import Evaluations
from web.pages.examples import Examples
from web.pages.files import Files
from web.pages.filing import Filing
from web.pages.flips import Flips
from web.pages.glossary import Glossary
from web.pages.golden import Golden
from web.pages.health import Health
from web.pages.importing import ImportPages, Taking
from web.pages.improving import Improving
from web.pages.keys import Keys
from web.pages.lessons import Lessons
from web.pages.listings import listings
from web.pages.live import Live
from web.pages.models import Models
from web.pages.more import More
from web.pages.noting import Noting
from web.pages.orders import Orders
from web.pages.own_data import OwnPage
from web.pages.panel import PanelPage
from web.pages.privacy import Privacy
from web.pages.quality import Quality
from web.pages.questions import Questions
from web.pages.registry import Registry
from web.pages.reports import Books, Reports
from web.pages.review import Review
from web.pages.risk_models import RiskModels
from web.pages.risks import Risks
from web.pages.rollout_limits import RolloutLimits
from web.pages.rollouts import Rollouts
from web.pages.system import System
from web.pages.tastes import Tastes
from web.pages.team import Team
from web.pages.today import Hoy
from web.pages.traces import Traces
from web.pages.trainings import Trainings
from web.pages.trial import TrialPages
from web.pages.trying import Trying
from web.pages.views import ViewsPage
from web.pages.webhooks import Webhooks
from web.parts import Desk, WebParts
from web.rehearsal import Rehearsals
from web.routing import Area
from web.talking import Talking
from web.teaching import Lectern
from web.trial import Trial
from web.trying import Ground
from web.workshop import Bench


def visitors(desk: Desk) -> list[Area]:
    parts, pages, sessions = desk.parts, desk.pages, desk.guard.sessions
    doorman = desk.doorman
    return [
        Entry(pages, sessions, doorman, desk.limit("key", 5, 15 * 60), parts.demo),
        Account(pages, sessions, doorman),
        Tastes(parts.store),
        Files(parts.pack),
        Health(parts.wire, parts.store, parts.observed, desk.lines),
        Webhooks(parts.hooks, parts.observed.tracer, parts.shop),
        OwnPage(
            pages=pages,
            store=parts.store,
            shop=parts.shop,
            rights=parts.rights.of(),
            var=parts.media.folder.parent,
            tries=desk.limit("own", 30, 15 * 60),
        ),
        Privacy(pages, parts.store, parts.shop),
        *chats(desk),
    ]


def _has_ledger(parts: WebParts) -> bool:
    return "ledger" in parts.pack.identity.abilities


def _purse(parts: WebParts) -> Purse:
    return Purse(parts.wire, parts.channel.prefix, parts.budget, parts.zone)


def sellers(desk: Desk) -> list[Area]:
    parts, pages = desk.parts, desk.pages
    books = Books(parts.shop, parts.pack.identity.currency, parts.hours)
    return [
        Live(desk.lines, key_of(parts.channel.prefix, parts.shop), desk.guard),
        More(pages),
        Team(pages, desk.guard.sessions),
        Keys(pages, desk.guard.sessions),
        Devices(pages, desk.guard.sessions),
        ViewsPage(pages, parts.store),
        Audit(pages, desk.guard.sessions),
        *settings(desk),
        Documents(pages, parts.store, parts.shop, parts.reading, parts.search, parts.zone),
        Glossary(pages, parts.store, parts.shop, Dictionary(parts.store)),
        *trying(desk),
        *goods(desk),
        *teachers(desk),
        *talking(desk),
        Orders(pages, parts.store, parts.shop, parts.payments, parts.media),
        Reports(pages, parts.store, books, parts.staff),
        CostsPage(pages, parts.store, books, _purse(parts)),
        Customers(pages, parts.store, parts.shop, parts.rights, _has_ledger(parts), parts.zone),
        Noting(pages, parts.store, parts.shop),
        *lenders(desk),
    ]


def goods(desk: Desk) -> list[Area]:
    parts, pages = desk.parts, desk.pages
    a_day = parts.reading.ingest.a_day
    taking = Taking(parts.store, parts.shop, rows=parts.max_rows, a_day=a_day)
    currency = parts.pack.identity.currency
    return [
        CataloguePages(pages, parts.store, parts.shop, currency, taking),
        ImportPages(pages, taking, currency, parts.media),
    ]


def lenders(desk: Desk) -> list[Area]:
    """Nothing where the shop lends nothing."""
    parts, pages = desk.parts, desk.pages
    if "lending" not in parts.pack.identity.abilities:
        return []
    currency = parts.pack.identity.currency
    return [
        RiskModels(pages, parts.store, parts.shop, parts.risk, parts.zone, parts.offer),
        Risks(pages, parts.store, parts.shop, currency, parts.risk, parts.zone, parts.answer_days),
    ]


def trying(desk: Desk) -> list[Area]:
    parts, limit = desk.parts, desk.limit("try", 30, 60)
    prefix = parts.channel.prefix
    trial = Trial(parts.wire, f"{prefix}:web:trial:{parts.shop}")
    guests = desk.limit("guest", 10, 60), desk.limit("trial", 300, 86_400)
    rehearsals = Rehearsals(parts.wire, f"{prefix}:web:rehearsal:{parts.shop}")
    ground = Ground(parts.shop, parts.pack, parts.hours)
    return [
        Trying(desk.pages, parts.store, ground, parts.rehearse, rehearsals, limit, "/chat"),
        TrialPages(desk.pages, parts.store, parts.ask, trial, *guests),
    ]


def watchers(desk: Desk) -> list[Area]:
    parts, pages = desk.parts, desk.pages
    return [
        Traces(pages, parts.store, parts.shop),
        Alerts(pages, parts.store, parts.shop, parts.observed.terms, _news(parts)),
        System(pages, parts.observed, parts.store, parts.shop),
        *listings(parts.store, parts.shop),
    ]


def talking(desk: Desk) -> list[Area]:
    """What needs a person now, and the conversations."""
    parts, pages = desk.parts, desk.pages
    at = Talking(
        pages,
        parts.store,
        parts.shop,
        parts.word,
        parts.zone,
        tuple(parts.pack.identity.categories),
        parts.templates,
        suggests=parts.suggest is not None,
    )
    stream = parts.word.stream
    return [
        Hoy(
            at,
            Pause(stream.wire, stream.keys, parts.shop),
            parts.pack.identity.currency,
            parts.pack.facts,
            lines_of(desk),
            parts.channels,
        ),
        Filing(at, Lectern(parts.store, parts.shop, parts.pack, parts.links)),
        Conversations(at, parts.suggest),
        Answers(at, parts.pack),
        Improving(at, parts.pack, parts.links, parts.improve),
    ]


def teachers(desk: Desk) -> list[Area]:
    parts, pages = desk.parts, desk.pages
    lectern = Lectern(parts.store, parts.shop, parts.pack, parts.links)
    prefix, intents = parts.channel.prefix, frozenset(lectern.intents)
    imports = Imports(parts.wire, prefix, parts.shop, intents)
    return [
        Lessons(pages, lectern, imports, parts.shop_name),
        Examples(pages, lectern),
        Review(pages, lectern),
        Questions(pages, lectern, parts.reading.ingest),
        Quality(pages, lectern),
        Flips(pages, lectern),
    ]


def administrators(desk: Desk) -> list[Area]:
    parts = desk.parts
    if parts.workshop is None:
        return []
    shop, news = parts.shop, _news(parts)
    bench = Bench(desk.pages, parts.store, shop, parts.pack, news, parts.workshop)
    return [
        PanelPage(bench),
        RolloutLimits(bench),
        Rollouts(bench),
        Models(bench),
        Registry(bench),
        Trainings(bench),
        Datasets(bench),
        Golden(bench),
        Evaluations(bench),
    ]


def _news(parts: WebParts) -> News:
    return News(parts.wire, key_of(parts.channel.prefix, parts.shop))
