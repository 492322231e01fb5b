"""Under which of its names a chat is known: the first one heard, for ever.

Networks rename people and groups (a phone becomes a BSUID or a LID, a group a supergroup); our
conversations must not change with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.wire import Wire, script

SAME = script("bot", "same")
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Directory:
    wire: Wire
    prefix: str = "aprendiz"
    _known: dict[tuple[str, ...], str] = field(default_factory=dict)

    async def canonical(self, account: str, names: Sequence[str]) -> str:
        """The name that stands for them all; `names` are one chat's, the most reliable one first.

        Where two of them were heard apart, each keeps its own; the first one's answer is given.
        Waits for Redis. Raises WireClosed when this process is stopping.
        """
        asked = (account, *names)
        if (known := self._known.get(asked)) is not None:
            return known
        answer: bytes = await self.wire.call(SAME, [f"{self.prefix}:names:{account}"], list(names))
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[asked] = canonical = answer.decode()
        return canonical
