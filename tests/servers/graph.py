"""A Graph API on this machine: strict about what it takes, telling what became of it."""

import asyncio
import hashlib
import hmac
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.graph_customers import ANA, Customer, Json, Number, webhook
from tests.servers.graph_faults import UNAUTHORIZED, UNKNOWN_OBJECT, WINDOW, Fault, error
from tests.servers.graph_files import Files
from tests.servers.graph_rules import wrong_with
from tests.servers.graph_webhook import Webhook

TOKEN = "EAAtestTOKENofTheLoopbackServer000000000000000"
APP_SECRET = "loopback-app-secret"
VERIFY_TOKEN = "loopback-verify-token"
DAY_S = 24 * 3600


@dataclass
class GraphApi:
    """`wrong` collects what the rules say about our calls; tests expect it empty. `tells` are the
    statuses every accepted message gets, in the order they are posted."""

    token: str = TOKEN
    app_secret: str = APP_SECRET
    verify_token: str = VERIFY_TOKEN
    number: Number = field(default_factory=Number)
    clock: Callable[[], float] = time.time
    windowed: bool = False
    tells: tuple[str, ...] = ()
    url: str = ""
    sent: list[Json] = field(default_factory=list)
    receipts: list[Json] = field(default_factory=list)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    files: Files = field(default_factory=Files)
    hook: Webhook | None = None
    _customers: dict[str, Customer] = field(default_factory=dict)
    _heard: dict[str, float] = field(default_factory=dict)
    _faults: dict[str, list[tuple[str | None, Fault]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _later: list[int] = field(default_factory=list)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _said: int = 0

    # What a test does

    async def subscribe(self, url: str) -> Webhook:
        """Posts to this address from now on, once it has shown that it knows the verify token."""
        self.hook = Webhook(url, self.app_secret)
        assert await self.hook.verify(self.verify_token) == (200, True)
        return self.hook

    def customer_says(self, text: str, customer: Customer = ANA, **fields: object) -> str:
        message = self.message(customer, "text", {"body": text}, **fields)
        self.post(customer, messages=[message])
        return str(message["id"])

    def message(self, customer: Customer, kind: str, content: Json, **fields: object) -> Json:
        """A message a customer has written now; nobody is told of it yet."""
        self._said += 1
        for name in (customer.wa_id, customer.bsuid):
            if name is not None:
                self._heard[name], self._customers[name] = self.clock(), customer
        wamid = f"wamid.in.{self.number.phone_id}.{self._said}"
        return customer.message(wamid, self.clock(), kind, content, **fields)

    def post(self, customer: Customer, **lists: list[Json]) -> None:
        self.push(webhook(self.number.entry(self.number.value(customer, **lists))), customer)

    def echo(self, text: str, customer: Customer = ANA) -> str:
        """Somebody of the shop writes to the customer from the phone app."""
        self._said += 1
        wamid = f"wamid.echo.{self._said}"
        whom = {"to": customer.wa_id} if customer.wa_id else {"to_user_id": customer.bsuid}
        said = {"id": wamid, "timestamp": str(int(self.clock())), "type": "text"}
        body = {"from": self.number.display, **whom, **said, "text": {"body": text}}
        value = self.number.value(customer, message_echoes=[body])
        self.push(webhook(self.number.entry(value, "smb_message_echoes")), customer)
        return wamid

    def push(self, body: Json, customer: Customer = ANA) -> None:
        assert self.hook is not None, "nobody has subscribed"
        self.hook.put(body, customer.address)

    def fail(self, what: str, *faults: Fault, to: str | None = None) -> None:
        """The next calls of "messages", "media", "number", "file" or "receipt" go wrong."""
        self._faults[what] += [(to, fault) for fault in faults]

    def fail_later(self, *codes: int) -> None:
        """The next messages are accepted, and then reported as failed."""
        self._later += codes

    def texts(self) -> list[str]:
        return [body["text"]["body"] for body in self.sent if body["type"] == "text"]

    async def end(self) -> None:
        self._ended.set()
        if self.hook is not None:
            await self.hook.close()

    # What the network does

    async def get(self, request: web.Request) -> web.StreamResponse:
        node = request.match_info["node"]
        if node == self.number.phone_id:
            return await self._reply(request, "number", lambda: self._number(request.query))
        return await self._reply(request, "file", lambda: self.files.described(node, self.url))

    async def file(self, request: web.Request) -> web.StreamResponse:
        found = self.files.kept.get(request.match_info["ref"])
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _failed(UNAUTHORIZED)
        fault = self._fault("bytes", "")
        if fault is not None:
            return await self._fail(request, fault)
        return web.Response(status=404) if found is None else web.Response(body=found.data)

    async def messages(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.wrong += (found := wrong_with(body))
        if "status" in body:
            return await self._reply(request, "receipt", lambda: self._read(body), body)
        if found:
            return _failed(error(131009, found[0]))
        return await self._reply(request, "messages", lambda: self._accept(body), body)

    async def media(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        return await self._reply(
            request, "media", lambda: self.files.upload(dict(form)), dict(form)
        )

    async def _reply(
        self,
        request: web.Request,
        what: str,
        does: Callable[[], Json | Fault],
        body: Any = None,  # noqa: ANN401  JSON
    ) -> web.StreamResponse:
        self.calls.append((what, body))
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _failed(UNAUTHORIZED)
        if request.match_info["node"] != self.number.phone_id and what != "file":
            return _failed(UNKNOWN_OBJECT)
        fault = self._fault(what, _whom(body))
        if fault is None or fault.happens:
            result = does()
            if isinstance(result, Fault):
                return _failed(result)
            if fault is None:
                return web.json_response(result)
        return await self._fail(request, fault)

    def _fault(self, what: str, whom: str) -> Fault | None:
        for number, (to, fault) in enumerate(self._faults[what]):
            if to in (None, whom):
                del self._faults[what][number]
                return fault
        return None

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.hangs:
            await self._ended.wait()
        if fault.resets and request.transport is not None:
            request.transport.abort()
        return _failed(fault)

    def _number(self, query: Mapping[str, str]) -> Json | Fault:
        signed = hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256)
        if query.get("appsecret_proof", signed.hexdigest()) != signed.hexdigest():
            return error(100, "Invalid appsecret_proof provided in the API argument")
        known = {"verified_name": "Tienda", "display_phone_number": self.number.display}
        return known | {"id": self.number.phone_id}

    def _accept(self, body: Json) -> Json | Fault:
        whom = _whom(body)
        open_since = self._heard.get(whom, float("-inf"))
        if self.windowed and body["type"] != "template" and self.clock() > open_since + DAY_S:
            return WINDOW
        wamid = f"wamid.out.{self.number.phone_id}.{len(self.sent) + 1}"
        self.sent.append({**body, "id": wamid})
        self._tell(whom, wamid, body.get("biz_opaque_callback_data"))
        known = {"wa_id": whom} if "to" in body else {"user_id": whom}
        contacts = [{"input": whom, **known}]
        return {
            "messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": wamid}],
        }  # fmt: skip

    def _tell(self, whom: str, wamid: str, tracker: str | None) -> None:
        """What becomes of a message is told later, and apart."""
        if self.hook is None:
            return
        stranger = Customer(whom, None) if whom.isdecimal() else Customer(None, whom)
        customer = self._customers.get(whom, stranger)
        code = self._later.pop(0) if self._later else None
        more: Json = {} if tracker is None else {"biz_opaque_callback_data": tracker}
        if code is not None:
            more["errors"] = [{"code": code, "title": "failed", "message": "failed"}]
        for state in self.tells if code is None else ("failed",):
            status = customer.status(wamid, self.clock(), state, **more)
            self.post(customer, statuses=[status])

    def _read(self, body: Json) -> Json:
        self.receipts.append(body)
        return {"success": True}


def _whom(body: object) -> str:
    return str(body.get("to") or body.get("recipient") or "") if isinstance(body, dict) else ""


def _failed(fault: Fault) -> web.Response:
    if isinstance(fault.body, dict):
        return web.json_response(fault.body, status=fault.status)
    return web.Response(body=fault.body, status=fault.status, content_type="text/html")


@asynccontextmanager
async def serving(api: GraphApi) -> AsyncIterator[GraphApi]:
    app = web.Application(client_max_size=100 * 1024**2)
    app.router.add_get("/files/{ref}", api.file)
    app.router.add_get("/{version}/{node}", api.get)
    app.router.add_post("/{version}/{node}/messages", api.messages)
    app.router.add_post("/{version}/{node}/media", api.media)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield api
    finally:
        await api.end()
        await runner.cleanup()
