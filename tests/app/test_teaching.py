"""`main.py nlu` at the terminal: labels in, a classifier out, and what it is worth."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from app.commands_nlu import nlu
from app.commands_try import tries
from config.folders import DOMAINS
from config.packs import load_pack
from events.happened import named
from nlu.brought import FILE, brought
from store.nlu import gold
from store.session import Store
from tests.app.terminal import Ended, typed
from tests.builders import a_turn, add_customer, add_turns


async def given(env: dict[str, str], lines: list[str], cli: Typer, *words: str) -> Ended:
    done = await asyncio.to_thread(
        CliRunner().invoke, cli, words, env=env, input="\n".join(lines) + "\n"
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Ended(done.exit_code, done.stdout, done.stderr)


def line(text: str, intent: str, **more: object) -> str:
    return json.dumps({"text": text, "intent": intent} | more)


def lighter(folder: Path) -> dict[str, str]:
    """A pack with every third label: what takes a minute to learn takes some seconds."""
    shutil.copytree(DOMAINS / "ventas", folder)
    labels = (folder / "dev.jsonl").read_text().splitlines()
    (folder / "dev.jsonl").write_text("\n".join(labels[::3]) + "\n")
    return {"APRENDIZ_APP__PACK": str(folder)}


async def test_a_shop_is_taught_and_says_who_decided(env: dict[str, str], tmp_path: Path) -> None:
    env |= lighter(tmp_path / "lighter")
    said = "me la congelas un par de días"
    assert "No classifier yet" in (await typed(nlu, env, "list")).said
    labels = [line(f"{said} porfa {place}", "reserva", gold=True) for place in range(3)]
    assert (await given(env, labels, nlu, "annotate", "--by", "ana", "--json")).json == {
        "written": 3,
        "gold": 3,
    }

    trained = (await typed(nlu, env, "train", "--json")).json

    assert trained["version"] == 1
    assert trained["metrics"]["macro_f1"]["low"] > 0.6
    shown = (await typed(nlu, env, "list", "--json")).json
    assert [(one["version"], one["active"]) for one in shown] == [(1, True)]
    alone = await given(env, [said], tries, "parse", "--pack", "ventas")
    taught = await given(env, [said], tries, "parse", "--shop", "demo")
    assert (alone.json["intent"], alone.json["by"]) == ("general", "rules")
    assert (taught.json["intent"], taught.json["by"]) == ("reserva", "classifier")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("no json", "no annotation"),
        ('{"text": "hola"}', "it has no 'intent'"),
        (line("hola", "no_such"), "no intent 'no_such'"),
        (line("hola", "reserva", slots=[]), "slots are an object"),
        (line(" ", "reserva"), "not empty"),
        ("[1]", "no annotation"),
        (line("hola", "reserva", confidence=7), "refused"),
    ],
)
async def test_one_bad_line_and_nothing_is_written(env: dict[str, str], bad: str, why: str) -> None:
    done = await given(env, [line("me guardas uno", "reserva"), bad], nlu, "annotate")

    assert done.code == 1
    assert why in done.said
    assert "nothing was written" in done.said


async def test_labels_are_masked_before_they_are_kept(env: dict[str, str], store: Store) -> None:
    told = line("mi correo es ana@ejemplo.com", "datos")
    assert (await given(env, [told], nlu, "annotate")).code == 0

    async with store.reading() as session:
        kept = await gold(session, named("shop", "demo"), 10)
    assert kept == [("mi correo es [MAIL_1]", "datos")]


async def test_a_shop_with_too_few_labels_is_told_how_many_are_missing(
    env: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(DOMAINS / "ventas", folder)
    (folder / "dev.jsonl").write_text(line("me guardas uno", "reserva") + "\n")
    done = await typed(nlu, env | {"APRENDIZ_APP__PACK": str(folder)}, "train")

    assert done.code == 1
    assert "9 more of intent reserva" in done.said
    assert "main.py nlu annotate" in done.said


async def test_a_pack_is_taught_by_its_own_labels_for_every_new_shop(
    env: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(DOMAINS / "ventas", folder)
    said = {"reserva": "congélame {} cosas", "contacto": "{} veces tu arroba"}
    lines = [line(text.format(n), name) for name, text in said.items() for n in range(10)]
    (folder / "dev.jsonl").write_text("\n".join(lines) + "\n")

    done = await typed(nlu, env, "train", "--pack", str(folder), "--json")

    assert done.json["file"] == str(folder / FILE)
    learned = brought(load_pack(folder))
    assert learned is not None
    assert {*learned.header.intents} == {*said, "general"}


async def test_a_pack_without_labels_teaches_nothing(env: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(DOMAINS / "ventas", folder)
    (folder / "dev.jsonl").write_text("")
    done = await typed(nlu, env, "train", "--pack", str(folder))

    assert done.code == 1
    assert "no classifier was trained" in done.said


async def test_what_was_hardly_understood_waits_until_somebody_says_what_it_means(
    env: dict[str, str], store: Store
) -> None:
    shop = named("shop", "demo")
    assert "Everything was understood" in (await typed(nlu, env, "uncertain")).said
    person = await add_customer(store, shop, "ana")
    said = [
        ("me lo congelas", "general", 0.1),
        ("¡Me lo CONGELAS!", "general", 0.0),
        ("y eso viene con algo", "general", 0.3),
        ("hola, buenas tardes", "general", 0.0),
        ("ok", "general", 0.0),
        ("cuánto cuesta la taza", "consulta_precio", 0.9),
    ]
    turns = [
        a_turn(shop, str(place), person, user_message=text, intent=intent, confidence=sure)
        for place, (text, intent, sure) in enumerate(said)
    ]
    await add_turns(store, turns)

    shown = await typed(nlu, env, "uncertain", "--json")
    lines = [json.loads(one) for one in shown.out.splitlines()]
    assert [(one["count"], one["confidence"]) for one in lines] == [(2, 0.0), (1, 0.3)]
    assert "congelas" in lines[0]["text"].lower()
    assert "y eso viene con algo" in (await typed(nlu, env, "uncertain", "--limit", "5")).said
    assert (await typed(nlu, env, "uncertain", "--below", "0.05", "--json")).out.count("\n") == 1

    label = json.dumps(lines[0] | {"intent": "reserva", "gold": True})
    assert (await given(env, [label], nlu, "annotate", "--json")).json == {"written": 1, "gold": 1}
    left = (await typed(nlu, env, "uncertain", "--json")).json
    assert left["text"] == "y eso viene con algo", "all that says the same is settled"
