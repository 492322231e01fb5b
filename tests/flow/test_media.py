"""What customers send is read before their turn is answered, and every file ends somewhere."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from sqlalchemy import select

from app.backing import Backing
from app.lives import HabitsChannel
from app.parts import build
from app.pipeline import pipeline
from app.plugins import App, Setting
from app.simulation import settled
from bot.channels.base import Channel
from events.contents import Media
from events.vocabulary import MessageReceived
from services.state import Endpoints
from store import app, ml
from store.dealings import MediaFile
from store.senses import SenseLog
from tests.fixtures.bots import Bot, knobs
from tests.flow.papers import pdf
from tests.servers.senses import Senses, senses

BY = ("memory", "local", 0)
PRICE = "cuánto cuesta el termo de acero de medio litro"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@pytest.fixture
async def server() -> AsyncIterator[Senses]:
    async with senses() as server:
        yield server


@pytest.fixture
async def shop(
    request: pytest.FixtureRequest, backing: Backing, prefix: str, server: Senses, tmp_path: Path
) -> AsyncIterator[Bot]:
    wanted = knobs(
        prefix,
        shop="media",
        app={"var": tmp_path},
        media={"url": server.url, "wait_s": getattr(request, "param", 60), "max_voice_s": 60},
    )
    made: list[HabitsChannel] = []

    def habits(setting: Setting) -> Channel:
        made.append(HabitsChannel(setting.shop, setting.account))
        return made[0]

    async with (
        build(wanted, backing, App(), {"memory:main": habits}) as parts,
        pipeline(parts, backing.redis_url, App()) as running,
    ):
        yield Bot(running, made[0])


def file(
    shop: Bot,
    chat: str,
    data: bytes,
    content: Literal["voice", "photo", "document"] = "voice",
    **told: Any,  # noqa: ANN401  fields of Media
) -> MessageReceived:
    channel = shop.channel
    assert isinstance(channel, HabitsChannel)
    ref = f"{chat}/{len(channel.files)}"
    channel.files[ref] = data
    message = channel.message(chat, str(told.pop("text", "")), key=ref)
    mime = {"voice": "audio/ogg", "photo": "image/jpeg", "document": "application/pdf"}[content]
    flags = frozenset(told.pop("flags", ()))
    media = Media(kind=content, ref=ref, mime=mime, **told)
    return msgspec.structs.replace(message, content=content, media=(media,), flags=flags)


async def answer(shop: Bot, message: MessageReceived) -> str:
    before = len(shop.channel.replies(message.chat))
    await shop.channel.deliver(message)
    return (await shop.channel.wait_for_replies(message.chat, before + 1))[-1]


async def stored(shop: Bot, message: MessageReceived) -> tuple[app.Message, MediaFile]:
    await settled(shop.parts.stream)
    async with shop.parts.store.reading() as session:
        row = await session.get(app.Message, (shop.parts.shop, message.id))
        kept = await session.scalar(select(MediaFile).where(MediaFile.message_id == message.id))
    assert row is not None
    assert kept is not None
    return row, kept


async def test_a_voice_note_is_answered_like_a_text_and_kept_with_its_words(
    shop: Bot, server: Senses, tmp_path: Path
) -> None:
    server.words[b"ogg-1"] = PRICE
    message = file(shop, "ana", b"ogg-1", seconds=4)
    assert "17.990" in await answer(shop, message)
    row, kept = await stored(shop, message)
    assert row.reading == PRICE
    assert row.reading_confidence == pytest.approx(0.9, abs=0.02)
    assert kept.path is not None
    assert (tmp_path / "media" / kept.path).read_bytes() == b"ogg-1"
    assert len(shop.channel.replies("ana")) == 1


async def test_what_was_heard_and_looked_at_stands_in_the_costs_of_its_kind(
    shop: Bot, server: Senses
) -> None:
    """Also what said nothing; a document needs no model, and words no second line."""
    server.words |= {b"ogg-8": PRICE, b"jpg-8": "Una mochila urbana azul.", b"mute": ""}
    server.lasts = 7.5
    server.usage = {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960}
    await answer(shop, file(shop, "ana", b"ogg-8", seconds=4))
    await answer(shop, file(shop, "eva", b"jpg-8", "photo", text="cuánto cuesta esto?"))
    await answer(shop, file(shop, "luz", b"mute", seconds=2))
    await answer(shop, file(shop, "sol", pdf("Quiero saber el precio del mate"), "document"))
    await shop.settled()
    async with shop.parts.store.reading() as session:
        rows = list(await session.scalars(select(SenseLog).order_by(SenseLog.created_at)))
        assert {row.message_id for row in rows} < set(await session.scalars(select(app.Message.id)))
    kinds = [("voice", 7.5), ("image", None), ("voice", 7.5)]
    assert [(row.kind, row.seconds) for row in rows] == kinds
    assert {(row.channel, row.provider, row.cost_micros) for row in rows} == {BY}
    assert (rows[1].model, rows[1].tokens_in, rows[1].tokens_out) == ("llava", 900, 60)


async def test_what_is_written_and_what_is_said_are_one_turn(shop: Bot, server: Senses) -> None:
    server.words[b"ogg-2"] = "del termo de acero de un litro"
    server.slow_s = 0.4
    note = file(shop, "ana", b"ogg-2", seconds=2)
    await shop.channel.deliver(note)
    text = shop.channel.message("ana", "dime por favor el precio", key="text")
    assert "22.990" in await answer(shop, text) or "agotado" in shop.channel.replies("ana")[-1]
    assert len(shop.channel.replies("ana")) == 1


async def test_a_model_that_refuses_verbose_answers_is_asked_for_plain_ones(
    shop: Bot, server: Senses
) -> None:
    server.plain = True
    server.words[b"ogg-3"] = PRICE
    for _ in range(2):
        assert "17.990" in await answer(shop, file(shop, f"ana{_}", b"ogg-3", seconds=2))
    formats = [asked.get("response_format") for asked in server.asked]
    assert formats == ["verbose_json", None, None]


async def test_words_that_were_hardly_understood_are_asked_back(shop: Bot, server: Senses) -> None:
    server.words[b"ogg-4"], server.sure = PRICE, -2.0
    told = await answer(shop, file(shop, "ana", b"ogg-4", seconds=2))
    assert PRICE in told
    assert "17.990" not in told


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"size": 99 * 1024**2}, "demasiado grande"),
        ({"seconds": 600}, "muy largo"),
        ({"flags": ("view_once",)}, "una sola vista"),
    ],
)
async def test_what_is_not_fetched_is_answered_honestly_and_not_kept(
    shop: Bot, server: Senses, tmp_path: Path, told: dict[str, Any], said: str
) -> None:
    message = file(shop, "ana", b"never", **told)
    assert said in await answer(shop, message)
    _, kept = await stored(shop, message)
    assert kept.path is None
    assert server.asked == []
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize("shop", [1.5], indirect=True)
async def test_a_turn_waits_no_longer_than_its_limit(shop: Bot, server: Senses) -> None:
    server.words[b"ogg-5"], server.slow_s = PRICE, 120
    told = await answer(shop, file(shop, "ana", b"ogg-5", seconds=2))
    assert "No alcancé" in told
    await settled(shop.parts.stream)
    assert len(shop.channel.replies("ana")) == 1


async def test_a_provider_that_stumbles_is_asked_again_within_the_limit(
    shop: Bot, server: Senses
) -> None:
    server.words[b"ogg-6"], server.failing = PRICE, 1
    assert "17.990" in await answer(shop, file(shop, "ana", b"ogg-6", seconds=2))


async def test_a_picture_is_described_and_a_document_is_read(shop: Bot, server: Senses) -> None:
    server.words[b"jpg-1"] = "Una mochila urbana azul."
    asked = file(shop, "ana", b"jpg-1", "photo", text="cuánto cuesta esto?")
    assert "24.990" in await answer(shop, asked)
    list_ = pdf("Quiero saber el precio de la manta de alpaca tejida, por favor")
    assert "54.990" in await answer(shop, file(shop, "eva", list_, "document"))
    broken = file(shop, "luz", b"%PDF-1.4 nothing", "document")
    assert "No pude leer" in await answer(shop, broken)


@pytest.mark.parametrize(
    ("said", "score", "kept"),
    [
        ("perfecto, muchas gracias, llámame al 987654321", 5, "[TEL_1]"),
        ("no, eso no es lo que pregunté", 2, "no es lo que"),
        ("", None, ""),
    ],
)
async def test_what_a_voice_note_says_scores_the_answer_before_it(
    shop: Bot, server: Senses, said: str, score: int | None, kept: str
) -> None:
    await shop.ask("ana", PRICE)
    server.words[b"ogg-9"] = said
    await answer(shop, file(shop, "ana", b"ogg-9", seconds=3))
    await shop.settled()
    query = select(ml.TrainingData).order_by(ml.TrainingData.position).limit(1)
    async with shop.parts.store.reading() as session:
        row = await session.scalar(query)
        scores = (await session.scalars(select(ml.Score.training_id))).all()
    assert row is not None
    assert scores.count(row.id) == 1
    assert row.evaluated_at is not None
    assert (row.quality_score is None) == (score is None)
    if score is not None and row.quality_score is not None:
        assert abs(row.quality_score - score) <= 1
    assert kept in (row.user_feedback or "")
    assert "987654321" not in (row.user_feedback or "")


async def test_words_are_answered_and_the_file_among_them_is_not_passed_over(
    shop: Bot, server: Senses
) -> None:
    server.slow_s = 0.3
    server.words[b"ogg-7"] = ""
    await shop.channel.deliver(file(shop, "ana", b"ogg-7", seconds=2))
    said = await answer(shop, shop.channel.message("ana", f"¿{PRICE}?", key="text"))
    await shop.settled()
    both = " ".join(shop.channel.replies("ana"))
    assert "17.990" in both
    assert "No pude leer lo que enviaste" in both
    assert len(shop.channel.replies("ana")) == 1, said
