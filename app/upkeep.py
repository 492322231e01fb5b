"""`migrate`: brings the database to this release."""

from app.console import said_once, say
from config.settings import Settings
from services.embedded import running
from store.migrations import current
from store.migrations import migrate as move


async def migrate(settings: Settings, *, as_json: bool) -> None:
    if settings.database.url is not None:
        await _move(settings.database.url.get_secret_value(), as_json=as_json)
        return
    async with running(settings.app.var, say=said_once()) as endpoints:
        await _move(endpoints.database_url, as_json=as_json)


async def _move(url: str, *, as_json: bool) -> None:
    before = await current(url)
    await move(url)
    after = await current(url)
    text = f"the database is at {after}" + ("" if before == after else f" (was {before})")
    say(text, {"before": before, "after": after}, as_json=as_json)
