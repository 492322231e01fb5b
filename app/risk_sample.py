"""`risk sample`: a lender nobody ever met, to try everything on without anybody's data."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from rich.progress import Progress
from sqlalchemy import select

from app.console import FAILED, emit, refuse, result, talk
from app.desk import Desk, known_shop, opened, pack_of
from app.ingesting import COLUMNS
from app.portfolio import Reader
from app.sample import SAMPLE
from config.settings import Settings
from prediction.lender import lender
from prediction.lent import CHUNK, Records
from services.clock import now
from store import portfolio
from store.app import Shop
from store.lending import Loan

INVENTED: Final = "LS-"
"""How every number of the sample begins."""


async def sample(settings: Settings, key: str, clients: int, *, over: bool, as_json: bool) -> None:
    """The same day and size give the same rows, so that a repetition doubles nothing."""
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        today = now().astimezone(ZoneInfo(settings.hours.timezone)).date()
        if not over and await _is_real(desk, shop, today):
            why = "invented clients would stand among real ones, in lists and in models"
            hint = "use a shop of its own (APRENDIZ_APP__SHOP=prueba), or --over"
            refuse(f"{shop.key} has loans of its own", why, hint, code=FAILED)
        counted = await _written(desk, shop, today, clients)
    if as_json:
        emit(counted)
        return
    told = ", ".join(f"{count} {name}" for name, count in counted.items())
    result.print(f"written: {told}", markup=False)


async def _written(desk: Desk, shop: Shop, today: date, clients: int) -> dict[str, int]:
    records = Records(lender(today, clients=clients))
    counted = dict.fromkeys(("clients", "loans", "instalments", "payments"), 0)
    with Progress(*COLUMNS, console=talk, transient=True) as bar:
        task = bar.add_task("writing clients", total=clients)
        for chunk in records.chunks(min(clients, CHUNK)):
            async with desk.store.transaction() as session:
                await portfolio.replace(session, shop.id, chunk)
            for name in counted:
                counted[name] += len(getattr(chunk, name))
            bar.advance(task, len(chunk.clients))
    return counted


async def _is_real(desk: Desk, shop: Shop, today: date) -> bool:
    """Whether there is a loan that neither the sample nor the shop's pack made up."""
    given = Reader(pack_of(desk, shop).folder / SAMPLE, today).read()
    known = [one.number for one in given.loans]
    query = select(Loan.id).where(
        Loan.shop_id == shop.id,
        ~Loan.number.startswith(INVENTED),
        Loan.number.not_in(known),
    )
    async with desk.store.reading() as session:
        return await session.scalar(query.limit(1)) is not None
