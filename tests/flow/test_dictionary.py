"""A bot that learns a word while it runs: understood, found, and told to the model."""

import json

import pytest

from app.backing import Backing
from app.plugins import App
from config.shapes import Term
from knowledge import deciding
from services.clock import now
from services.state import Endpoints
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.servers.models import model_server, says


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def word(name: str, definition: str, *synonyms: str) -> Term:
    return Term(word=name, definition=definition, synonyms=synonyms)


async def learned(shop: Bot, *terms: Term) -> None:
    for term in terms:
        await deciding.write(shop.parts.store, shop.parts.shop, term, now())
    held = shop.parts.replier.reader.dictionary

    async def there() -> bool:
        known = {one.word: one.synonyms for one in (await held.of(shop.parts.shop)).terms}
        return all(known.get(term.word) == term.synonyms for term in terms)

    await until(there)


async def test_a_synonym_is_understood_and_found_like_the_word(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="words")) as shop:
        assert "$24.990" not in await shop.ask("ana", "¿cuánto cuesta la petaca azul?")
        assert "Hacemos envíos" not in await shop.ask("ana", "¿y el acarreo?")

        await learned(
            shop,
            word("mochila", "Se lleva en la espalda.", "petaca"),
            word("envío", "A domicilio.", "acarreo"),
        )

        assert "$24.990" in await shop.ask("eva", "¿cuánto cuesta la petaca azul?")
        assert "Hacemos envíos" in await shop.ask("luis", "¿y el acarreo?")


async def test_the_model_reads_what_a_word_means_and_may_say_so(
    backing: Backing, prefix: str
) -> None:
    async with model_server() as server:
        server.will(says("El bamboleo es nuestro sorteo de los viernes."))
        wanted = knobs(
            prefix,
            shop="tells",
            models={"order": ("openai", "offline")},
            openai={"key": "sk-test", "base_url": f"{server.url}/v1"},
        )
        async with bot(backing, wanted) as shop:
            await learned(shop, word("bamboleo", "Nuestro sorteo de los viernes.", "rifa"))
            answer = await shop.ask("ana", "¿qué es la rifa?")
            asked = json.dumps(server.asked[-1], ensure_ascii=False)

    assert "sorteo" in answer
    assert "Palabra «bamboleo»: Nuestro sorteo de los viernes." in asked


async def test_without_a_model_the_bot_says_what_a_word_means_when_it_is_asked(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, shop="means")) as shop:
        await learned(shop, word("bamboleo", "Nuestro sorteo de los viernes.", "rifa"))

        told = await shop.ask("ana", "¿qué es la rifa?")
        assert told == "Bamboleo: Nuestro sorteo de los viernes."
        assert "sorteo" not in await shop.ask("eva", "quiero una rifa")


async def test_a_pack_brings_its_words_and_another_shop_has_none_of_them(
    backing: Backing, prefix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("packs") / "escolar"
    folder.mkdir()
    (folder / "pack.toml").write_text('extends = "ventas"\n[shop]\nkey = "escolar"\nname = "E"\n')
    (folder / "glossary.toml").write_text(
        '[[term]]\nword = "mochila"\ndefinition = "Bolso."\nsynonyms = ["petaca"]\n'
    )
    extension = App()
    extension.pack(folder)
    question = "¿cuánto cuesta la petaca urbana azul?"

    async with bot(backing, knobs(prefix, "escolar", app={"pack": "escolar"}), extension) as shop:
        assert "$24.990" in await shop.ask("ana", question)
    async with bot(backing, knobs(f"{prefix}-2", "otra")) as shop:
        assert "$24.990" not in await shop.ask("ana", question)
