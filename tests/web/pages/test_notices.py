"""Whom the bot tells of what waits for a person, with how each is reached now."""

from dataclasses import replace

from bot.states import States
from config.alerts import AlertSettings
from config.cadences import CadenceSettings
from config.manners import HandOverSettings, TakeoverSettings
from config.settings import Settings
from tests.web.pages.test_reports import words
from tests.web.roles import acting
from web.app import WebParts
from web.warned import warned

PAGE = "/ajustes/avisos"
ANA, EVA, LUZ = "telegram:main:77001", "whatsapp_cloud:main:56911112222", "telegram:gone:88002"


def settings(*staff: str, template: str | None = None, **often: object) -> Settings:
    return Settings(
        takeover=TakeoverSettings(staff=staff),
        handover=HandOverSettings(template=template),
        cadences=CadenceSettings.model_validate(often),
        alerts=AlertSettings(),
    )


def serving(parts: WebParts, known: Settings) -> WebParts:
    channels = ("telegram:main", "whatsapp_cloud:main", "web:main")
    return replace(parts, channels=channels, warned=warned(known))


async def read(parts: WebParts, role: str = "owner") -> str:
    async with acting(parts, role) as person:
        return words((await person.get(PAGE)).text)


async def test_each_is_named_with_how_they_are_reached_now(parts: WebParts) -> None:
    known = serving(parts, settings(ANA, EVA, LUZ, report_to=(ANA,)))
    page = await read(known)
    assert "77001 telegram:main Le llegan los avisos También el informe de la semana" in page
    assert "56911112222 whatsapp_cloud:main Solo si escribió en las últimas 24 h" in page
    assert "88002 telegram:gone Canal sin conectar: no le llega" in page
    assert page.count("También el informe") == 1
    assert "handover.template" in page

    await States(parts.wire, parts.channel.prefix).tell("telegram:main", "refused")
    assert "77001 telegram:main Su canal no responde" in await read(known)


async def test_a_template_reaches_everybody_and_the_report_has_its_hour(parts: WebParts) -> None:
    often = {"report_weekday": 4, "report_hour": 18}
    page = await read(serving(parts, settings(EVA, template="aviso:es", **often)))
    assert "56911112222 whatsapp_cloud:main Le llegan los avisos" in page
    assert "handover.template" not in page
    assert "El informe de la semana: Viernes a las 18:00" in page
    assert "El resumen de los lunes: a quien lo pida para su propio Telegram. Pedirlo" in page


async def test_a_report_that_nobody_gets_has_no_hour(parts: WebParts) -> None:
    page = await read(serving(parts, settings(ANA, report_to=(EVA,))))
    assert "77001 telegram:main Le llegan los avisos" in page
    assert "También el informe" not in page
    assert "El informe de la semana" not in page


async def test_without_anybody_it_says_so_and_how_to_add_one(parts: WebParts) -> None:
    page = await read(serving(parts, settings(report=False)))
    assert "A nadie: quien espera a una persona solo se ve en estas páginas." in page
    assert "takeover.staff" in page
    assert "El informe de la semana" not in page


async def test_whoever_does_not_own_the_shop_reads_no_ones_number(parts: WebParts) -> None:
    known = serving(parts, settings(ANA))
    async with acting(known, "seller") as seller:
        assert (await seller.get(PAGE)).status_code == 403
        assert PAGE not in (await seller.get("/ajustes")).text
