"""What people do on pages and the line of it in the audit count together, or not at all."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from learning.reviewing import gather
from services.clock import now
from store import audit, fields
from store.base import StoreRefused
from store.dictionary import DictionarySuggestion
from store.session import BatchConnection, Store
from tests.builders import add_history
from tests.web.api.test_acts import OFF, ON, kept
from tests.web.api.test_acts import powerful as powerful  # noqa: PLC0414  a fixture
from tests.web.desks import desk_of, equipped, settings_in
from tests.web.pages.test_documents import RETURNS, known
from tests.web.pages.test_teaching import cluster, unanswered
from tests.web.pages.test_trainings import HOME as TRAININGS
from tests.web.pages.test_trainings import made
from tests.web.rows import add_conversation, add_row
from web.app import WebParts

TEXT = [("archivos", ("plazos.md", RETURNS, "text/markdown"))]
ACTS: list[tuple[str, dict[str, Any], str]] = [
    ("/documentos", {"files": TEXT}, "document.uploaded"),
    ("/documentos/{document}", {"data": {"titulo": "Cambios"}}, "document.changed"),
    ("/documentos/{document}/estado", {"data": {"activo": "false"}}, "document.changed"),
    ("/documentos/{document}/quitar", {}, "document.removed"),
    ("/glosario", {"data": {"palabra": "luca", "significado": "Mil pesos."}}, "term.created"),
    ("/glosario", {"data": {"palabra": "luca", "significado": "1.000 pesos."}}, "term.changed"),
    ("/glosario/apagar", {"data": {"palabra": "luca"}}, "term.removed"),
    ("/glosario/sugerencias/{yapa}",
     {"data": {"decision": "si", "significado": "Un regalo."}}, "term.accepted"),
    ("/glosario/sugerencias/{altiro}", {"data": {"decision": "no"}}, "term.dismissed"),
    ("/glosario/campos/product/price", {"data": {"significado": "Cómo se llama."}},
     "field.described"),
    ("/ejemplos/nuevo", {"data": {"pregunta": "¿abren?", "respuesta": "De lunes a sábado."}},
     "example.added"),
    ("/ejemplos/{row}/uso", {"data": {"accion": "excluir"}}, "example.allowed"),
    ("/ejemplos/{row}/venta", {"data": {"venta": "si"}}, "example.sold"),
    ("/sin-respuesta/{question}/responder", {"data": {"respuesta": "Sí, llegamos por avión."}},
     "question.decided"),
    ("/sin-respuesta/{question}/falta", {"data": {"producto": "termo"}}, "question.decided"),
    ("/revisar/{poor}", {"data": {"accion": "borrador", "nota": "3"}}, "review.draft"),
    ("/revisar/{poor}", {"data": {"accion": "guardar", "nota": "2", "intencion": "precio"}},
     "review.done"),
    ("/revisar/{worse}", {"data": {"accion": "descartar"}}, "review.discarded"),
]  # fmt: skip
NEWEST = "SELECT action FROM app.audit_event ORDER BY number DESC LIMIT 1"


@pytest.fixture
async def places(parts: WebParts, store: Store) -> dict[str, UUID]:
    """What stands in addresses."""
    shop = parts.shop
    await add_conversation(store, shop)
    row = await add_row(store, shop, "a")
    await unanswered(store, shop, "¿hacen envíos a Punta Arenas?")
    found = {"document": await known(parts, shop), "row": row}
    for name in ("poor", "worse"):
        said = "no me sirve"
        found[name] = await add_row(
            store, shop, name, at=now(), user_feedback=said, quality_score=1
        )
    await gather(store, shop, now())
    found["question"] = (await cluster(store, shop)).id
    async with store.transaction() as session:
        for word in ("yapa", "altiro"):
            found[word] = uuid4()
            session.add(
                DictionarySuggestion(
                    shop_id=shop, id=found[word], word=word, folded=word, count=3,
                    messages=[f"¿me das {word}?"], first_seen=now(), last_seen=now(), state="open",
                )
            )  # fmt: skip
        await fields.sync(session, shop)
    return found


async def test_an_act_that_the_audit_does_not_take_was_not_done(
    seller: httpx2.AsyncClient, places: dict[str, UUID], powerful: BatchConnection
) -> None:
    for path, said, action in ACTS:
        place = path.format(**places)
        before = await kept(powerful)
        await powerful.execute(ON)
        with pytest.raises(StoreRefused, match="the audit takes nothing"):
            await seller.post(place, **said)
        await powerful.execute(OFF)
        after = await kept(powerful)
        assert [name for name in after if after[name] != before[name]] == [], path
        done = await seller.post(place, **said)
        assert done.status_code < 400, (path, done.text)
        assert await powerful.fetchval(NEWEST) == action, path


async def test_the_chain_holds_whoever_wrote_its_lines(
    seller: httpx2.AsyncClient, parts: WebParts, places: dict[str, UUID]
) -> None:
    for path, said, _ in ACTS[:7]:
        await seller.post(path.format(**places), **said)
    async with parts.store.tenant(parts.shop) as session:
        checked = await audit.check(session, parts.shop)
        uploaded = audit.Wanted(action="document.uploaded")
        (line,) = await audit.events(session, parts.shop, uploaded)
    assert (checked.broken, checked.count >= 7) == (None, True)
    assert (line.actor, line.after) == ("shop", {"name": "plazos.md"})
    assert line.request_id
    assert line.object.startswith("document:")


async def test_what_a_worker_reads_is_nobodys_act(parts: WebParts, store: Store) -> None:
    await known(parts, parts.shop)
    async with store.tenant(parts.shop) as session:
        assert list(await audit.events(session, parts.shop, audit.Wanted())) == []


async def test_a_better_answer_is_accepted_with_its_line_or_not_at_all(
    seller: httpx2.AsyncClient, places: dict[str, UUID], powerful: BatchConnection
) -> None:
    edit = f"/ejemplos/{places['row']}/editar"
    seen = await seller.post(edit, data={"texto": "Sí, tenemos de todo."})
    proposal = re.search(r'name="propuesta" value="([^"]+)"', seen.text)
    assert proposal is not None
    data, before = {"propuesta": proposal[1], "seguro": "si"}, await kept(powerful)
    await powerful.execute(ON)
    with pytest.raises(StoreRefused):
        await seller.post(f"{edit}/guardar", data=data)
    await powerful.execute(OFF)
    assert await kept(powerful) == before
    done = await seller.post(f"{edit}/guardar", data=data)
    assert "hecho=" in done.headers["location"]
    assert await powerful.fetchval(NEWEST) == "improvement.accepted"


async def test_a_trainer_hears_of_a_pause_when_the_audit_has_it(
    parts: WebParts, tmp_path: Path, prefix: str, redis_url: str, powerful: BatchConnection
) -> None:
    """What was told to a trainer cannot be taken back."""
    tooled, jobs = equipped(parts, settings_in(tmp_path, prefix, redis_url))
    await add_history(parts.store, parts.shop, 14)
    async with desk_of(tooled) as eva:
        order = {"entrenador": "examples", "base": "offline:reglas"}
        order["conjunto"] = await made(eva, jobs)
        one = (await eva.post(f"{TRAININGS}/trabajos", data=order)).headers["location"]
        await powerful.execute(ON)
        with pytest.raises(StoreRefused, match="the audit takes nothing"):
            await eva.post(f"{one}/pausar")
        await powerful.execute(OFF)
        refused = await eva.post(f"{one}/pausar")
    assert refused.status_code == 409, "this trainer cannot pause, and had not been asked before"
    assert await powerful.fetchval(NEWEST) == "training.paused"
