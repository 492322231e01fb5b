"""The chat within a page of a shop's own: which may, by which cookie, and that nothing else is."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
from pydantic import ValidationError

from config.settings import WebSettings
from tests.web.chatting import said, say
from tests.web.conftest import Inbox, asking
from tests.web.staff import staff
from web.app import WebParts, build
from web.shield import HEADERS

SHOP = "https://www.tienda.cl"
OTHER = "https://otra.cl:8443"
SECRET = "0" * 32
"""A client of tests sends no secure cookie without TLS."""
FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def framed(parts: WebParts) -> WebParts:
    return replace(parts, embeds=(SHOP, OTHER), home="https://bot.tienda.cl")


@pytest.fixture
async def guest(framed: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    """A visitor's browser, in which a page of somebody else frames ours."""
    async with asking(build(framed)) as client:
        client.headers["Sec-Fetch-Dest"] = "iframe"
        yield client


def ancestors(answer: httpx2.Response) -> str:
    return answer.headers["Content-Security-Policy"].rpartition("frame-ancestors ")[2]


@pytest.mark.parametrize("path", ["/chat", "/c/nadie", "/chat/nada"])
async def test_the_chat_is_shown_by_the_listed_pages_alone(
    guest: httpx2.AsyncClient, path: str
) -> None:
    answer = await guest.get(path, headers=FRAME)

    assert ancestors(answer) == f"{SHOP} {OTHER}"
    assert "X-Frame-Options" not in answer.headers
    rest = HEADERS.keys() - {"X-Frame-Options", "Content-Security-Policy"}
    assert {name: answer.headers[name] for name in rest} == {name: HEADERS[name] for name in rest}


@pytest.mark.parametrize("path", ["/", "/entrar", "/privacidad", "/chats", "/nada", "/salud"])
async def test_every_other_page_is_shown_in_no_frame(guest: httpx2.AsyncClient, path: str) -> None:
    answer = await guest.get(path, headers=FRAME)

    assert (ancestors(answer), answer.headers["X-Frame-Options"]) == ("'none'", "DENY")


async def test_where_no_page_is_listed_the_chat_is_shown_in_no_frame(
    visitor: httpx2.AsyncClient,
) -> None:
    answer = await visitor.get("/chat", headers=FRAME)

    assert (ancestors(answer), answer.headers["X-Frame-Options"]) == ("'none'", "DENY")
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert "Partitioned" not in answer.headers["set-cookie"]


async def test_the_cookie_of_a_frame_is_of_that_frame_alone(framed: WebParts) -> None:
    async with asking(build(framed)) as client:
        within = (await client.get("/chat", headers=FRAME)).headers["set-cookie"]
        client.cookies.clear()
        plain = (await client.get("/chat", headers={"Sec-Fetch-Dest": "document"})).headers

    assert within.endswith(
        "; HttpOnly; Max-Age=15552000; Path=/; SameSite=None; Secure; Partitioned"
    )
    assert "SameSite=lax" in plain["set-cookie"]
    assert "Partitioned" not in plain["set-cookie"]
    assert within.count("SameSite") == within.count("Secure") == 1


async def test_behind_tls_the_cookie_says_once_that_it_is_secure(framed: WebParts) -> None:
    hosts = (*framed.hosts, "bot.tienda.cl")
    transport = httpx2.ASGITransport(build(replace(framed, hosts=hosts)))
    async with httpx2.AsyncClient(transport=transport, base_url="https://bot.tienda.cl") as client:
        told = (await client.get("/chat", headers=FRAME)).headers["set-cookie"]

    assert told.endswith("; SameSite=None; Secure; Partitioned")
    assert told.count("Secure") == 1


async def test_a_new_conversation_forgets_whichever_cookie_there_was(
    guest: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    lone, both = [
        (await client.post("/chat/new")).headers.get_list("set-cookie")
        for client in (visitor, guest)
    ]

    assert ["Partitioned" in told for told in both] == [False, True]
    assert ["Partitioned" in told for told in lone] == [False]
    assert all("Max-Age=0" in told for told in (*lone, *both))


async def test_what_leads_out_of_the_chat_opens_beside_the_frame(
    guest: httpx2.AsyncClient,
) -> None:
    page = (await guest.get("/chat")).text

    assert '<a href="/privacidad" target="_blank" rel="noopener">' in page
    assert 'action="/tema"' not in page
    assert 'action="/idioma"' not in page


@pytest.mark.parametrize(
    ("site", "status"), [("same-origin", 303), ("cross-site", 403), ("same-site", 403)]
)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/rating", "/chat/new"])
async def test_only_the_frame_itself_writes_and_the_page_around_it_does_not(
    guest: httpx2.AsyncClient, inbox: Inbox, site: str, status: int, path: str
) -> None:
    guest.cookies.set("chat", SECRET)
    headers = {"Sec-Fetch-Site": site, "Origin": SHOP}

    answer = await guest.post(path, headers=headers, data={"texto": "hola"})

    expected = 404 if (path, status) == ("/chat/rating", 303) else status
    assert answer.status_code == expected
    assert inbox.texts == (["hola"] if (path, status) == ("/chat/messages", 303) else [])


async def test_a_frame_without_scripts_writes_and_reads(
    guest: httpx2.AsyncClient, inbox: Inbox
) -> None:
    guest.cookies.set("chat", SECRET)

    await say(guest, "¿precio?")

    page = await guest.get("/chat")
    assert (said(page.text), inbox.texts) == (["¿precio?"], ["¿precio?"])


async def test_the_settings_have_the_frame_to_copy(framed: WebParts, parts: WebParts) -> None:
    named = replace(framed, shop_name='Tienda "A & B"')
    async with staff(named, "owner") as owner:
        page = (await owner.get("/ajustes/canales")).text
    assert "&lt;iframe src=&#34;https://bot.tienda.cl/chat&#34;" in page
    assert "title=&#34;Chat · Tienda &amp;quot;A &amp;amp; B&amp;quot;&#34;" in page
    assert f"<code>{SHOP}</code>, <code>{OTHER}</code>" in page

    async with staff(parts, "admin") as admin:
        page = (await admin.get("/ajustes/canales")).text
    assert "iframe" not in page
    assert "web.embed_origins" in page


@pytest.mark.parametrize(
    "origin",
    [SHOP, OTHER, "http://localhost:8000", "http://127.0.0.1", "https://xn--pia-8ma.cl"],
)
def test_an_origin_is_a_name_that_browsers_tell(origin: str) -> None:
    assert WebSettings(embed_origins=(origin,)).embed_origins == (origin,)


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "https:",
        "https://*.tienda.cl",
        "http://www.tienda.cl",
        "http://localhost.tienda.cl",
        "https://www.tienda.cl/",
        "https://tienda.cl; script-src *",
        "https://tienda.cl https://otra.cl",
        "https://ana@tienda.cl",
        "https://tienda.cl\n",
        "'self'",
    ],
)
def test_nothing_else_is_an_origin(origin: str) -> None:
    with pytest.raises(ValidationError, match="embed_origins"):
        WebSettings(embed_origins=(origin,))
