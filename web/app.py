"""The web application, put together from its parts. No address here is built from user input."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from fastapi import Depends, FastAPI
from fastapi.responses import RedirectResponse, Response
from fastapi.sse import EventSourceResponse
from pydantic import SecretStr

from bot.channels.base import Hook, Ingest
from bot.channels.web import WebChannel
from config.packs import Pack
from handlers.payments import Payments
from handlers.word import Word
from services.files import Files as KeptFiles
from services.wire import Wire
from store.session import Store
from web.api.conversations import ConversationsApi
from web.limits import Limit
from web.live import Changes, Lines
from web.pages.chat import Chat
from web.pages.conversations import Conversations
from web.pages.entry import Entry
from web.pages.files import Files
from web.pages.health import Health
from web.pages.orders import Orders
from web.pages.rows import Rows, version_of
from web.pages.webhooks import Hooks, Webhooks
from web.refusals import add_refusals
from web.rendering import Pages
from web.security import BodyLimits, Guard, Keyring, KnownHosts, SameOrigin, Shielded

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
Endpoint: TypeAlias = Callable[..., Any]


def _nobody(_path: str) -> Sequence[Hook]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    """`hosts` are the names a browser may call us by; `hooks` answer the networks' own calls."""

    store: Store
    wire: Wire
    channel: WebChannel
    ingest: Ingest
    shop: UUID
    shop_name: str
    key: SecretStr
    pack: Pack
    word: Word
    payments: Payments
    media: KeptFiles
    hosts: tuple[str, ...] = LOOPBACK
    hooks: Hooks = _nobody


def build(parts: WebParts) -> FastAPI:
    """`app.state.close_streams` ends every open stream, so that the server can stop."""
    keys = f"{parts.channel.prefix}:web:limit:api"
    guard = Guard(Keyring(parts.key), Limit(parts.wire, keys, 20, 15 * 60))
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        dependencies=[Depends(guard)],
    )
    pages = Pages({"shop_name": parts.shop_name})
    lines = Lines(parts.wire.redis)
    rows = _rows(parts, pages, guard)
    app.state.close_streams = _both(lines.close, rows.changes.close)
    _add_public(app, parts, pages)
    _add_chat(app, _chat(parts, pages, lines, guard))
    _add_rows(app, rows)
    _add_conversations(app, Conversations(pages, parts.store, parts.shop, parts.word))
    _add_orders(app, Orders(pages, parts.store, parts.shop, parts.payments, parts.media))
    _add_api(app, parts)
    add_refusals(app, pages)
    app.add_middleware(BodyLimits)
    app.add_middleware(SameOrigin)
    app.add_middleware(KnownHosts, hosts=parts.hosts)
    app.add_middleware(Shielded)
    return app


def _both(one: Callable[[], None], other: Callable[[], None]) -> Callable[[], None]:
    def both() -> None:
        one()
        other()

    return both


def _chat(parts: WebParts, pages: Pages, lines: Lines, guard: Guard) -> Chat:
    key = f"{parts.channel.prefix}:web:limit"
    return Chat(
        pages=pages,
        channel=parts.channel,
        ingest=parts.ingest,
        store=parts.store,
        lines=lines,
        photo_name={article.sku: article.name for article in parts.pack.products}.get,
        per_chat=Limit(parts.wire, f"{key}:chat", 20, 60),
        per_address=Limit(parts.wire, f"{key}:address", 120, 60),
        signs=Limit(parts.wire, f"{key}:signs", 60, 60),
        guard=guard,
    )


def _rows(parts: WebParts, pages: Pages, guard: Guard) -> Rows:
    changes = Changes(partial(version_of, parts.store, parts.shop))
    categories = parts.pack.identity.categories
    return Rows(pages, parts.store, parts.shop, changes, guard, categories)


def _add_public(app: FastAPI, parts: WebParts, pages: Pages) -> None:
    async def home() -> Response:
        return RedirectResponse("/chat", 307)

    tries = Limit(parts.wire, f"{parts.channel.prefix}:web:limit:key", 5, 15 * 60)
    entry = Entry(pages, Keyring(parts.key), tries)
    files, health = Files(parts.pack), Health(parts.wire, parts.store)
    _get(app, "/", home)
    _get(app, "/entrar", entry.show)
    _post(app, "/entrar", entry.enter)
    _post(app, "/salir", entry.leave)
    _post(app, "/tema", entry.theme)
    _get(app, "/static/{version}/{name:path}", files.static)
    for path in ("/fotos/{sku}.svg", "/photos/{sku}.svg"):
        _get(app, path, files.photo)
    _get(app, "/salud", health.alive)
    _get(app, "/listo", health.ready)
    webhooks = Webhooks(parts.hooks)
    _post(app, "/telegram/{path}", webhooks.receive)
    app.add_api_route(
        "/whatsapp/{path}", webhooks.receive, methods=["GET", "POST"], response_model=None
    )


def _add_chat(app: FastAPI, chat: Chat) -> None:
    _get(app, "/chat", chat.show)
    _post(app, "/chat/messages", chat.send)
    _post(app, "/chat/typing", chat.typing)
    _post(app, "/chat/new", chat.renew)
    _stream(app, "/chat/stream", chat.stream)


def _add_rows(app: FastAPI, rows: Rows) -> None:
    _get(app, "/filas", rows.show)
    _stream(app, "/filas/vivo", rows.stream)
    _get(app, "/filas/{row}", rows.detail)


def _add_conversations(app: FastAPI, talks: Conversations) -> None:
    one = "/conversaciones/{conversation}"
    _get(app, "/conversaciones", talks.show)
    _get(app, one, talks.detail)
    _post(app, f"{one}/tomar", talks.take)
    _post(app, f"{one}/devolver", talks.give)
    _post(app, f"{one}/mensaje", talks.speak)


def _add_orders(app: FastAPI, orders: Orders) -> None:
    _get(app, "/pedidos", orders.show)
    _post(app, "/pedidos/{order}", orders.decide)
    _get(app, "/archivos/{file}", orders.file)


def _add_api(app: FastAPI, parts: WebParts) -> None:
    talks = ConversationsApi(parts.store, parts.wire, parts.shop, parts.word, parts.channel.prefix)
    one = "/api/v1/conversations/{conversation}"
    _get(app, one, talks.show)
    app.add_api_route(f"{one}/handler", talks.handle, methods=["PUT"], response_model=None)
    _post(app, f"{one}/messages", talks.speak)


def _get(app: FastAPI, path: str, endpoint: Endpoint) -> None:
    app.add_api_route(path, endpoint, methods=["GET", "HEAD"], response_model=None)


def _post(app: FastAPI, path: str, endpoint: Endpoint) -> None:
    app.add_api_route(path, endpoint, methods=["POST"], response_model=None)


def _stream(app: FastAPI, path: str, endpoint: Endpoint) -> None:
    app.add_api_route(path, endpoint, methods=["GET"], response_class=EventSourceResponse)
