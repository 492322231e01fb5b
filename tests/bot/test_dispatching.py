"""What a part carries, decided from its draft."""

from datetime import UTC, datetime

from msgspec import structs

from bot.channels.memory import MemoryChannel
from bot.dispatching import dispatch, part_of
from events.contents import Generation, SourceUsed
from events.happened import named
from events.vocabulary import ReplyDispatched
from tests.bot.test_sender import draft

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PASSAGES = ("Envíos › Zonas", "Envíos › Zonas", "Garantía", "Pagos")


def dispatched(*parts: str) -> ReplyDispatched:
    channel = MemoryChannel(named("shop", "test"), "memory:main")
    sources = (
        SourceUsed(kind="product", id="p", title="Mochila"),
        *(SourceUsed(kind="passage", id=str(n), title=one) for n, one in enumerate(PASSAGES)),
    )
    drafted = structs.replace(draft(channel, *parts), generation=Generation(sources=sources))
    return dispatch(drafted, lambda: NOW)


def test_the_last_part_names_the_documents_an_answer_rests_on() -> None:
    sent = dispatched("Enviamos a todo Chile.", "Tarda 10 días.")

    assert part_of(sent, 0).cites == ()
    assert part_of(sent, 1).cites == ("Envíos › Zonas", "Garantía")
