"""What decides a turn around the model: in this order, the first decision counts."""

from collections.abc import Callable
from dataclasses import dataclass

from config.packs import Pack
from config.settings import Settings
from events.contents import Composed
from events.stream import Stream
from handlers.consent import Consent
from handlers.media import Doubtful
from handlers.orders import Orders
from handlers.steps import After, Before
from services.wire import Wire
from store.session import Store


@dataclass(frozen=True, slots=True)
class Ground:
    """What a step may be built from."""

    settings: Settings
    pack: Pack
    wire: Wire
    stream: Stream
    store: Store
    compose: Callable[[str, str], Composed]


def before(ground: Ground) -> tuple[Before, ...]:
    """Before the shop's own handlers and any model."""
    found: list[Before] = [Consent(ground.pack).before]
    if ground.settings.orders.enabled:
        found.append(_orders(ground).before)
    found.append(Doubtful(ground.pack, ground.settings.media.sure).before)
    return tuple(found)


def instead(ground: Ground) -> tuple[Before, ...]:
    """Instead of a model, where the shop's own handlers have nothing to say."""
    return (_orders(ground).instead,) if ground.settings.orders.enabled else ()


def after(ground: Ground) -> tuple[After, ...]:
    """Over what a model said."""
    return (_orders(ground).after,) if ground.settings.orders.enabled else ()


def _orders(ground: Ground) -> Orders:
    return Orders(ground.store, ground.pack, ground.settings.orders)
