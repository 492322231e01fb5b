"""The web application, put together from its parts. No address here is built from user input."""

from typing import Final

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig

from web.api.speaking import Spoken
from web.areas import administrators, sellers, visitors, watchers
from web.called import Called
from web.leaving import Leaving
from web.limits import Limit
from web.live import Lines
from web.parts import LOOPBACK, Desk, WebParts
from web.programs import programs
from web.refusals import add_refusals
from web.rendering import Pages
from web.routing import mount
from web.security import Guard
from web.sessions import Sessions
from web.shield import BodyLimits, KnownHosts, SameOrigin, Shielded

__all__ = ["LOOPBACK", "WebParts", "build"]

UNTOLD: Final[TelemetryConfig] = {
    "tracing": False, "metrics": False, "logs": False, "auto_configure": False,
}  # fmt: skip
"""What leaves by OpenTelemetry is chosen step by step; FastAPI would tell whole addresses."""


def build(parts: WebParts) -> FastAPI:
    """`app.state.close_streams` ends every open stream, so that the server can stop."""
    keys = f"{parts.channel.prefix}:web:limit:api"
    tries = Limit(parts.wire, keys, 20, 15 * 60)
    sessions = Sessions(parts.store, parts.shop, parts.shop_name, parts.key, parts.pepper)
    guard = Guard(sessions, tries)
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=UNTOLD,
        dependencies=[Depends(guard)],
    )
    pages = Pages({"shop_name": parts.shop_name}, parts.zone)
    desk = Desk(parts, pages, guard, Lines(parts.wire))
    areas = [
        *visitors(desk),
        *sellers(desk),
        *watchers(desk),
        *administrators(desk),
        *programs(desk),
    ]
    mount(app, areas)
    needs = app.state.needs.items()
    pages.offers({path: need for (method, path), need in needs if method == "GET"})
    app.state.close_streams = desk.close
    add_refusals(app, pages)
    app.add_middleware(Leaving)
    app.add_middleware(BodyLimits)
    app.add_middleware(SameOrigin)
    app.add_middleware(KnownHosts, hosts=parts.hosts)
    app.add_middleware(Shielded, embeds=parts.embeds)
    app.add_middleware(Spoken)
    app.add_middleware(Called)
    return app
