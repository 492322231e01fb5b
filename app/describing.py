"""The contract of the API, made of its routes: nothing is connected to for it."""

from typing import Any

from pydantic import SecretStr

from app.plugins import find_pack, load
from bot.channels.web import WebChannel
from config.settings import Settings
from evaluation.seen import Seen
from events.contents import Composed
from events.forgetting import Forgetting
from events.happened import named
from events.partitions import Keys
from events.stream import Stream
from events.vocabulary import ReplyDrafted
from handlers.pausing import Pause
from handlers.payments import Payments
from handlers.word import Word
from jobs.rights import Rights
from knowledge.extraction import Reader
from knowledge.ingest import Ingest
from knowledge.opening import caps
from services.passwords import Passwords
from services.wire import Wire, connect
from store.session import open_store
from web.api.allowance import Allowance
from web.api.areas import areas
from web.api.contract import of_areas
from web.api.cursors import Cursors
from web.api.house import House
from web.api.means import Means
from web.api.near import Near
from web.api.repeating import Repeats
from web.chatting import Chatting
from web.entering import Doorman
from web.limits import Limit
from web.live import Lines
from web.sessions import Sessions
from web.tries import Tries

NOWHERE = "127.0.0.1:1"


def described(settings: Settings) -> dict[str, Any]:
    pack = find_pack(settings.app.pack, load(settings.app.plugins))
    store = open_store(f"postgresql://nobody@{NOWHERE}/nothing", role="web")
    wire, prefix = Wire(connect(f"redis://{NOWHERE}")), settings.redis.prefix
    house = House(
        store=store,
        wire=wire,
        shop=named("shop", settings.app.shop),
        shop_name=pack.identity.shop.name,
        pack=pack,
        prefix=prefix,
        cursors=Cursors(b""),
        repeats=Repeats(wire, prefix),
        allowance=Allowance(wire, prefix, settings.web.api_per_minute),
        still=_never,
    )
    means = Means(
        settings=settings,
        ingest=Ingest(store, Reader(caps(settings.knowledge))),
        offer=_never,
        ask=_nothing,
    )
    stream = Stream(wire, Keys(prefix, 1))
    channel, limit = WebChannel(wire, house.shop, "web:main", prefix), Limit(wire, prefix, 1, 1)
    near = Near(
        word=Word(stream, _as_it_is, 0),
        payments=Payments(store, stream, pack, _as_it_is),
        pause=Pause(wire, stream.keys, house.shop),
        lines=Lines(wire),
        terms=Seen(),
        budget=settings.budget,
        rights=Rights(store, house.shop, Forgetting(stream)),
        var=settings.app.var,
        chatting=Chatting(house.shop, channel, _never, limit, limit),
        doorman=Doorman(
            Sessions(store, house.shop, house.shop_name, SecretStr(""), b""),
            Passwords(),
            Tries(wire, prefix),
            limit,
        ),
    )
    return of_areas(areas(house, near, settings.hours, means))


async def _never(_asked: object) -> bool:
    return False


async def _nothing(_question: str) -> ReplyDrafted | None:
    return None


def _as_it_is(_account: str, text: str) -> Composed:
    return Composed(parts=(text,))
