"""What decides a turn around the model: in this order, the first decision counts."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from config.opening import zone_of
from config.packs import Pack
from config.settings import Settings
from events.stream import Stream
from handlers import loops
from handlers.books import Books
from handlers.broadcasts import DAY_S
from handlers.clients import Clients
from handlers.consent import Consent
from handlers.followups import FollowUps
from handlers.grading import Grading
from handlers.handover import HandOver
from handlers.hours import opening
from handlers.identity import Identity
from handlers.ledger import Ledger
from handlers.lending import Lending
from handlers.media import Doubtful
from handlers.openings import Openings
from handlers.orders import Orders
from handlers.own_data import OwnData, restricted
from handlers.pace import Pace
from handlers.reach import Reach
from handlers.satisfaction import Satisfaction
from handlers.steps import After, Before
from handlers.summary import Known
from handlers.tools import DRAFT_ORDER, LOOK_UP, REQUEST_PERSON
from llm.base import Tool
from services.clock import Clock
from services.quota import Quota
from services.wire import Wire
from store.session import Store
from text.ways_in import PATH

LENDING: Final = "lending"
LEDGER: Final = "ledger"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a step may be built from."""

    settings: Settings
    pack: Pack
    wire: Wire
    stream: Stream
    store: Store
    reach: Reach
    openings: Openings


def before(ground: Ground) -> tuple[Before, ...]:
    """Before the shop's own handlers and any model."""
    found: list[Before] = [_own_data(ground).before, Consent(ground.pack, ground.store).before]
    found += [restricted, loops.before]
    found.append(Grading(ground.pack).before)
    if lends(ground.pack):
        found.append(_lending(ground).before)
    if ground.settings.handover.enabled:
        found.append(_hand_over(ground).before)
    if ground.settings.orders.enabled:
        found.append(_orders(ground).before)
    found.append(Doubtful(ground.pack, ground.settings.media.sure).before)
    if LEDGER in ground.pack.identity.abilities:
        found.append(_ledger(ground).before)
    settings = ground.settings
    pace = Pace(ground.pack, settings.pace, ground.wire, settings.redis.prefix)
    return (*found, pace.before)


def _own_data(ground: Ground) -> OwnData:
    knobs = ground.settings.web
    base = (knobs.public_url or f"http://{knobs.host}:{knobs.port}").rstrip("/")
    hours = ground.settings.privacy.link_hours
    return OwnData(ground.pack, ground.store, lambda secret: f"{base}{PATH}{secret}", hours)


def instead(ground: Ground) -> tuple[Before, ...]:
    """Instead of a model, where the shop's own handlers have nothing to say."""
    found: list[Before] = [_lending(ground).instead] if lends(ground.pack) else []
    if ground.settings.orders.enabled:
        found.append(_orders(ground).instead)
    if LEDGER in ground.pack.identity.abilities:
        found.append(_ledger(ground).instead)
    return tuple(found)


def after(ground: Ground) -> tuple[After, ...]:
    """Over what a model said."""
    found: list[After] = [_lending(ground).after] if lends(ground.pack) else []
    if ground.settings.orders.enabled:
        found.append(_orders(ground).after)
    if ground.settings.handover.enabled:
        found.append(_hand_over(ground).after)
    return tuple(found)


def _hand_over(ground: Ground) -> HandOver:
    return HandOver(ground.pack, ground.settings.handover, ground.openings, Known(ground.store))


def _ledger(ground: Ground) -> Ledger:
    return Ledger(ground.pack, ground.store, zone_of(ground.settings.hours.timezone))


def lends(pack: Pack) -> bool:
    return LENDING in pack.identity.abilities


def _lending(ground: Ground) -> Lending:
    call = _hand_over(ground).unproved if ground.settings.handover.enabled else None
    books, zone = Books(ground.store), ZoneInfo(ground.settings.hours.timezone)
    return Lending(books, Identity(ground.store), ground.pack, zone, call)


def clients(ground: Ground, clock: Clock) -> Clients | None:
    """Whom the shop's own people may ask about."""
    if not lends(ground.pack):
        return None
    zone = ZoneInfo(ground.settings.hours.timezone)
    return Clients(Books(ground.store), ground.pack, zone, clock)


def _orders(ground: Ground) -> Orders:
    return Orders(ground.store, ground.pack, ground.settings.orders)


def follow_ups(ground: Ground, clock: Clock) -> FollowUps | None:
    knobs = ground.settings.followups
    if not knobs.enabled:
        return None
    hours = opening(ground.settings.hours, {knobs.days: knobs.hours})
    return FollowUps(
        stream=ground.stream,
        store=ground.store,
        pack=ground.pack,
        knobs=knobs,
        outreach=ground.settings.outreach,
        hours=hours,
        reach=ground.reach,
        quota=quota(ground.wire, ground.settings.redis.prefix),
        clock=clock,
    )


def satisfaction(ground: Ground, clock: Clock) -> Satisfaction | None:
    knobs, outreach = ground.settings.ratings, ground.settings.followups
    if not knobs.csat:
        return None
    hours = opening(ground.settings.hours, {outreach.days: outreach.hours})
    return Satisfaction(ground.stream, ground.store, ground.pack, knobs, hours, ground.reach, clock)


def quota(wire: Wire, prefix: str) -> Quota:
    """Whom each account wrote to first, in the last 24 hours."""
    return Quota(wire, f"{prefix}:outreach", DAY_S)


def tools(settings: Settings, pack: Pack) -> tuple[Tool, ...]:
    """What a hosted model may propose."""
    offered = (
        (settings.orders.enabled, DRAFT_ORDER),
        (lends(pack), LOOK_UP),
        (settings.handover.enabled, REQUEST_PERSON),
    )
    return tuple(tool for wanted, tool in offered if wanted)
