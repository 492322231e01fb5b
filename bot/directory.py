"""Under which of its names a chat is known: the first one heard, for ever.

Networks rename people and groups (a phone becomes a BSUID or a LID, a group a supergroup); our
conversations must not change with them. A phone number is given to somebody else one day: who
comes with it and another id of their own must not be shown what was said before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from services.wire import Wire, script

SAME = script("bot", "same")
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Directory:
    wire: Wire
    prefix: str = "aprendiz"
    _known: dict[tuple[str, ...], str] = field(default_factory=dict)

    async def canonical(
        self, account: str, names: Sequence[str], phones: Collection[str] = ()
    ) -> str:
        """The name that stands for them all; `names` are one chat's, the most reliable one first.
        Those among `phones` may be passed on.

        Where two of them were heard apart, each keeps its own; the first one's answer is given.
        Waits for Redis. Raises WireClosed when this process is stopping.
        """
        asked = (account, *names)
        if (known := self._known.get(asked)) is not None:
            return known
        steady = [name for name in names if name not in phones]
        ordered = [*steady, *(name for name in names if name in phones)]
        key = f"{self.prefix}:names:{account}"
        answer: bytes = await self.wire.call(SAME, [key], [len(steady), *ordered])
        canonical = answer.decode()
        if steady:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[asked] = canonical
        return canonical

    async def forget(self, account: str, names: Sequence[str]) -> int:
        """Whoever comes with one of these names is somebody new; how many were known."""
        key = f"{self.prefix}:names:{account}"
        fields = [field for name in names for field in (name, f"of {name}")]
        return int(await self.wire.command("HDEL", key, *fields)) if fields else 0
