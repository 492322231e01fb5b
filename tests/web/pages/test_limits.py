"""What models may cost a day, set on its two pages by whoever is in charge."""

import re
from dataclasses import replace
from uuid import UUID

import pytest

from config.manners import BudgetSettings, TurnSettings
from config.settings import Settings
from store import choices
from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.pages.test_reports import words
from tests.web.roles import acting
from tests.web.staff import actions
from web.app import WebParts
from web.fixed import limited

PAGE, COSTS = "/ajustes/limites", "/admin/costos"


async def holding(store: Store, shop: UUID, settings: BudgetSettings) -> tuple[float, float]:
    async with store.lookup() as connection:
        found = await choices.budget(connection, shop, settings)
    return found.shop_usd, found.customer_usd


@pytest.mark.parametrize(("where", "back"), [("ajustes", PAGE), ("costos", COSTS)])
async def test_limits_hold_are_told_and_are_nobody_elses(
    parts: WebParts, store: Store, shop: UUID, where: str, back: str
) -> None:
    other = await add_shop(store, "otra")
    file = BudgetSettings(shop_usd=3)
    async with acting(replace(parts, budget=file), "owner") as owner:
        form = {"tienda": " 1,5 ", "cliente": "0.25", "de": where}
        done = await owner.post(PAGE, data=form)
        assert done.headers["location"] == f"{back}?hecho=guardado"
        shown = words((await owner.get(f"{back}?hecho=guardado")).text)
        assert "Guardado" in shown
        assert "Rige desde la próxima respuesta" in shown
        assert "US$1,50 al día" in shown
        costs = words((await owner.get(COSTS)).text)
        assert "Tienda: US$0,00 de US$1,50" in costs
        assert "Por cliente: US$0,25 al día." in costs
        audit = words((await owner.get("/admin/auditoria")).text)
        assert "cambió los topes de gasto" in audit
        assert await holding(store, shop, file) == (1.5, 0.25)
        assert await holding(store, other, file) == (3, 0)

        await owner.post(PAGE, data={"tienda": "", "cliente": ""})
        assert await holding(store, shop, file) == (3, 0)
    assert (await actions(parts))[:2] == ["settings.limits"] * 2


@pytest.mark.parametrize("wrong", ["mucho", "-1", "1.000,50", "4,01", "0", "1e3"])
async def test_what_is_no_limit_stays_in_its_field_and_changes_nothing(
    parts: WebParts, store: Store, shop: UUID, wrong: str
) -> None:
    file = BudgetSettings(shop_usd=2, shop_most_usd=4)
    async with acting(replace(parts, budget=file), "owner") as owner:
        refused = await owner.post(PAGE, data={"tienda": wrong, "cliente": "1"})
    assert refused.status_code == 422
    assert f'value="{wrong}"' in refused.text
    assert 'role="alert"' in refused.text
    assert await holding(store, shop, file) == (2, 0)


async def test_a_limit_that_the_server_lowered_meanwhile_is_told_as_it_holds(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    async with acting(parts, "owner") as owner:
        await owner.post(PAGE, data={"tienda": "9"})
    lowered = BudgetSettings(shop_most_usd=4)
    async with acting(replace(parts, budget=lowered), "owner") as owner:
        page = words((await owner.get(PAGE)).text)
    assert "Ahora: US$4,00 al día. Lo más que se puede aquí: US$4,00." in page


async def test_the_limits_of_the_file_alone_are_said_in_words(parts: WebParts) -> None:
    known = replace(parts, limited=limited(Settings(turns=TurnSettings(replies_per_minute=0))))
    async with acting(known, "owner") as owner:
        page = words((await owner.get(PAGE)).text)
    assert "por minuto: sin límite turns.replies_per_minute" in page
    assert "24 horas: 250 outreach.per_day" in page


async def test_what_is_saved_again_is_the_same_to_the_last_digit(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    async with acting(parts, "owner") as owner:
        await owner.post(PAGE, data={"tienda": "12500", "cliente": "0.000025"})
        page = (await owner.get(PAGE)).text
        fields = dict(re.findall(r'name="(tienda|cliente)"[^>]* value="([^"]*)"', page))
        assert fields == {"tienda": "12500", "cliente": "0,000025"}
        await owner.post(PAGE, data=fields)
    assert await holding(store, shop, BudgetSettings()) == (12_500, 0.000025)


async def test_who_sells_may_not_set_them(parts: WebParts, store: Store, shop: UUID) -> None:
    async with acting(parts, "seller") as seller:
        assert (await seller.post(PAGE, data={"tienda": "9"})).status_code == 403
        assert PAGE not in (await seller.get("/ajustes")).text
    assert await holding(store, shop, BudgetSettings()) == (0, 0)
