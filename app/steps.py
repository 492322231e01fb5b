"""What decides a turn around the model: in this order, the first decision counts."""

from dataclasses import dataclass

from config.packs import Pack
from config.settings import Settings
from events.stream import Stream
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


def before(_ground: Ground) -> tuple[Before, ...]:
    """Consent, hand-over, orders: before the shop's own handlers and any model."""
    return ()


def after(_ground: Ground) -> tuple[After, ...]:
    """Orders, hand-over: over what a model said."""
    return ()
