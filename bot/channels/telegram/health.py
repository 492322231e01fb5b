"""Watches the calls of a Telegram account: tells how it is, and where its groups moved to."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import structlog

from bot.channels.base import NotStored
from bot.channels.fields import name_of, table, whole, words
from bot.channels.telegram.transport import (
    AnswerLost,
    Files,
    Migrated,
    Taken,
    Transport,
    Troubled,
    Unauthorized,
    Unreached,
)
from bot.directory import Directory
from bot.states import State, States
from bot.telling import Teller
from services.wire import WireClosed

log = structlog.get_logger()

RECEIVING = frozenset({"getMe", "deleteWebhook", "setWebhook", "getUpdates", "getWebhookInfo"})


class Watched:
    """A transport that tells about itself; nothing it tells ever holds up a call.

    A send that fails says little about the channel, unless it is the token that was refused.
    """

    def __init__(
        self,
        transport: Transport,
        account: str,
        *,
        directory: Directory | None = None,
        states: States | None = None,
    ) -> None:
        self._transport = transport
        self._account = account
        self._directory = directory
        self._teller = Teller(account, states)

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        timeout_s: float,
        files: Files | None = None,
    ) -> Any:  # noqa: ANN401  JSON, as it came
        try:
            answer = await self._transport.call(method, params, timeout_s=timeout_s, files=files)
        except Unauthorized as refusal:
            self.tell("refused", str(refusal))
            raise
        except Migrated as moved:
            self._learn_later(name_of(params.get("chat_id")), moved.chat)
            raise
        except (Taken, Troubled, Unreached, AnswerLost) as trouble:
            if method in RECEIVING:
                self.tell("unwell", str(trouble))
            raise
        self._rejoice(method)
        return answer

    async def download(self, path: str, *, timeout_s: float) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._transport.download(path, timeout_s=timeout_s)) as chunks:
            async for chunk in chunks:
                yield chunk

    def _rejoice(self, method: str) -> None:
        """Whoever does not receive has nothing to say, but to take back what it said itself."""
        receives = method in RECEIVING - {"getMe", "getWebhookInfo"}
        said = self._teller.said
        if receives or said("refused") or (method == "getMe" and said("unwell")):
            self.tell("ready")

    async def first_known(self, groups: tuple[str, ...]) -> str | None:
        """The id that stands for them all. Waits for Redis; raises NotStored when we stop."""
        if self._directory is None or not groups:
            return None
        try:
            return await self._directory.canonical(self._account, groups)
        except WireClosed as closed:
            raise NotStored("this process is stopping") from closed

    def _learn_later(self, old: str | None, new: str) -> None:
        """Its conversations stay the ones they are, also when Telegram's notice never came."""
        if self._directory is not None and old is not None:
            self._teller.begin(self._learn(self._directory, old, new))

    async def _learn(self, directory: Directory, old: str, new: str) -> None:
        try:
            await directory.canonical(self._account, [old, new])
        except WireClosed:
            log.debug("telegram.not_learnt", account=self._account, old=old, new=new)

    def tell(self, state: State, detail: str = "") -> None:
        self._teller.tell(state, detail)

    async def settled(self) -> None:
        await self._teller.settled()

    async def close(self) -> None:
        await self._teller.close()
        await self._transport.close()


def wrong_with(info: object, url: str, heard: int) -> str | None:
    """What is wrong with our webhook; `heard` is the last failure we know of, in its seconds."""
    told = table(info)
    if (words(told.get("url"), len(url) + 1) or "") != url:
        return "Telegram does not call our address any more: another bot uses the token"
    failed = whole(told.get("last_error_date")) or 0
    reason = words(told.get("last_error_message")) or "no reason given"
    return f"Telegram could not call us: {reason}" if failed > heard else None
