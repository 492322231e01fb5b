"""The pages of data, trainings and evaluations, with the jobs behind them really done."""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from services.news import key_of
from store.evaluations import EvalCase
from store.preparing import Preparation
from store.session import Store
from tests.builders import add_history
from tests.fixtures.store import add_shop
from tests.web.desks import Jobs, desk_of, equipped, settings_in
from web.app import WebParts

HOME = "/admin/entrenamientos"
CASES = "/admin/evaluaciones/casos"
PART = {"HX-Request": "true", "HX-Target": "section#vista"}


@pytest.fixture
def tooled(parts: WebParts, tmp_path: Path, prefix: str, redis_url: str) -> tuple[WebParts, Jobs]:
    return equipped(parts, settings_in(tmp_path, prefix, redis_url))


@pytest.fixture
async def eva(tooled: tuple[WebParts, Jobs]) -> AsyncIterator[httpx2.AsyncClient]:
    async with desk_of(tooled[0]) as client:
        yield client


async def made(eva: httpx2.AsyncClient, jobs: Jobs) -> str:
    """A dataset, prepared as a person would."""
    await eva.post(f"{HOME}/datos", data={"tope": "100"})
    await jobs.work()
    found = re.search(rf'href="{HOME}/datos/([0-9a-f-]{{36}})"', (await eva.get(HOME)).text)
    assert found is not None
    return found[1]


async def test_every_page_teaches_while_there_is_nothing(eva: httpx2.AsyncClient) -> None:
    for path in ("/admin", HOME, f"{HOME}/trabajos", "/admin/evaluaciones"):
        page = await eva.get(path)

        assert page.status_code == 200, path
        assert 'class="nothing"' in page.text, path


async def test_the_preview_counts_what_the_filters_leave(
    eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_history(store, shop, 14)
    everything = await eva.get(HOME, headers=PART)
    later = await eva.get(f"{HOME}?desde=2099-01-01", headers=PART)
    other = await eva.get(f"{HOME}?intencion=consulta_envio", headers=PART)

    assert '<strong class="big">14</strong>' in everything.text
    assert "Anteriores a la fecha elegida" in later.text
    assert "De otras intenciones" in other.text
    known = {**PART, "If-None-Match": everything.headers["etag"]}
    assert (await eva.get(HOME, headers=known)).status_code == 304


async def test_a_dataset_is_prepared_with_its_filters_and_told_of(
    tooled: tuple[WebParts, Jobs], eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    parts, jobs = tooled
    await add_history(store, shop, 14)
    dataset = await made(eva, jobs)
    card = await eva.get(f"{HOME}/datos/{dataset}")
    verified = await eva.post(f"{HOME}/datos/{dataset}/verificar")
    lines = await parts.wire.command("XRANGE", key_of(parts.channel.prefix, shop), "-", "+")

    assert "14" in card.text
    assert "son los que eran" in verified.text
    async with store.reading() as session:
        asked = (await session.scalars(select(Preparation))).one()
    assert (asked.state, asked.read, asked.requested_by) == ("done", 14, "Eva")
    assert asked.wanted == {"per_customer": 1.0}
    told = [json.loads(fields[1]) for _, fields in lines]
    assert {"kind": "job", "id": str(asked.id)} in told


async def test_a_dataset_is_downloaded_in_every_format(
    tooled: tuple[WebParts, Jobs], eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_history(store, shop, 14)
    path = f"{HOME}/datos/{await made(eva, tooled[1])}/archivos"
    table = await eva.get(f"{path}/csv")
    lines = await eva.get(f"{path}/openai")
    unknown = await eva.get(f"{path}/exe")

    assert table.text.count("consulta_precio") == 28
    names = zipfile.ZipFile(io.BytesIO(lines.content)).namelist()
    assert {"train.jsonl", "validation.jsonl", "test.jsonl"} <= set(names)
    assert unknown.status_code == 422


async def test_nothing_to_learn_is_explained(
    tooled: tuple[WebParts, Jobs], eva: httpx2.AsyncClient
) -> None:
    await eva.post(f"{HOME}/datos", data={})
    await tooled[1].work()

    assert "Todavía no hay de qué aprender" in (await eva.get(HOME)).text


async def test_a_training_is_asked_for_cancelled_and_tried_again(
    tooled: tuple[WebParts, Jobs], eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_history(store, shop, 14)
    jobs, order = tooled[1], {"entrenador": "examples", "base": "offline:reglas"}
    order["conjunto"] = await made(eva, jobs)
    first = (await eva.post(f"{HOME}/trabajos", data=order)).headers["location"]
    cancelled = await eva.post(f"{first}/cancelar")
    await jobs.work()
    ended = await eva.get(first)
    again = (await eva.post(f"{first}/reintentar")).headers["location"]
    await jobs.work()
    done = await eva.get(again)
    clone = await eva.get(f"{HOME}/trabajos?como={first.rpartition('/')[2]}")

    assert cancelled.status_code == 303
    assert "Cancelado" in ended.text
    assert again != first
    assert "De aquí salió" in done.text
    assert re.search(r"\d\d:\d\d:\d\d +\d+ ejemplos de \d+ intenci", done.text)
    assert 'value="offline:reglas"' in clone.text
    assert "UTC" not in clone.text


async def test_what_a_training_may_not_be_is_said_in_spanish(
    eva: httpx2.AsyncClient, tooled: tuple[WebParts, Jobs], store: Store, shop: UUID
) -> None:
    await add_history(store, shop, 14)
    dataset = await made(eva, tooled[1])
    wrong = {"entrenador": "examples", "conjunto": dataset, "base": "groq:y", "parametros": "tres"}
    unfit = wrong | {"base": "nadie:y", "parametros": ""}
    nothing = wrong | {"conjunto": str(UUID(int=7)), "parametros": ""}

    assert "no trabaja con ese modelo base" in (await eva.post(f"{HOME}/trabajos", data=unfit)).text
    assert "Los parámetros se escriben" in (await eva.post(f"{HOME}/trabajos", data=wrong)).text
    assert "Así no se puede entrenar" in (await eva.post(f"{HOME}/trabajos", data=nothing)).text


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ({"base": "groq"}, (422, ["base"])),
        ({"parametros": "tres"}, (422, ["parametros"])),
        ({"conjunto": ""}, (422, ["conjunto"])),
        ({"conjunto": str(UUID(int=7))}, (409, [])),
    ],
)
async def test_a_refused_training_comes_back_as_it_was_typed(
    eva: httpx2.AsyncClient,
    tooled: tuple[WebParts, Jobs],
    store: Store,
    typed: dict[str, str],
    seen: tuple[int, list[str]],
) -> None:
    shop = tooled[0].shop
    await add_history(store, shop, 14)
    order = {"entrenador": "examples", "conjunto": await made(eva, tooled[1]),
             "base": "offline:mío", "metodo": "dpo", "parametros": "epochs=7"}  # fmt: skip

    answer = await eva.post(f"{HOME}/trabajos", data=order | typed)

    assert answer.status_code == seen[0]
    given = order | typed
    assert f'value="{given["base"]}"' in answer.text
    assert f">{given['parametros']}</textarea>" in answer.text
    assert '<option value="examples" selected>' in answer.text
    assert '<option value="dpo" selected>' in answer.text
    assert (f'<option value="{given["conjunto"]}" selected>' in answer.text) is (
        given["conjunto"] == order["conjunto"]
    )
    assert answer.text.count('role="alert"') == 1
    marked = re.findall(r'name="(\w+)"[^>]* aria-invalid="true"', answer.text)
    assert marked == seen[1]


async def test_a_case_of_the_shops_own_is_added_changed_and_removed(
    eva: httpx2.AsyncClient, store: Store
) -> None:
    said = {"mensajes": "soy ana@correo.cl\n¿cuánto sale?", "debe": "24.990"}
    await eva.post(CASES, data=said)
    async with store.reading() as session:
        own = select(EvalCase).where(EvalCase.origin == "shop")
        row = (await session.scalars(own)).one()
    changed = said | {"nunca": "gratis", "conjunto": "dev"}
    await eva.post(f"{CASES}/{row.id}", data=changed)
    async with store.reading() as session:
        after = (await session.scalars(own)).one()
    removed = await eva.post(f"{CASES}/{row.id}/quitar")
    empty = await eva.post(CASES, data={"mensajes": "hola"})

    assert "ana@correo.cl" not in row.messages[0], "masked, whatever is typed"
    assert (row.expected["must"], row.added_by) == (["24.990"], "Eva")
    assert (after.expected["never"], after.split) == (["gratis"], "dev")
    assert removed.status_code == 303
    assert "Di qué debe decir" in empty.text


async def test_a_case_of_the_trade_stays_as_it_is(eva: httpx2.AsyncClient, store: Store) -> None:
    await eva.get(CASES)
    async with store.reading() as session:
        row = (await session.scalars(select(EvalCase).where(EvalCase.origin == "pack"))).first()
    assert row is not None
    data = {"mensajes": "x", "debe": "y"}

    assert "no se cambia aquí" in (await eva.get(f"{CASES}/{row.id}")).text
    assert (await eva.post(f"{CASES}/{row.id}", data=data)).status_code == 404
    assert (await eva.post(f"{CASES}/{row.id}/quitar")).status_code == 404


async def test_another_shops_data_are_not_there(
    tooled: tuple[WebParts, Jobs], eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    """What the other one prepared and trained is nobody else's to see, or to end."""
    await add_history(store, shop, 14)
    jobs = tooled[1]
    dataset = await made(eva, jobs)
    order = {"entrenador": "examples", "base": "offline:reglas", "conjunto": dataset}
    training = (await eva.post(f"{HOME}/trabajos", data=order)).headers["location"]
    other = await add_shop(store, "ajena")
    strange = equipped(replace(tooled[0], shop=other), jobs.settings)[0]
    async with desk_of(strange) as stranger:
        listed = await stranger.get(HOME)
        paths = [f"{HOME}/datos/{dataset}", f"{HOME}/datos/{dataset}/archivos/csv", training]
        seen = [(await stranger.get(path)).status_code for path in paths]
        ended = await stranger.post(f"{training}/cancelar")
        trained = await stranger.post(f"{HOME}/trabajos", data=order)

    assert dataset not in listed.text
    assert seen == [404, 404, 404]
    assert ended.status_code == 404
    assert trained.status_code == 409
