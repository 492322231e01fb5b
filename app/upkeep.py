"""`migrate` and `dataset build`: one-off work on the database."""

from pathlib import Path

from rich.progress import Progress

from app.backing import backing
from app.console import emit, result, said_once, talk
from config.settings import Settings
from events.happened import named
from learning.dataset import Steps
from learning.dataset import build_dataset as build
from services.embedded import running
from store.migrations import current
from store.migrations import migrate as move
from store.session import open_store


async def migrate(settings: Settings) -> None:
    if settings.database.url is not None:
        await _move(settings.database.url.get_secret_value())
        return
    async with running(settings.app.var, say=said_once()) as endpoints:
        await _move(endpoints.database_url)


async def _move(url: str) -> None:
    before = await current(url)
    await move(url)
    after = await current(url)
    result.print(f"the database is at {after}" + ("" if before == after else f" (was {before})"))


async def build_dataset(settings: Settings, shop: str, out: str, *, as_json: bool) -> None:
    """An earlier dataset is never overwritten; a shop without good rows gets an explained one."""
    async with backing(settings, said_once()) as here:
        store = open_store(here.database_url, role="pipeline", pool=2)
        try:
            with Progress(console=talk, transient=True) as progress:
                task = progress.add_task("reading rows", total=None)
                steps = Steps(
                    progress=lambda stage, count: progress.update(
                        task, description=stage, completed=count
                    )
                )
                built = await build(
                    store,
                    named("shop", shop),
                    out=Path(out),
                    settings=settings.curation,
                    steps=steps,
                )
        finally:
            await store.close()
    summary = built.summary()
    if as_json:
        emit(summary)
        return
    result.print(f"{built.rows} rows in {built.path}", markup=False)
    result.print(built.explanation, markup=False)
    result.print(f"sha256 {built.sha256}")
