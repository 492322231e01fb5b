"""Where any process leaves its wishes for the one that holds the session.

A wish is taken once, ever: one whose answer is lost has perhaps been granted, and stays so.
Nothing blocks here: whoever waits asks again, a little later each time.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec

from bot.channels.whatsapp.protocol import Ended, Wish, packed, unpacked
from services.wire import Wire, script

ASK, TAKE, WITHDRAW = (
    script("bot", name) for name in ("whatsapp_ask", "whatsapp_take", "whatsapp_withdraw")
)
KEPT_S, FILE_S, OURS_S = 2 * 24 * 3600, 120, 30 * 24 * 3600
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.01, 0.2
SLACK_S = 10
CHUNK = 1 << 18
AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Requests:
    wire: Wire
    prefix: str
    account: str

    # Whoever wishes

    async def ask(self, wish: Wish, *, patience_s: float, deadline_s: float) -> Ended:
        """How it ended. "later" with no holder within `patience_s`; "unknown" with no answer within
        `deadline_s` of one."""
        loop = asyncio.get_running_loop()
        began, pause = loop.time(), FIRST_PAUSE_S
        keys = self._keys(wish.request)
        # Whoever dies while asking must not have its answer sent an hour later.
        ttl_s = round(patience_s) + SLACK_S
        state, answer = await self.wire.call(ASK, keys, [wish.request, packed(wish), ttl_s])
        while state != b"ended":
            waited = loop.time() - began
            if state == b"waiting" and waited >= patience_s:
                state, answer = await self.wire.call(WITHDRAW, keys, [wish.request])
                if state is None:
                    return Ended(request=wish.request, how="later")
            elif state is None or waited >= deadline_s:
                return Ended(request=wish.request, how="unknown", text="no answer came")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_S)
            state, answer = await self.wire.command("HMGET", keys[0], "state", "answer")
        return msgspec.msgpack.decode(answer, type=Ended)

    async def leave(self, wish: Wish) -> None:
        """Nobody waits for it."""
        await self.wire.call(ASK, self._keys(wish.request), [wish.request, packed(wish), SLACK_S])

    async def chunks(self, end: Ended) -> AsyncIterator[bytes]:
        """A file that was fetched; it stays for two minutes."""
        for number in range(int(end.text)):
            chunk = await self.wire.command("GET", self._chunk(end.request, number))
            if chunk is None:
                return
            yield chunk

    # Whoever holds the session

    async def waiting(self) -> list[str]:
        found = await self.wire.command("LRANGE", self._of("waiting"), 0, AT_ONCE - 1)
        return [key.decode() for key in found]

    async def take(self, key: str, holder: str) -> Wish | None:
        body = await self.wire.call(TAKE, self._keys(key), [key, holder, KEPT_S])
        return None if body is None else unpacked(body)

    async def answer(self, end: Ended) -> None:
        again = int(end.how == "later")
        body = msgspec.msgpack.encode(end)
        key, _ = self._keys(end.request)
        await self.wire.command("HSET", key, "state", "ended", "again", again, "answer", body)
        await self.wire.command("EXPIRE", key, KEPT_S)

    async def put_file(self, request: str, contents: bytes) -> int:
        """Gives the number of its chunks."""
        pieces = [contents[at : at + CHUNK] for at in range(0, len(contents), CHUNK)]
        for number, piece in enumerate(pieces):
            await self.wire.command("SET", self._chunk(request, number), piece, "EX", FILE_S)
        return len(pieces)

    # What we have sent, under the ids WhatsApp gave it

    async def remember(self, id_: str, part: str) -> None:
        await self.wire.command("SET", self._of(f"sent:{id_}"), part, "EX", OURS_S)

    async def ours(self, ids: list[str]) -> dict[str, str]:
        if not ids:
            return {}
        parts = await self.wire.command("MGET", *(self._of(f"sent:{id_}") for id_ in ids))
        return {id_: part.decode() for id_, part in zip(ids, parts, strict=True) if part}

    def _of(self, what: str) -> str:
        return f"{self.prefix}:whatsapp:{{{self.account}}}:{what}"

    def _keys(self, request: str) -> tuple[str, str]:
        return self._of(f"wish:{request}"), self._of("waiting")

    def _chunk(self, request: str, number: int) -> str:
        return self._of(f"file:{request}:{number}")
