"""How each channel is, for those who look from outside: pages and commands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias, cast

from services.clock import milliseconds, now
from services.wire import Wire

State: TypeAlias = Literal["pairing", "ready", "unwell", "refused", "stopped"]


@dataclass(frozen=True, slots=True)
class Told:
    """`at` is in milliseconds; `qr` and `code` are shown while a phone is being paired."""

    state: State
    at: int
    detail: str = ""
    qr: str = ""
    code: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at / 1000, UTC)


@dataclass(frozen=True, slots=True)
class States:
    wire: Wire
    prefix: str = "aprendiz"

    async def tell(
        self, account: str, state: State, detail: str = "", *, qr: str = "", code: str = ""
    ) -> None:
        fields = {"state": state, "at": milliseconds(now()), "detail": detail, "qr": qr}
        flat = [part for pair in (fields | {"code": code}).items() for part in pair]
        await self.wire.command("HSET", self._key(account), *flat)

    async def of(self, accounts: Iterable[str]) -> dict[str, Told]:
        """Of those that have ever told."""
        found = {}
        for account in accounts:
            flat = [
                part.decode() for part in await self.wire.command("HGETALL", self._key(account))
            ]
            told = dict(zip(flat[::2], flat[1::2], strict=True))
            if told:
                found[account] = Told(
                    cast("State", told["state"]),
                    int(told["at"]),
                    told["detail"],
                    told["qr"],
                    told["code"],
                )
        return found

    async def forget(self, account: str) -> None:
        await self.wire.command("DEL", self._key(account))

    def _key(self, account: str) -> str:
        return f"{self.prefix}:channel:{{{account}}}"
