"""The modules of the extending pages do what their pages say, exactly as they stand."""

import asyncio
import doctest
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from msgspec import structs

from app.backing import Backing
from app.plugins import Setting
from bot.channels.base import NotStored, Part, RetryAfter
from events.contents import Attachment, Reaction
from events.happened import Happened
from events.vocabulary import MessageReceived
from knowledge.policies import ruled
from services.wire import Wire
from tests.docs.conftest import Written
from tests.docs.pages import ROOT, page, pages
from tests.fixtures.bots import bot, knobs, until


async def test_a_handler_answers_what_is_its_own_and_declines_the_rest(
    backing: Backing, prefix: str, written: Written
) -> None:
    extension, _ = written("handler.md")
    async with bot(backing, knobs(prefix), extension) as shop:
        assert "jueves" in await shop.ask("ana", "¿hacen envíos a Punta Arenas?")
        assert "jueves" not in await shop.ask("eva", "¿hacen envíos a Talca?")
        pair = await shop.ask("luz", "¿tienen dos por la mochila urbana azul?")
        assert pair == "Dos Mochila Urbana Azul te quedan en $44.982."
        assert await shop.ask("mar", "¿en qué talla hay?") == "¿Qué talla usas?"
        await shop.settled()
        question, picture = [part for part in shop.channel.sent if part.chat == "mar"]
        assert [choice.id for choice in question.choices] == ["size:s", "size:m"]
        assert isinstance(picture.extra, Attachment)
        tap = shop.channel.message("mar", "S", key="tap")
        await shop.channel.deliver(structs.replace(tap, action="size:s", content="action"))
        await shop.settled()
        noted, thumb = [part for part in shop.channel.sent if part.chat == "mar"][2:]
        assert noted.text == "¡Anotado!"
        assert thumb.extra == Reaction(target=tap.platform_id, emoji="👍")


async def test_a_listener_hears_every_score(
    backing: Backing, prefix: str, written: Written
) -> None:
    extension, module = written("listener.md")
    async with bot(backing, knobs(prefix), extension) as shop:
        await shop.ask("ana", "¿cuánto cuesta la mochila urbana azul?")
        await shop.ask("ana", "no me gusta, muy cara")
        await shop.ask("eva", "¿cuánto cuesta la mochila urbana azul?")
        await shop.ask("eva", "perfecto, la quiero")
        await shop.settled()

        async def told() -> bool:
            return len(module.alarms) > 0

        await until(told)
    assert [alarm.partition(":")[0] for alarm in module.alarms] == ["rejection"]


async def test_a_listener_that_meets_a_dependency_that_is_down_waits(written: Written) -> None:
    _, module = written("listener.md")
    score = type("Score", (), {"score": 1, "label": "complaint", "training_id": uuid4()})()

    def down(_text: str) -> None:
        raise ConnectionError("nobody answers")

    vars(module)["notify"] = down
    assert (await module.tell_the_owner(score)).after == 30


def test_a_signal_moves_the_score_and_marks_the_sale(written: Written, tmp_path: Path) -> None:
    _, module = written("signal.md")
    command = page("docs/extending/signal.md").blocks("bash")[0]
    (tmp_path / "aprendiz.toml").write_text(f'[app]\nplugins = ["{module.__name__}"]\n')
    main = f"{sys.executable} {ROOT / 'main.py'}"
    done = subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/python main.py", main)],
        capture_output=True, timeout=200, check=True, cwd=tmp_path,
    )  # fmt: skip
    judged = json.loads(done.stdout)
    assert (judged["score"], judged["label"], judged["successful"]) == (5, "purchase_intent", True)
    assert "factura" in [one["text"] for one in judged["evidence"]]


def test_a_signal_is_heard_with_what_else_is_known(written: Written, tmp_path: Path) -> None:
    _, module = written("signal.md")
    (tmp_path / "aprendiz.toml").write_text(f'[app]\nplugins = ["{module.__name__}"]\n')
    (console,) = page("docs/extending/signal.md").blocks("console")
    command, _, expected = console.removeprefix("$ ").partition("\n")
    main = f"{sys.executable} {ROOT / 'main.py'}"
    done = subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/python main.py", main)],
        capture_output=True, timeout=200, check=True, cwd=tmp_path,
    )  # fmt: skip
    got = done.stdout.decode()
    assert doctest.OutputChecker().check_output(expected, got, doctest.ELLIPSIS), got


def test_evidence_is_weighed_as_its_page_says(written: Written) -> None:
    from evaluation.scoring import Evidence, score_follow_up  # noqa: PLC0415  beside what it checks

    def scored(rule: str, weight: float) -> tuple[int | None, bool]:
        judged = score_follow_up("x", extra=[lambda _text: Evidence(rule, "x", weight)])
        return judged.score, judged.successful

    assert [scored("own", weight)[0] for weight in (-2, -1, 1, 2)] == [1, 2, 4, 5]
    assert scored("own", 3) == (5, False)
    for rule in ("purchase_intent", "payment_question", "interest"):
        assert scored(rule, 3) == (5, True)


async def test_a_channel_of_files_brings_and_takes_messages(
    backing: Backing, prefix: str, written: Written
) -> None:
    extension, module = written("channel.md")
    inbox, outbox = module.FOLDER / "in", module.FOLDER / "out"
    for folder in (inbox, outbox):
        folder.mkdir(parents=True)
    (inbox / "ana-1.txt").write_text("¿cuánto cuesta la mochila urbana azul?")
    async with bot(backing, knobs(prefix), extension) as shop:

        async def answered() -> bool:
            return len(list(outbox.iterdir())) == 1

        await until(answered)
        (inbox / "ana-1.txt").write_text("¿cuánto cuesta la mochila urbana azul?")

        async def taken() -> bool:
            return not list(inbox.iterdir())

        await until(taken)
        await shop.settled()
    (answer,) = outbox.iterdir()
    assert "24.990" in answer.read_text()
    assert answer.name.startswith("ana-")


async def test_a_file_stays_until_its_message_is_stored(written: Written, wire: Wire) -> None:
    _, module = written("channel.md")
    inbox = module.FOLDER / "in"
    inbox.mkdir(parents=True)
    (inbox / "ana-1.txt").write_text("hola")
    mailbox = module.Mailbox(Setting(uuid4(), "mailbox:main", wire))
    offered: list[MessageReceived] = []

    async def closed(event: Happened) -> bool:
        assert isinstance(event, MessageReceived)
        offered.append(event)
        raise NotStored("closed")

    receiving = asyncio.create_task(mailbox.receive(closed))

    async def twice() -> bool:
        return len(offered) == 2

    await until(twice)
    receiving.cancel()
    await asyncio.wait([receiving])
    assert offered[0].id == offered[1].id
    assert list(inbox.iterdir())
    part = Part("key", uuid4(), "ana", "hola")
    assert isinstance(await mailbox.send(part), RetryAfter)


async def test_a_pack_brings_its_words_and_its_catalogue(
    backing: Backing, prefix: str, written: Written, tmp_path: Path
) -> None:
    (tmp_path / "cafeteria").mkdir()
    (tmp_path / "cafeteria" / "documents").mkdir()
    for file in (
        "pack.toml", "products.csv", "intents.toml", "answers.toml", "documents/reservas.md",
        "glossary.toml", "policies.toml", "examples.toml",
    ):  # fmt: skip
        body = page("docs/extending/pack.md").block_named(f"cafeteria/{file}")
        (tmp_path / "cafeteria" / file).write_text(body)
    extension, _ = written("pack.md")
    settings = knobs(prefix, "cafeteria", app={"pack": "cafeteria"}, knowledge={"starter": True})
    async with bot(backing, settings, extension) as shop:
        pets = await shop.ask("ana", "¿puedo ir con mi perro?")
        assert "En la terraza de Café Cobre tu mascota es bienvenida" in pets
        assert "9.990" in await shop.ask("ana", "¿cuánto cuesta el café de grano?")
        assert "Café Cobre" in await shop.ask("eva", "hola")
        groups = await shop.ask("eva", "somos un grupo de diez personas, ¿hay que reservar?")
        assert "con dos días de anticipación" in groups
        assert "Un café con un poco de leche" in await shop.ask("luis", "¿qué es un macchiato?")
        told = ruled("Listo, te reservé mesa.", shop.parts.pack, "es")
        assert told.broken == "sin_promesas_de_mesa"
        assert [one.answer for one in shop.parts.pack.examples] == [
            "¡Sí, te esperamos con un cortado!"
        ]


def test_every_module_shown_is_run_by_a_test_of_these_files() -> None:
    files = Path(__file__).parent.glob("test_extending*.py")
    source = "".join(one.read_text() for one in files)
    shown: list[Any] = [one for one in pages() if one.blocks("python")]
    names = {one.path.name for one in shown}
    assert all(f'"{name}"' in source for name in names)
    assert all(len(one.blocks("python")) == 1 for one in shown)
