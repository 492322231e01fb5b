"""Words, people and keys by the hundred: read page by page, each once, and no place is lost."""

import html
import re
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

import httpx2

from services.clock import now
from store import people
from store.api_keys import NewKey, add_key
from store.dictionary import DictionaryTerm
from store.people import NewPerson
from tests.fixtures.store import add_shop
from tests.web.staff import staff
from web.app import WebParts
from web.pages.team import SHOWN

WORDS, TEAM, KEYS = "/glosario", "/ajustes/equipo", "/ajustes/claves"
NEXT = re.compile(r'href="([^"]+)" rel="next"')


async def walked(client: httpx2.AsyncClient, address: str) -> list[str]:
    """The pages from here on."""
    pages: list[str] = []
    while address:
        answer = await client.get(address)
        assert answer.status_code == 200, address
        pages.append(answer.text)
        found = NEXT.search(answer.text)
        address = html.unescape(found[1]) if found else ""
    return pages


def each(pattern: str, pages: Iterable[str]) -> list[str]:
    return [found for page in pages for found in re.findall(pattern, page)]


def hidden_in(page: str, name: str) -> str:
    """What the last form of the page sends along."""
    return html.unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[-1])


async def sow_words(parts: WebParts, shop: UUID, count: int, of: str) -> None:
    async with parts.store.transaction() as session:
        for number in range(count):
            word = f"{of} {number:03}"
            session.add(
                DictionaryTerm(shop_id=shop, id=uuid4(), word=word, folded=word,
                               definition="Un género." if number % 2 else "Una tela.",
                               updated_at=now())
            )  # fmt: skip


async def sow_people(parts: WebParts, shop: UUID, count: int) -> list[UUID]:
    ids = [uuid4() for _ in range(count)]
    async with parts.store.transaction() as session:
        for number, one in enumerate(ids):
            new = NewPerson(shop_id=shop, id=one, email=f"p{number:03}@{shop.hex[:4]}.cl",
                            name=f"Gente {number % 9}", role="seller")  # fmt: skip
            await people.add_person(session, new)
            if number % 5 == 0:
                await people.change_person(session, shop, one, disabled_at=now())
    return ids


async def test_each_word_stands_on_one_page_in_its_order(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    await sow_words(parts, parts.shop, 120, "tela")
    await sow_words(parts, await add_shop(parts.store, "ajena"), 9, "ajena")

    pages = await walked(seller, WORDS)

    assert [page.count("/glosario?palabra=") for page in pages] == [50, 50, 20]
    assert each(r'href="/glosario\?palabra=tela%20(\d+)"', pages) == [
        f"{number:03}" for number in range(120)
    ]
    assert "ajena" not in "".join(pages)
    assert "Volver al principio" not in pages[0]
    assert 'href="/glosario">Volver al principio' in pages[1]


async def test_a_search_of_words_goes_on_over_its_pages(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    await sow_words(parts, parts.shop, 120, "tela")

    pages = await walked(seller, f"{WORDS}?busca=genero")

    assert [page.count(">Un género.<") for page in pages] == [50, 10]
    assert [hidden_in(page, "busca") for page in pages] == ["genero", "genero"]
    assert "Nada por aquí" in (await seller.get(f"{WORDS}?busca=genero&desde=zzz")).text
    odd = await seller.get(WORDS, params={"busca": "\x00", "desde": "\x00", "palabra": "\x00"})
    assert odd.status_code == 200


async def test_a_word_far_down_is_changed_and_switched_off_where_one_is(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    await sow_words(parts, parts.shop, 60, "tela")
    _, last = await walked(seller, f"{WORDS}?busca=tela")

    assert 'value="tela 059"' in (await seller.get(f"{WORDS}?palabra=tela%20059")).text
    here = hidden_in(last, "sigue")
    done = await seller.post(f"{WORDS}/apagar", data={"palabra": "tela 059", "sigue": here})
    away = await seller.post(
        f"{WORDS}/apagar", data={"palabra": "tela 058", "sigue": "https://evil.example"}
    )

    assert done.headers["location"] == f"{WORDS}?busca=tela&desde=tela+049"
    assert "Apagada" in (await seller.get(done.headers["location"])).text
    assert away.headers["location"] == WORDS


async def test_each_person_stands_on_one_page_those_without_access_last(parts: WebParts) -> None:
    mine = await sow_people(parts, parts.shop, 2 * SHOWN)
    await sow_people(parts, await add_shop(parts.store, "ajena"), 3)
    async with staff(parts, "owner") as owner:
        pages = await walked(owner, TEAM)

    assert len(pages) == 3
    found = each(r"<strong>Gente.*?</strong> <span[^>]*>p(\d+)@", pages)
    assert sorted(found) == [f"{number:03}" for number in range(len(mine))]
    without = [number for number in found if int(number) % 5 == 0]
    assert found[-len(without) :] == without


async def test_a_person_is_found_by_name_or_mail_and_changed_there(parts: WebParts) -> None:
    ids = await sow_people(parts, parts.shop, 3 * SHOWN)
    async with staff(parts, "owner") as owner:
        assert "Gente 4" in (await owner.get(f"{TEAM}?q=P004@")).text
        one = await owner.get(f"{TEAM}?q=p004@")
        assert one.text.count("card person") == 1
        none = await owner.get(f"{TEAM}?q=nadie")
        first, second, *_ = await walked(owner, f"{TEAM}?q=gente")
        here = re.search(rf'action="({TEAM}/{ids[0]})?[^"]*(\?[^"]+)"', second)
        assert here is not None
        at = f"{TEAM}/{ids[1]}{html.unescape(here[2])}"
        done = await owner.post(at, data={"accion": "rol", "rol": "viewer"})
        linked = await owner.post(at, data={"accion": "enlace"})
        after = await owner.get(done.headers["location"])
        broken = await owner.get(f"{TEAM}?despues=nadie")
        gone = await owner.get(f"{TEAM}?despues={uuid4()}")

    assert "Nadie con ese nombre" in none.text
    assert first.count("card person") == second.count("card person") == SHOWN
    assert after.text.count("card person") == SHOWN
    assert hidden_in(after.text, "q") == "gente"
    assert "Es para Gente 1." in linked.text, "whoever is on another page is named"
    assert broken.status_code == 422
    assert "Nadie con ese nombre" in gone.text


async def test_each_key_stands_on_one_page_and_is_revoked_there(parts: WebParts) -> None:
    ids = [uuid4() for _ in range(45)]
    async with parts.store.tenant(parts.shop) as session:
        for number, one in enumerate(ids):
            await add_key(session, NewKey(
                shop_id=parts.shop, id=one, digest=one.bytes, name=f"caja {number:02}",
                scopes=["serving"], made_by="terminal:ana", expires_at=None,
                created_at=now() - timedelta(minutes=number),
            ))  # fmt: skip
    async with staff(parts, "owner") as owner:
        pages = await walked(owner, KEYS)
        told = [f"{number:02}" for number in range(45)]
        assert each(r"<strong>caja (\d+)", pages) == told
        at = re.search(rf'action="({KEYS}/{ids[-1]}/revocar[^"]*)"', pages[-1])
        assert at is not None
        done = await owner.post(at[1])
        assert "Revocada" in (await owner.get(done.headers["location"])).text
        assert (await owner.get(f"{KEYS}?antes=x")).status_code == 404
