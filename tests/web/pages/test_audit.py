"""The audit as a page and as a file."""

import csv
import html
import io
import re
from uuid import uuid4

from store.audit import record
from store.people import NewPerson, add_person
from store.session import open_connection
from tests.web.staff import person, staff
from web.app import WebParts
from web.pages.audit import OFFERED

AUDIT = "/admin/auditoria"


async def noted(parts: WebParts, actor: str, action: str, **after: object) -> None:
    async with parts.store.tenant(parts.shop) as session:
        before = {"role": "viewer"} if after else None
        await record(
            session, parts.shop, actor, action, "person:1", before=before, after=after or None
        )


async def test_a_line_says_who_did_what_and_what_it_was_before(parts: WebParts) -> None:
    one = await person(parts, "seller")
    await noted(parts, f"person:{one}", "person.role", role="seller", name="<b>Ana</b>")
    async with staff(parts, "owner") as owner:
        page = (await owner.get(AUDIT)).text
    assert "<strong>seller</strong></a> cambió los permisos de alguien" in page
    assert "<del>Solo mira</del>" in page
    assert "<ins>Vende</ins>" in page
    assert "&lt;b&gt;Ana" in page
    assert "Cadena íntegra" in page


async def test_what_our_code_wrote_is_read_in_words(parts: WebParts) -> None:
    async with parts.store.tenant(parts.shop) as session:
        before = {"state": "candidate"}
        after = {"percent": 10, "reason": "True story", "forced": True}
        await record(session, parts.shop, "shop", "model.rollout", "model:1", before=before,
                     after=after)  # fmt: skip
        await record(session, parts.shop, "shop", "training.pausar", "training:1",
                     after={"state": "running", "trainer": "examples"})  # fmt: skip
        await record(session, parts.shop, "shop", "case.keep", "case:1",
                     after={"expected": {"must": ["precio"], "unknown": False}})  # fmt: skip
    async with staff(parts, "owner") as owner:
        page = (await owner.get(AUDIT)).text
    for told in (
        "<dt>estado</dt><dd><del>Candidato</del>", "<dt>sin pasar todas las pruebas</dt>",
        "<ins>sí</ins>", "<ins>True story</ins>", "<ins>En curso</ins>",
        "<ins>Ejemplos en el mensaje</ins>", "<ins>debe decir: precio; no debe saberlo: no</ins>",
    ):  # fmt: skip
        assert told in page, told


async def test_whoever_acted_elsewhere_is_told_in_words_and_chosen(parts: WebParts) -> None:
    key = f"key:{uuid4()}"
    for actor in ("terminal:command line", "terminal:ana", "chat:Rosa", key, "controller"):
        await noted(parts, actor, "document.changed")
    async with staff(parts, "owner") as owner:
        page = (await owner.get(AUDIT)).text
        ours = (await owner.get(AUDIT, params={"quien": "terminal:"})).text
        one = (await owner.get(AUDIT, params={"quien": key})).text
        none = (await owner.get(AUDIT, params={"quien": "key:", "que": "term."})).text
        some = (await owner.get(AUDIT, params={"quien": "key:", "que": "document."})).text
    for told in (
        "Alguien, en la terminal", "ana, en la terminal", "Rosa, en su chat",
        f"Un programa (bk_live_{key[4:12]}…)", "El controlador",
    ):  # fmt: skip
        assert f"<strong>{told}</strong></a> cambió un documento" in page, told
    assert page.count('class="card deed"') == 5
    assert (ours.count('class="card deed"'), 'value="terminal:" selected' in ours) == (2, True)
    assert (one.count('class="card deed"'), f'value="{key}" selected' in one) == (1, True)
    assert "Nada con estos filtros" in none
    assert some.count('class="card deed"') == 1


async def test_what_was_called_otherwise_once_keeps_its_words(parts: WebParts) -> None:
    await noted(parts, "shop", "dataset.prepare")
    await noted(parts, "shop", "dataset.asked")
    async with staff(parts, "owner") as owner:
        page = (await owner.get(AUDIT, params={"que": "dataset."})).text
    assert page.count("preparó un conjunto de datos") == 2


async def test_lines_are_filtered_and_come_in_pages(parts: WebParts) -> None:
    for turn in range(60):
        await noted(parts, "shop", "key.created" if turn % 2 else "session.opened")
    async with staff(parts, "owner") as owner:
        first = (await owner.get(AUDIT)).text
        assert first.count('class="card deed"') == 50
        more = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        assert (await owner.get(more)).text.count('class="card deed"') == 10
        keys = (await owner.get(AUDIT, params={"que": "key."})).text
        assert (keys.count("creó una clave"), keys.count('class="card deed"')) == (30, 30)
        none = await owner.get(AUDIT, params={"desde": "2099-01-01", "quien": "shop"})
        assert "Nada con estos filtros" in none.text
        assert (await owner.get(AUDIT, params={"desde": "ayer"})).status_code == 200


async def test_whoever_is_not_offered_is_chosen_from_a_line(parts: WebParts) -> None:
    last = await person(parts, "viewer")
    async with parts.store.transaction() as session:
        for number in range(OFFERED):
            new = NewPerson(shop_id=parts.shop, id=uuid4(), email=f"{number}@x.cl",
                            name=f"a{number}", role="seller")  # fmt: skip
            await add_person(session, new)
    await noted(parts, f"person:{last}", "person.role")
    await noted(parts, "shop", "key.created")
    async with staff(parts, "owner") as owner:
        page = (await owner.get(AUDIT, params={"desde": "2020-01-01"})).text
        assert f'<option value="person:{last}"' not in page
        told = re.search(rf'<a href="([^"]*{last}[^"]*)"><strong>viewer<', page)
        assert told is not None
        theirs = (await owner.get(html.unescape(told[1]))).text
    assert f'<option value="person:{last}" selected>viewer<' in theirs
    assert 'value="2020-01-01"' in theirs
    assert theirs.count('class="card deed"') == 1


async def test_the_file_holds_every_line_and_no_formula(parts: WebParts) -> None:
    await noted(parts, "shop", "settings.changed", name="=HYPERLINK(1)")
    for _ in range(3):
        await noted(parts, "shop", "session.opened")
    async with staff(parts, "owner") as owner:
        answer = await owner.get(f"{AUDIT}.csv", params={"que": ""})
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["number"] for row in rows] == ["4", "3", "2", "1"]
    assert rows[3]["action"] == "settings.changed"
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


async def test_a_broken_chain_is_shouted(parts: WebParts, database_url: str) -> None:
    for _ in range(3):
        await noted(parts, "shop", "session.opened")
    powerful = await open_connection(database_url)
    await powerful.execute("UPDATE app.audit_event SET action = 'session.closed' WHERE number = 2")
    await powerful.close()
    async with staff(parts, "owner") as owner:
        assert "La cadena está rota en la línea 2" in (await owner.get(AUDIT)).text


async def test_a_seller_reads_no_audit(parts: WebParts) -> None:
    async with staff(parts, "seller") as seller:
        assert (await seller.get(AUDIT)).status_code == 403
        assert (await seller.get(f"{AUDIT}.csv")).status_code == 403
