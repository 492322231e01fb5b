"""`main.py dictionary` at the terminal: words by hand, from chats, and from a model."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.shop_commands import dictionary
from events.happened import named
from store.session import open_store
from tests.app.terminal import Ended, typed
from tests.builders import a_turn, add_customer, add_turns
from tests.servers.models import ModelServer, model_server, refuses, says

BETTER = {
    "definition": "Bolsa chica con cierre para lápices y plumones.",
    "synonyms": ["cartuchera"],
    "examples": ["¿tienen estuches con cierre?"],
}


def own(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the words that the shop's pack brings."""
    return [one for one in listed if one["origin"] != "pack"]


async def said(env: dict[str, str], *words: str) -> Ended:
    return await typed(dictionary, env, *words)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


@pytest.fixture
def hosted(env: dict[str, str], server: ModelServer) -> dict[str, str]:
    return env | {
        "OPENAI_API_KEY": "sk-test",
        "APRENDIZ_OPENAI__BASE_URL": f"{server.url}/v1",
        "APRENDIZ_MODELS__ORDER": '["openai", "offline"]',
    }


async def test_a_word_is_added_edited_listed_and_removed(env: dict[str, str]) -> None:
    assert own((await said(env, "list", "--json")).json) == []
    added = await said(
        env, "add", "Estuche", "Bolsa para lápices.", "--synonym", "cartuchera", "--json"
    )
    assert (added.json["word"], added.json["synonyms"]) == ("Estuche", ["cartuchera"])

    more = ("--category", "escolar", "--table", "loan", "--field", "balance")
    edited = await said(env, "edit", "estuche", "--synonym", "canopla", *more)
    assert "changed: Estuche (canopla): Bolsa para lápices." in edited.said
    (listed,) = own((await said(env, "list", "--json")).json)
    assert (listed["category"], listed["origin"], listed["active"]) == ("escolar", "person", True)
    assert (listed["related_table"], listed["related_field"]) == ("loan", "balance")
    assert "canopla" in (await said(env, "list")).said

    assert "is off" in (await said(env, "remove", "ESTUCHE")).said
    assert own((await said(env, "list", "--json")).json) == []
    assert "Estuche (off)" in (await said(env, "list", "--all")).said
    missing = await said(env, "edit", "llavero", "--definition", "x")
    assert (missing.code, "the dictionary has no «llavero»" in missing.said) == (1, True)
    empty = await said(env, "add", "llavero", " ")
    assert (empty.code, "is empty" in empty.said) == (1, True)


async def test_chats_are_mined_and_a_person_decides(env: dict[str, str]) -> None:
    assert (await said(env, "mine", "--json")).json == []
    assert "Nothing waits" in (await said(env, "suggestions")).said
    store = open_store(env["APRENDIZ_DATABASE_URL"], role="pipeline", pool=1)
    shop = named("shop", "demo")
    for word in ("cartuchera", "canopla"):
        for name in ("ana", "luis", "eva"):
            customer = await add_customer(store, shop, f"{name} {word}")
            text = f"¿venden {word}?"
            turn = a_turn(shop, f"{name} {word}", customer, user_message=text, quality_score=1)
            await add_turns(store, [turn])
    await store.close()

    assert "2 words: canopla (3), cartuchera (3)" in (await said(env, "mine")).said
    waiting = (await said(env, "suggestions", "--json")).json
    assert [(one["word"], one["count"]) for one in waiting] == [("canopla", 3), ("cartuchera", 3)]
    assert "¿venden canopla?" in (await said(env, "suggestions")).said
    refused = await said(env, "accept", "canopla")
    assert (refused.code, "nobody says what «canopla» means" in refused.said) == (1, True)
    meaning = ("--definition", "Estuche para lápices.")
    assert "accepted: canopla" in (await said(env, "accept", "canopla", *meaning)).said
    same = await said(env, "accept", waiting[1]["id"][:8], "--same-as", "canopla", "--json")
    assert same.json["synonyms"] == ["cartuchera"]
    assert (await said(env, "dismiss", "canopla")).code == 1
    assert (await said(env, "mine", "--json")).json == []


async def test_a_model_proposes_and_nothing_changes_until_it_is_accepted(
    hosted: dict[str, str], server: ModelServer
) -> None:
    await said(hosted, "add", "estuche", "Bolsa para lápices.", "--synonym", "canopla")
    server.will(says(f"```json\n{json.dumps(BETTER)}\n```"))

    proposal = await said(hosted, "improve", "Estuche", "--json")

    assert (proposal.json["done"], proposal.json["definition"]) == (
        "proposed by openai gpt-6-luna",
        BETTER["definition"],
    )
    (listed,) = own((await said(hosted, "list", "--json")).json)
    assert (listed["definition"], listed["origin"]) == ("Bolsa para lápices.", "person")
    asked = json.dumps(server.asked[-1], ensure_ascii=False)
    assert "Bolsa para lápices." in asked
    assert "canopla" in asked

    assert (await said(hosted, "accept", "estuche")).code == 0
    (listed,) = own((await said(hosted, "list", "--json")).json)
    assert (listed["origin"], listed["synonyms"]) == ("ai", ["canopla", "cartuchera"])


async def test_what_a_model_may_not_say_is_refused_and_leaves_nothing(
    hosted: dict[str, str], server: ModelServer
) -> None:
    for answer, told in (
        ("Claro, con gusto.", "did not answer in JSON"),
        (json.dumps(BETTER | {"definition": "Cuesta $9.990 en oferta."}), "holds a price"),
        (json.dumps(BETTER | {"synonyms": ["www.evil.example.com"]}), "holds a link"),
    ):
        server.will(says(answer))
        refused = await said(hosted, "improve", "estuche")
        assert (refused.code, told in refused.said) == (1, True), refused.said
    server.will(refuses(500))
    down = await said(hosted, "improve", "estuche")
    assert (down.code, "no model answered" in down.said) == (4, True)
    assert (await said(hosted, "suggestions", "--json")).json == []


async def test_without_a_hosted_model_it_says_so(env: dict[str, str]) -> None:
    offline = env | {"APRENDIZ_MODELS__ORDER": '["groq", "offline"]'}

    refused = await said(offline, "improve", "estuche")

    assert (refused.code, "this needs a language model" in refused.said) == (3, True)
    assert "GROQ_API_KEY" in refused.said
