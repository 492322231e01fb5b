"""The letter that explains an estimate to whoever asks."""

from sqlalchemy import update

from store.lending import Loan
from tests.web.lenders import Lender, lending
from tests.web.roles import acting
from web.app import WebParts

HOME = "/riesgo"


async def test_a_letter_names_the_loan_as_it_is_called_and_days_with_their_year(
    parts: WebParts,
) -> None:
    """Plans go on for years, and so do letters."""
    lender = lending(parts)
    shop_of = Lender(lender.store, lender.shop)
    await shop_of.lends("Ana Soto")
    async with lender.store.transaction() as session:
        mine = Loan.shop_id == lender.shop, Loan.number == "1000"
        await session.execute(update(Loan).where(*mine).values(number="LS-P1000"))
    one = await shop_of.foretells(await shop_of.trains(), 0, 0.41)
    plan = await shop_of.foretells(await shop_of.trains("instalment"), 0, 0.41)
    async with acting(lender, "owner") as owner:
        letter = (await owner.get(f"{HOME}/{one}")).text
        due = (await owner.get(f"{HOME}/{plan}")).text
        listed = (await owner.get(HOME, params={"de": "cuotas"})).text
    assert "El 21 nov 2026 un programa" in letter
    assert "en tu préstamo LS-P1000." in letter
    assert "en tu préstamo LS-P1000 · cuota 1." in due
    assert "<dd>21 dic 2026</dd>" in due
    assert "vence el 21 dic 2026" in listed
