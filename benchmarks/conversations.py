"""What the measured customers say: short conversations of which every message gets one answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from benchmarks.place import ACCOUNT, SHOP
from bot.channels.memory import MemoryChannel
from events.happened import caused_by, named
from events.vocabulary import MessageReceived

SCRIPTS = (
    (
        "hola",
        "¿cuánto cuesta la mochila urbana azul?",
        "¿y el envío a Concepción?",
        "ya, la quiero",
    ),
    ("¿tienen audífonos bluetooth?", "¿cuánto valen?", "muy caros, no me sirve", "gracias igual"),
    ("buenas tardes", "busco un termo de acero", "perfecto, justo lo que buscaba", "¿cómo pago?"),
    ("¿hacen envíos a regiones?", "¿cuánto demora?", "eso no fue lo que pregunté", "ok, gracias"),
    ("quiero ver una foto del bolso de viaje", "¿tienen stock?", "genial", "mi fono es 987654321"),
    ("hola, ¿qué medios de pago aceptan?", "¿y transferencia?", "no entiendo", "ah, ya entendí"),
    (
        "¿precio del tazón cerámico?",
        "me llevo dos 👍",
        "¿llega mañana?",
        "excelente, muchas gracias",
    ),
)
TURNS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A message and the id of the one answer it deserves."""

    event: MessageReceived
    answer: bytes


@dataclass(slots=True)
class Customers:
    """Makes the messages of conversations that nobody held before."""

    run: str = field(default_factory=lambda: uuid4().hex[:6])
    _network: MemoryChannel = field(
        default_factory=lambda: MemoryChannel(named("shop", SHOP), ACCOUNT)
    )

    def line(self, conversation: int, turn: int) -> Line:
        chat = f"{self.run}-{conversation}"
        text = SCRIPTS[conversation % len(SCRIPTS)][turn]
        event = self._network.message(chat, text, key=f"{chat}-{turn}")
        return Line(event, reply_to(event.id).bytes)

    def crowd(self, messages: int, at_once: int) -> Iterator[Line]:
        """Many conversations side by side; a fourth of the messages are the first of theirs."""
        for number in range(messages):
            turn, chat = divmod(number, at_once)
            turn += chat % TURNS
            yield self.line(chat + at_once * (turn // TURNS), turn % TURNS)


def reply_to(message: UUID) -> UUID:
    """A turn of one message has revision 1."""
    return caused_by(caused_by(message, "turn"), "reply:1")
