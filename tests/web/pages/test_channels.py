"""The page of the channels: what is said of an account, and what is never said."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import pytest

from bot.states import States
from tests.web.roles import acting
from web.app import WebParts
from web.connecting import Found, Offer, token_in
from web.hands import Hand

PAGE = "/ajustes/canales"
TOKEN = "42:AAtestTOKEN_of-the-loopback-server00000"
ACCOUNT = "telegram:main"


@dataclass
class Line:
    """A way to the networks that answers as it is told, and remembers what it was given."""

    answer: Found = field(default_factory=lambda: Found(ACCOUNT, "@TiendaBot"))
    fixed: Collection[str] = ()
    given: list[tuple[str, ...]] = field(default_factory=list)

    async def test(self, account: str) -> Found:
        self.given.append(("test", account))
        return self.answer

    async def probe(self, account: str, offer: Offer) -> Found:
        self.given.append(("probe", account, *offer.given.values()))
        return self.answer

    async def connect(self, account: str, offer: Offer, by: Hand, *, anyway: bool) -> Found:
        self.given.append(("connect", account, *offer.given.values(), by.who.name, str(anyway)))
        return self.answer

    async def remove(self, account: str, by: Hand) -> bool:
        self.given.append(("remove", account, by.who.name))
        return True


@pytest.mark.parametrize(
    ("pasted", "token"),
    [
        (TOKEN, TOKEN),
        (f"Use this token to access the HTTP API:\n{TOKEN}\nKeep it secure", TOKEN),
        (f"{TOKEN} y {TOKEN}", TOKEN),
        (f"{TOKEN} {TOKEN}x", ""),
        ("42:corto", ""),
        ("", ""),
    ],
)
def test_the_token_is_found_in_what_was_pasted(pasted: str, token: str) -> None:
    assert token_in(pasted) == token


async def test_a_token_is_tried_then_connected_and_never_shown(parts: WebParts) -> None:
    line = Line()
    async with acting(replace(parts, connecting=line), "owner") as owner:
        assert "Conectar un bot de Telegram" in (await owner.get(PAGE)).text
        tried = await owner.post(f"{PAGE}/probar", data={"token": TOKEN})
        assert "Telegram responde por @TiendaBot" in tried.text
        part = await owner.post(
            f"{PAGE}/probar", data={"token": TOKEN}, headers={"hx-target": "div#conectar-dice"}
        )
        assert "@TiendaBot" in part.text
        assert "<html" not in part.text
        kept = await owner.post(f"{PAGE}/conectar", data={"token": TOKEN})
        assert (kept.status_code, kept.headers["location"]) == (303, f"{PAGE}?hecho=conectado")
        assert "tu bot ya contesta ahí" in (await owner.get(kept.headers["location"])).text
        back = await owner.post(f"{PAGE}/conectar", data={"token": TOKEN, "desde": "pasos"})
        assert back.headers["location"] == "/primeros-pasos?hecho=conectado"
        assert TOKEN not in tried.text + part.text + kept.text
    assert [one[0] for one in line.given] == ["probe", "probe", "connect", "connect"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Found(why="token"), "fue revocado"),
        (Found(why="unreached"), "La red no responde"),
        (Found(ACCOUNT, why="twin"), ACCOUNT),
        (Found(why="left"), "el otro programa deja de recibir sus mensajes"),
        (Found(line="too many requests", why="refused"), "demasiadas llamadas"),
    ],
)
async def test_why_it_is_not_connected_is_said_in_words(
    parts: WebParts, found: Found, said: str
) -> None:
    async with acting(replace(parts, connecting=Line(found)), "owner") as owner:
        refused = await owner.post(f"{PAGE}/conectar", data={"token": TOKEN})
        assert refused.status_code == 422
        assert said in refused.text
        assert TOKEN not in refused.text


async def test_what_is_no_token_is_asked_of_nobody_and_tests_are_counted(parts: WebParts) -> None:
    line = Line()
    async with acting(replace(parts, connecting=line), "owner") as owner:
        odd = await owner.post(f"{PAGE}/conectar", data={"token": "mi clave"})
        assert "no es un token de Telegram" in odd.text
        assert line.given == []
        for _ in range(21):
            last = await owner.post(f"{PAGE}/probar", data={"cuenta": ACCOUNT})
        assert "Demasiadas pruebas" in last.text
    assert line.given == [("test", ACCOUNT)] * 20


async def test_an_account_of_the_settings_is_tried_and_not_changed(parts: WebParts) -> None:
    line = Line(fixed=(ACCOUNT,))
    here = replace(parts, connecting=line, channels=("web:main", ACCOUNT))
    async with acting(here, "owner") as owner:
        shown = (await owner.get(PAGE)).text
    assert "El servidor le da su token" in shown
    assert "Probar la conexión de telegram:main" in shown
    assert "Sí, quitar" not in shown
    assert "Cambiar token" not in shown


NUMBER = {
    "red": "whatsapp_cloud",
    "numero": "1122334455667",
    "token": "EAAtoken0",
    "secreto": "s" * 32,
}


async def test_a_number_is_connected_and_what_meta_needs_is_shown_once(parts: WebParts) -> None:
    kept = Found("whatsapp_cloud:main", "Tienda", path="/whatsapp/0a1b", verify="word-of-ours")
    line = Line(kept)
    async with acting(replace(parts, connecting=line), "owner") as owner:
        assert "Conectar un número de WhatsApp" in (await owner.get(PAGE)).text
        assert "Conectar un número de WhatsApp" in (await owner.get("/primeros-pasos")).text
        part = await owner.post(
            f"{PAGE}/probar", data=NUMBER, headers={"hx-target": "div#conectar-whatsapp-dice"}
        )
        assert "word-of-ours" not in part.text
        done = await owner.post(f"{PAGE}/conectar", data=NUMBER)
        assert "/whatsapp/0a1b" in done.text
        assert "word-of-ours" in done.text
        assert "no-store" in done.headers["cache-control"]
        assert "word-of-ours" not in (await owner.get(PAGE)).text
        assert NUMBER["secreto"] not in part.text + done.text
    values = ("1122334455667", "EAAtoken0", "s" * 32)
    assert [one[:5] for one in line.given] == [("probe", "", *values), ("connect", "", *values)]


@pytest.mark.parametrize(
    ("typed", "why", "said"),
    [
        ({"numero": "+56 9 1111"}, "", "solo dígitos"),
        ({"token": ""}, "", "solo dígitos"),
        ({}, "access", "Meta rechaza este token"),
        ({}, "number", "Meta no conoce este identificador"),
        ({}, "app", "El secreto no es el de la app"),
        ({}, "unreached", "La red no responde"),
    ],
)
async def test_why_a_number_is_not_connected_is_said_beside_its_form(
    parts: WebParts, typed: dict[str, str], why: str, said: str
) -> None:
    line = Line(Found(why=why))
    async with acting(replace(parts, connecting=line), "owner") as owner:
        refused = await owner.post(f"{PAGE}/conectar", data=NUMBER | typed)
    assert (refused.status_code, bool(line.given)) == (422, bool(why))
    form = refused.text.partition('id="conectar-whatsapp"')[2]
    assert said in form
    assert refused.text.count(said) == 1


async def test_of_a_number_that_is_there_what_is_empty_stays(parts: WebParts) -> None:
    line = Line(
        Found("whatsapp_cloud:main", "Tienda", path="/whatsapp/0a1b", verify="word-of-ours")
    )
    typed = NUMBER | {"cuenta": "whatsapp_cloud:main", "numero": "", "secreto": ""}
    async with acting(replace(parts, connecting=line), "owner") as owner:
        await owner.post(f"{PAGE}/conectar", data=typed)
    assert line.given[0][:3] == ("connect", "whatsapp_cloud:main", "EAAtoken0")


async def test_a_refused_account_says_what_to_do(parts: WebParts) -> None:
    states = States(parts.wire, parts.channel.prefix)
    await states.tell(
        ACCOUNT, "refused", "Telegram does not know the token: check TELEGRAM_BOT_TOKEN"
    )
    here = replace(parts, connecting=Line(), channels=("web:main", ACCOUNT))
    async with acting(here, "owner") as owner:
        shown = (await owner.get(PAGE)).text
    assert "Rechazado" in shown
    assert "Telegram no conoce este token" in shown


async def test_it_is_removed_by_whoever_may(parts: WebParts) -> None:
    line = Line()
    here = replace(parts, connecting=line)
    async with acting(here, "owner") as owner:
        gone = await owner.post(f"{PAGE}/quitar", data={"cuenta": ACCOUNT})
        assert gone.headers["location"] == f"{PAGE}?hecho=quitado"
    async with acting(here, "seller") as seller:
        assert "Conectar un bot" not in (await seller.get(PAGE)).text
        for act in ("probar", "conectar", "quitar"):
            refused = await seller.post(f"{PAGE}/{act}", data={"cuenta": ACCOUNT, "token": TOKEN})
            assert refused.status_code == 403
    assert [one[0] for one in line.given] == ["remove"]
