"""`main.py eval lab` at the terminal: simulated customers in, points out."""

from pathlib import Path

from app.commands_eval import evals
from store.session import Store
from tests.app.packs import version
from tests.app.terminal import Ended, typed
from tests.servers.obedient import obedient


async def test_the_laboratory_gives_points_and_tells_the_change(terminal: dict[str, str]) -> None:
    first: Ended = await typed(evals, terminal, "lab", "--json")
    told = first.json
    assert first.code == 0
    scores = {one["persona"]: one["score"] for one in told["personas"]}
    assert scores == {"buyer": 100, "demanding": 70}
    assert (told["score"], told["dead_letters"], told["change"]) == (85, 0, None)

    second = (await typed(evals, terminal, "lab", "--json")).json
    assert second["change"]["cases"] == 2
    assert second["change"]["low"] <= 0 <= second["change"]["high"]
    shown = await typed(evals, terminal, "lab")
    assert "85 of 100" in shown.said
    assert "demanding: " in shown.said


async def test_the_laboratory_finds_a_model_that_says_what_must_not_be_said(
    terminal: dict[str, str], store: Store
) -> None:
    """Unless the checks keep it from the customer: then it is the golden cases that find it."""
    async with obedient() as server:
        server.whims = ["Pregunta por nuestro plan secreto."]
        hosted = terminal | {
            "APRENDIZ_OPENAI__KEY": "sk-test",
            "APRENDIZ_OPENAI__BASE_URL": server.url,
        }
        await version(store, "rude", "openai", state="active")
        done = await typed(evals, hosted, "lab", "--json")
    assert done.code == 1
    assert done.json["version"] == "rude"
    assert {word for one in done.json["personas"] for word in one["forbidden"]} == {"plan secreto"}


async def test_a_pack_without_simulated_customers_says_where_they_would_be(
    terminal: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "pack" / "personas.toml").unlink()
    done = await typed(evals, terminal, "lab")
    assert done.code == 1
    assert "brings no simulated customers" in done.said
