"""What decides a turn around the model: in this order, the first decision counts."""

from dataclasses import dataclass

from config.packs import Pack
from config.settings import Settings
from events.stream import Stream
from handlers.consent import Consent
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


def before(ground: Ground) -> tuple[Before, ...]:
    """Before the shop's own handlers and any model."""
    return (Consent(ground.pack).before,)


def after(_ground: Ground) -> tuple[After, ...]:
    """Orders, hand-over: over what a model said."""
    return ()
