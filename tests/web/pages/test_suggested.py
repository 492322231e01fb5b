"""What the bot would say, in a seller's field; and what they are told where it would not."""

from dataclasses import replace

import pytest

from handlers.word import Place
from services.clock import now
from tests.web.conftest import KEY, asking
from tests.web.roles import acting
from tests.web.talks import add_talk
from web.app import WebParts, build

UNADVISED = "El bot no tiene nada que sugerir"


async def nothing(_place: Place) -> str:
    return ""


async def test_where_there_is_nothing_to_suggest_the_page_says_why(parts: WebParts) -> None:
    said = ("customer", "hola"), ("bot", "¡Hola!")
    talk = await add_talk(parts.store, parts.shop, "Ana", *said, at=now())
    here = f"/conversaciones/{talk}"
    async with asking(build(replace(parts, suggest=nothing))) as seller:
        await seller.post("/entrar", data={"clave": KEY})
        assert UNADVISED not in (await seller.get(here)).text

        done = await seller.post(f"{here}/sugerencia")

        assert done.status_code == 303
        assert UNADVISED in (await seller.get(done.headers["location"])).text
        again = await seller.get(f"{here}/sugerencia")
    assert (again.status_code, again.headers["location"]) == (303, f"{here}#final")


@pytest.mark.parametrize(("role", "may"), [("seller", False), ("owner", True)])
async def test_the_way_to_a_customer_promises_what_one_may_do_there(
    parts: WebParts,
    role: str,
    may: bool,  # noqa: FBT001  a table
) -> None:
    talk = await add_talk(parts.store, parts.shop, "Ana", ("customer", "hola"), at=now())
    async with acting(parts, role) as client:
        page = (await client.get(f"/conversaciones/{talk}")).text
    assert "Ver al cliente" in page
    assert ("exportar o borrar" in page) is may
