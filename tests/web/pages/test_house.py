"""What an owner chooses for the shop: it holds, it is told, and it is nobody else's."""

from dataclasses import replace
from uuid import UUID

import httpx2
import pytest

from config.manners import HoursSettings
from config.privacy import PrivacySettings
from config.settings import Settings
from store import choices
from store.privacy import retention
from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.roles import acting
from tests.web.staff import actions
from web.app import WebParts
from web.fixed import fixed

PAGE = "/ajustes/tienda"
WEEK = ["9-18", "9-18", "9-18", "9-18", "9 a 13", "", ""]


async def test_hours_are_chosen_shown_told_and_given_back_to_the_file(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "otra")
    async with acting(parts, "owner") as owner:
        form = {"modo": "horario", "dia": WEEK, "feriados": "25-12-2026"}
        done = await owner.post(PAGE, data=form)
        assert done.headers["location"] == f"{PAGE}?hecho=guardado"
        shown = (await owner.get(PAGE)).text
        assert 'value="09:00-13:00"' in shown
        assert "25-12-2026" in shown
        async with store.tenant(shop) as session:
            hours = await choices.hours(session, shop, HoursSettings())
            theirs = await choices.hours(session, other, HoursSettings())
        assert (hours.week["fri"], hours.week["sun"]) == ("09:00-13:00", "closed")
        assert theirs == HoursSettings()

        await owner.post(PAGE, data={"modo": "archivo"})
        async with store.tenant(shop) as session:
            assert await choices.hours(session, shop, HoursSettings()) == HoursSettings()
        assert (await actions(parts))[:2] == ["settings.hours", "settings.hours"]
        told = (await owner.get("/admin/auditoria")).text
        assert "cambió el horario" in told
        assert "fri 09:00-13:00" in told


async def test_hours_that_nobody_can_read_stay_in_their_field_and_change_nothing(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    async with acting(parts, "owner") as owner:
        form = {"modo": "horario", "dia": ["9-18", "a las %s"], "feriados": ""}
        refused = await owner.post(PAGE, data=form)
        wrong = await owner.post(PAGE, data={"modo": "siempre", "feriados": "100%"})

    assert (refused.status_code, wrong.status_code) == (422, 422)
    assert "No se entiende «Martes»" in refused.text
    assert 'value="a las %s"' in refused.text
    assert "«100%»" in wrong.text
    async with store.tenant(shop) as session:
        assert await choices.of_shop(session, shop) is None


async def test_the_tone_is_for_whoever_has_none_of_their_own(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    async with acting(parts, "owner") as owner:
        await owner.post(PAGE, data={"tono": "formal", "intensidad": "0.2"})
        shown = (await owner.get(PAGE)).text
    assert 'value="formal" checked' in shown
    async with store.tenant(shop) as session:
        found = await choices.of_shop(session, shop)
    assert found is not None
    assert (found.tone, found.intensity) == ("formal", 0.2)


async def test_days_and_notice_of_privacy(parts: WebParts, store: Store, shop: UUID) -> None:
    page = "/ajustes/privacidad"
    async with acting(parts, "owner") as owner:
        assert 'placeholder="180"' in (await owner.get(page)).text
        form = {"conversaciones": "90", "archivos": "", "aviso": "Cuidamos <tus> datos"}
        await owner.post(page, data=form)
        shown = (await owner.get(page)).text
        assert 'value="90"' in shown
        assert "Cuidamos &lt;tus&gt; datos" in (await owner.get("/privacidad")).text
        refused = await owner.post(page, data={"conversaciones": "0"})
        assert refused.status_code == 422
        told = (await owner.get("/admin/auditoria")).text
        assert "cambió cuánto se guarda" in told
    async with store.tenant(shop) as session:
        rule = await retention.rule_of(session, shop)
    assert rule is not None
    assert (rule.chat_days, rule.media_days) == (90, None)


async def test_what_only_the_file_changes_is_shown_with_where(parts: WebParts) -> None:
    told = fixed(Settings(hours=HoursSettings(timezone="America/Bogota")))
    off = PrivacySettings(retention=False)
    equipped = replace(parts, fixed=told, privacy=off)
    async with acting(equipped, "owner") as owner, acting(equipped, "viewer") as viewer:
        shown, looked_at = [(await one.get(PAGE)).text for one in (owner, viewer)]
        kept = (await viewer.get("/ajustes/privacidad")).text
    assert "America/Bogota" in shown
    assert "hours.timezone" in shown
    assert "hours.timezone" not in looked_at
    assert "Guardar horario" not in looked_at
    assert "Esto lo cambia quien es dueño" in looked_at
    assert "está apagada" in kept


async def test_hours_and_tone_are_saved_together_and_each_is_told_if_it_changed(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    form = {"modo": "horario", "dia": WEEK, "feriados": "", "tono": "formal", "intensidad": "0.2"}
    async with acting(parts, "owner") as owner:
        refused = await owner.post(PAGE, data=form | {"feriados": "nunca"})
        async with store.tenant(shop) as session:
            assert await choices.of_shop(session, shop) is None
        await owner.post(PAGE, data=form)
        await owner.post(PAGE, data=form | {"tono": "coach"})
    assert 'value="formal" checked' in refused.text
    async with store.tenant(shop) as session:
        found = await choices.of_shop(session, shop)
    assert found is not None
    assert (found.tone, (found.week or {})["fri"]) == ("coach", "09:00-13:00")
    assert sorted(await actions(parts)) == ["settings.hours", "settings.tone", "settings.tone"]


@pytest.mark.parametrize("path", [PAGE, "/ajustes/canales"])
async def test_a_seller_changes_none_of_it(parts: WebParts, path: str) -> None:
    async with acting(parts, "seller") as seller:
        assert (await seller.post(path, data={})).status_code == 403


async def test_a_channel_is_silenced_and_given_its_voice_again(
    parts: WebParts, seller: httpx2.AsyncClient
) -> None:
    page = "/ajustes/canales"
    async with acting(replace(parts, channels=("web:main", "telegram:main")), "owner") as owner:
        assert "El bot calla aquí" not in (await owner.get(page)).text
        await owner.post(page, data={"cuenta": "telegram:main", "contesta": "no"})
        await owner.post(page, data={"cuenta": "telegram:other", "contesta": "no"})
        assert (await owner.get(page)).text.count("El bot calla aquí") == 1
        await owner.post(page, data={"cuenta": "telegram:main", "contesta": "si"})
        assert "El bot calla aquí" not in (await owner.get(page)).text
    assert (await actions(parts))[:2] == ["settings.channel", "settings.channel"]
