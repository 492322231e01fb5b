"""The first steps of a new shop: how the bot speaks is chosen by a sample."""

import re
from uuid import UUID

import httpx2
import pytest

from config.packs import Pack, load_pack
from config.shapes import Tones
from store import choices
from store.choices import ShopChoice
from store.session import Store
from tests.web.roles import acting
from tests.web.staff import actions
from web.app import WebParts

PAGE = "/primeros-pasos"


async def chosen(store: Store, shop: UUID) -> ShopChoice | None:
    async with store.tenant(shop) as session:
        return await choices.of_shop(session, shop)


async def test_a_sample_is_picked_and_is_the_tone_of_the_settings(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    async with acting(parts, "owner") as owner:
        page = (await owner.get(PAGE)).text
        for text in (parts.pack.tones.question, *_samples(parts.pack.tones)):
            assert text in page
        before = page.count(">Listo<")
        assert await chosen(store, shop) is None
        done = await owner.post(f"{PAGE}/tono", data={"tono": "breve"})
        assert done.headers["location"] == f"{PAGE}?hecho=guardado"
        page = (await owner.get(PAGE)).text
        assert page.count(">Listo<") == before + 1
        assert 'value="breve" required checked' in page
        settings = (await owner.get("/ajustes/tienda")).text
    found = await chosen(store, shop)
    assert found is not None
    assert (found.tone, found.intensity) == ("neutral", 0.2)
    assert 'value="0.2" selected' in settings
    assert (await actions(parts))[0] == "settings.tone"


async def test_the_first_page_counts_the_same_steps(parts: WebParts) -> None:
    async with acting(parts, "owner") as owner:
        before = await _counted(owner)
        await owner.post(f"{PAGE}/tono", data={"tono": "breve"})
        after = await _counted(owner)
    assert after == before + 1


async def _counted(owner: httpx2.AsyncClient) -> int:
    """As both pages tell it."""
    card = (await owner.get("/hoy")).text.partition('id="h-pasos"')[2].partition("</ul>")[0]
    page = (await owner.get(PAGE)).text
    told = [re.findall(r"(\d) de (\d)", one)[0] for one in (card, page)]
    assert told[0] == told[1]
    done, whole = map(int, told[0])
    names = re.findall(r"(?s)<li.*?</li>", card)
    assert (len(names), sum('class="done"' in one for one in names)) == (whole, done)
    return done


async def test_another_tone_of_the_settings_is_a_choice_too(parts: WebParts) -> None:
    async with acting(parts, "owner") as owner:
        await owner.post("/ajustes/tienda", data={"tono": "coach", "intensidad": "0.9"})
        page = (await owner.get(PAGE)).text
    assert "required checked" not in page
    assert ">Listo<" in page.partition('id="paso-tono"')[2].partition('id="paso-productos"')[0]


async def test_whoever_may_not_change_settings_picks_nothing(parts: WebParts) -> None:
    async with acting(parts, "seller") as seller:
        assert "Elegir este tono" not in (await seller.get(PAGE)).text
        assert (await seller.post(f"{PAGE}/tono", data={"tono": "breve"})).status_code == 403


@pytest.mark.parametrize("name", ["ventas", "finanzas", "creditos"])
def test_every_pack_has_samples_of_its_own(name: str) -> None:
    pack: Pack = load_pack(name)
    assert pack.tones != Tones()
    assert len(set(_samples(pack.tones))) == 3
    assert len(pack.tones.breve) < min(len(pack.tones.cercano), len(pack.tones.formal))


def _samples(tones: Tones) -> tuple[str, str, str]:
    return tones.cercano, tones.formal, tones.breve
