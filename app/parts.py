"""The composition root: settings in, wired parts out. Nothing of ours is built anywhere else."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from app.backing import Backing
from app.media import media
from app.money import paid_senses
from app.noticing import notices
from app.plugins import App, ChannelFactory, Setting, find_pack, signals
from app.replying import answering, reader, router, shadow
from app.replying import history as history_of
from app.shop import set_up_shop, teach_shop
from app.steps import Ground, after, before, clients, follow_ups, instead, satisfaction
from bot.channels.base import Channel, Windowed
from bot.channels.offering import offers
from bot.composing import compose_for
from bot.gate import Gate
from bot.presence import Presence
from bot.registry import Registry
from bot.sender import Sender
from capture.recorder import Recorder
from config.packs import Pack
from config.settings import Settings
from evaluation.learned import TrainedScorers
from evaluation.scorer import Scorer
from events.claims import Claims
from events.contents import Composed
from events.happened import named
from events.partitions import Keys
from events.stream import Stream
from handlers.drafting import Drafter
from handlers.followups import FollowUps
from handlers.grading import with_thumbs
from handlers.media import Doubtful, Media
from handlers.notices import Notices
from handlers.openings import Openings
from handlers.own_data import wants_own_data
from handlers.payments import Payments
from handlers.reach import Reach, template_of
from handlers.reply import Network, Replier, as_it_is
from handlers.satisfaction import Satisfaction
from handlers.shadow import Shadow
from handlers.staff import StaffDesk
from handlers.steps import Situations
from handlers.takeover import Takeover
from handlers.turns import Turns
from handlers.word import Word
from knowledge.catalogue import Catalogue, vocabulary
from knowledge.opening import embedders
from knowledge.prompt import own_recognisers
from knowledge.search import Search
from learning.router import Router
from llm.base import LanguageModel, Sense
from services.clock import Clock, now
from services.news import News, key_of
from services.wire import Wire, connect
from store.session import IDLE_MS, Store, open_store


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything of one process, wired."""

    settings: Settings
    shop: UUID
    pack: Pack
    wire: Wire
    stream: Stream
    store: Store
    channels: Registry
    model: Router
    turns: Turns
    takeover: Takeover
    notices: Notices | None
    reach: Reach
    word: Word
    staff: StaffDesk
    payments: Payments
    media: Media
    follow_ups: FollowUps | None
    satisfaction: Satisfaction | None
    replier: Replier
    shadow: Shadow
    sender: Sender
    recorder: Recorder
    scorer: Scorer
    catalogue: Catalogue
    search: Search
    openings: Openings
    news: Callable[[UUID], News]


@asynccontextmanager
async def build(
    settings: Settings,
    backing: Backing,
    extension: App,
    factories: Mapping[str, ChannelFactory],
    *,
    clock: Clock = now,
    hearing: Sense | None = None,
) -> AsyncIterator[Parts]:
    """The parts, closed again afterwards; `factories` make the channels, by account; `hearing`
    listens to voice notes instead of the provider of the settings."""
    pack = find_pack(settings.app.pack, extension)
    wire = Wire(connect(backing.redis_url))
    pool = settings.database.pool
    store = open_store(backing.database_url, role="pipeline", pool=pool, idle_ms=IDLE_MS)
    shop = named("shop", settings.app.shop)
    channels = Registry()
    for account, factory in factories.items():
        channels.put(account, factory(Setting(shop, account, wire, settings.redis.prefix)))
    parts = _wired(settings, extension, (pack, wire, store, channels), clock, hearing)
    try:
        await set_up_shop(store, settings, pack)
        await teach_shop(store, settings, pack, parts.search.embedders)
        yield parts
    finally:
        for channel in parts.channels.values():
            await channel.close()
        await parts.model.close()
        await parts.media.close()
        await parts.search.close()
        await parts.scorer.close()
        await parts.replier.reader.close()
        await parts.openings.close()
        await wire.close()
        await store.close()


def _wired(
    settings: Settings,
    extension: App,
    made: tuple[Pack, Wire, Store, Registry],
    clock: Clock,
    hearing: Sense | None,
) -> Parts:
    pack, wire, store, channels = made
    catalogue, search = Catalogue(store, vocabulary(pack)), Search(store, embedders(settings))
    stream, compose = _stream(settings, wire), _composing(channels)
    ground = _ground(settings, made, stream, compose)
    model = router(settings, wire, store, clock)
    replier = _replier(ground, extension, (channels, model, catalogue, search), clock)
    turns = Turns(settings.turns, round(settings.media.wait_s * 1000))
    word = Word(stream, compose, settings.takeover.silence_s)
    payments = Payments(store, stream, pack, compose, clock)
    return Parts(
        settings=settings,
        shop=named("shop", settings.app.shop),
        pack=pack,
        wire=wire,
        stream=stream,
        store=store,
        channels=channels,
        model=model,
        turns=turns,
        takeover=Takeover(settings.takeover, turns.on_message),
        notices=notices(settings, pack, stream, ground.reach, clock),
        reach=ground.reach,
        word=word,
        staff=_staff_desk(ground, word, payments, compose, clock),
        media=media(settings, channels, paid_senses(settings, store, wire, clock), clock, hearing),
        follow_ups=follow_ups(ground, clock),
        satisfaction=satisfaction(ground, clock),
        payments=payments,
        replier=replier,
        shadow=shadow(ground, replier, model, clock),
        sender=_sender(settings, channels, stream, clock),
        recorder=Recorder(store, own_recognisers(pack), takeover=settings.takeover),
        scorer=Scorer(store, signals(pack, extension), clock, TrainedScorers(store)),
        catalogue=catalogue,
        search=search,
        openings=ground.openings,
        news=lambda shop: News(wire, key_of(settings.redis.prefix, shop)),
    )


def _ground(
    settings: Settings,
    made: tuple[Pack, Wire, Store, Registry],
    stream: Stream,
    compose: Callable[[str, str], Composed],
) -> Ground:
    pack, wire, store, channels = made
    reach = Reach(stream, compose, lambda account: offers(channels.get(account), Windowed))
    openings = Openings(store, settings.hours)
    return Ground(settings, pack, wire, stream, store, reach, openings)


def _stream(settings: Settings, wire: Wire) -> Stream:
    partitions = settings.events.partitions
    limit = settings.events.backlog // partitions + 1000
    return Stream(wire, Keys(settings.redis.prefix, partitions), limit)


def _staff_desk(
    ground: Ground,
    word: Word,
    payments: Payments,
    compose: Callable[[str, str], Composed],
    clock: Clock,
) -> StaffDesk:
    settings, pack, store = ground.settings.takeover, ground.pack, ground.store
    known = clients(ground, clock)
    return StaffDesk(settings, pack, store, word, payments, compose, clock, known)


def _replier(
    ground: Ground,
    extension: App,
    made: tuple[Registry, LanguageModel, Catalogue, Search],
    clock: Clock,
) -> Replier:
    settings, pack, wire, stream = ground.settings, ground.pack, ground.wire, ground.stream
    channels, model, catalogue, search = made
    history = history_of(settings, stream, ground.store)
    return Replier(
        reader=reader(ground, catalogue, history, search),
        answering=answering(ground, model),
        drafter=Drafter(pack, ground.reach.compose),
        custom=tuple(extension.replies),
        clock=clock,
        network=_network(channels, wire, settings),
        situations=Situations(wire, stream.keys),
        owed=wants_own_data,
        before=before(ground),
        instead=instead(ground),
        after=after(ground),
        remark=Doubtful(pack, settings.media.sure).remark,
        dressed=with_thumbs if settings.ratings.buttons else as_it_is,
    )


def _composing(channels: Registry) -> Callable[[str, str], Composed]:
    return lambda account, text: compose_for(channels.get(account), text)


def _network(channels: Mapping[str, Channel], wire: Wire, settings: Settings) -> Network:
    presence = Presence(channels, Gate(wire, settings.redis.prefix, patience_s=0))
    return Network(presence.writing, presence.window_s, template_of(settings.outreach.template))


def _sender(settings: Settings, channels: Registry, stream: Stream, clock: Clock) -> Sender:
    gate = Gate(stream.wire, settings.redis.prefix)
    return Sender(channels, Claims(stream), gate, clock, settings.turns.replies_per_minute)
