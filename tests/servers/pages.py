"""A small web server whose routes may be added while it runs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from aiohttp import web

Routes: TypeAlias = dict[str, Callable[[web.Request], Awaitable[web.Response]]]


@asynccontextmanager
async def mounted() -> AsyncIterator[tuple[str, Routes]]:
    """Its address, and the routes to fill."""
    routes: Routes = {}

    async def answer(request: web.Request) -> web.Response:
        route = routes.get(request.path)
        return web.Response(status=404) if route is None else await route(request)

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", routes
    finally:
        await runner.cleanup()
