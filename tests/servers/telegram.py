"""A Bot API on this machine, with the real one's rules of acknowledgement."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.telegram_faults import NOT_FOUND, UNAUTHORIZED, Fault, migrated, refused
from tests.servers.telegram_files import Files
from tests.servers.telegram_messages import ME, Messages
from tests.servers.telegram_spec import Spec
from tests.servers.telegram_updates import Poll, Updates
from tests.servers.telegram_webhook import Webhook

TOKEN = "42:AAtestTOKEN_of-the-loopback-server00000"


@dataclass
class BotApi:
    """`wrong` collects what the oracle says about calls and objects; tests expect it empty.

    A file that is uploaded is its name and its contents among the parameters of its call.

    `moved` are the groups that became supergroups: nothing reaches them under their old id.
    """

    token: str = TOKEN
    spec: Spec | None = None
    clock: Callable[[], float] = time.time
    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    webhook: Webhook | None = None
    files: Files = field(default_factory=Files)
    moved: dict[str, int] = field(default_factory=dict)
    messages: Messages = field(init=False)
    updates: Updates = field(init=False)
    _poll: Poll = field(init=False)
    _faults: dict[str, list[tuple[str | None, Fault]]] = field(init=False)
    _calling: asyncio.Task[None] | None = None
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _said: int = 0

    def __post_init__(self) -> None:
        self.messages = Messages(self.clock, lambda: self._said)
        self.updates = Updates(self.clock)
        self._poll = Poll(self.updates)
        self._faults = defaultdict(list)

    # What a test does

    async def push(self, kind: str, body: dict[str, Any], *, check: bool = True) -> int | None:
        if self.spec and check:
            self.wrong += self.spec.thing("Update", {"update_id": 1, kind: body})
        return await self.updates.add(kind, body)

    async def customer_says(self, text: str, chat: int = 7, **fields: Any) -> int:  # noqa: ANN401  an update may hold anything
        person = {"id": chat, "is_bot": False, "first_name": f"Customer {chat}"}
        self._said += 1
        message = {
            "message_id": self._said,
            "date": int(self.clock()),
            "chat": {"id": chat, "type": "private", "first_name": person["first_name"]},
            "from": person,
            "text": text,
            **fields,
        }
        number = await self.push("message", message)
        assert number is not None
        return number

    def fail(self, method: str, *faults: Fault, chat: str | None = None) -> None:
        """The next calls of a method (to a chat) go wrong, in this order."""
        self._faults[method] += [(chat, fault) for fault in faults]

    @property
    def sent(self) -> list[dict[str, Any]]:
        return self.messages.sent

    @property
    def unconfirmed(self) -> list[int]:
        return sorted(self.updates.waiting)

    def called(self, method: str) -> list[dict[str, Any]]:
        return [params for name, params in self.calls if name == method]

    async def end(self) -> None:
        self._ended.set()
        await self._delete_webhook({})

    # What the network does

    async def file(self, request: web.Request) -> web.StreamResponse:
        stranger = self._stranger(request)
        return stranger or await self.files.give(request.match_info["path"], request)

    def _stranger(self, request: web.Request) -> web.Response | None:
        if request.match_info["token"] == self.token:
            return None
        fits = re.fullmatch(r"\d+:[\w-]{30,}", request.match_info["token"])
        return _failed(UNAUTHORIZED if fits else NOT_FOUND)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if (stranger := self._stranger(request)) is not None:
            return stranger
        method = request.match_info["method"]
        params: dict[str, Any] = {**request.query}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                with value.file as sent:
                    params[name] = (value.filename, sent.read())
            else:
                params[name] = value
        self.calls.append((method, params))
        if self.spec:
            self.wrong += self.spec.call(method, params)
        fault = self._fault(method, params)
        if fault is None or fault.happens:
            result = await self._do(method, params)
            if isinstance(result, Fault):
                return _failed(result)
            if fault is None or fault.adds is not None:
                return self._succeeded(method, result, fault)
        assert fault is not None
        return await self._fail(request, fault)

    def _fault(self, method: str, params: dict[str, Any]) -> Fault | None:
        for number, (chat, fault) in enumerate(self._faults[method]):
            if chat in (None, str(params.get("chat_id"))):
                del self._faults[method][number]
                return fault
        return None

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.hangs:
            await self._ended.wait()
        if fault.resets and request.transport is not None:
            request.transport.abort()
        return _failed(fault)

    def _succeeded(self, method: str, result: Any, fault: Fault | None) -> web.Response:  # noqa: ANN401  JSON
        if self.spec:
            self.wrong += self.spec.answer(method, result)
        if fault is not None:
            result = {**result, **(fault.adds or {})}
        return web.json_response({"ok": True, "result": result})

    async def _do(self, method: str, params: dict[str, Any]) -> Any:  # noqa: ANN401  JSON
        known = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "getFile": self.files.about,
            "answerCallbackQuery": self._nod,
            "sendChatAction": self._nod,
            **self.messages.methods,
        }
        if (new := self.moved.get(str(params.get("chat_id")))) is not None:
            return migrated(new)
        return await known[method](params) if method in known else NOT_FOUND

    async def _get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        return ME | dict.fromkeys(("can_join_groups", "supports_inline_queries"), True)

    async def _nod(self, _: dict[str, Any]) -> bool:
        return True

    async def _get_updates(self, params: dict[str, Any]) -> list[dict[str, Any]] | Fault:
        if self.webhook is not None:
            active = "Conflict: can't use getUpdates method while webhook is active"
            return refused(409, f"{active}; use deleteWebhook to delete the webhook first")
        if params.get("allowed_updates"):
            self.updates.allow(json.loads(params["allowed_updates"]))
        numbers = {name: int(params.get(name) or 0) for name in ("offset", "limit", "timeout")}
        limit, timeout_s = min(numbers["limit"] or 100, 100), min(numbers["timeout"], 50)
        found = await self._poll.run(numbers["offset"], limit, timeout_s)
        other = "Conflict: terminated by other getUpdates request; make sure that only one bot"
        return refused(409, f"{other} instance is running") if found is None else found

    async def _set_webhook(self, params: dict[str, Any]) -> bool:
        await self._delete_webhook(params)
        if params.get("allowed_updates"):
            self.updates.allow(json.loads(params["allowed_updates"]))
        self.webhook = Webhook(self.updates, params["url"], params.get("secret_token"))
        self._calling = asyncio.create_task(self.webhook.run())
        return True

    async def _webhook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        info = {"has_custom_certificate": False, "pending_update_count": len(self.unconfirmed)}
        told = {"url": ""} if self.webhook is None else self.webhook.told()
        return {**info, **told}

    async def _delete_webhook(self, params: dict[str, Any]) -> bool:
        if params.get("drop_pending_updates") == "true":
            self.updates.waiting.clear()
        if self._calling is not None:
            self._calling.cancel()
            with suppress(asyncio.CancelledError):
                await self._calling
        self.webhook = self._calling = None
        return True


def _failed(fault: Fault) -> web.Response:
    if isinstance(fault.body, dict):
        return web.json_response(fault.body, status=fault.status)
    return web.Response(body=fault.body, status=fault.status, content_type="text/html")


@asynccontextmanager
async def serving(api: BotApi) -> AsyncIterator[BotApi]:
    app = web.Application(client_max_size=50 * 1024**2)
    app.router.add_route("*", "/bot{token}/{method}", api.answer)
    app.router.add_get("/file/bot{token}/{path:.*}", api.file)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        await api.end()
        await runner.cleanup()
