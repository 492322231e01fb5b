"""A model is trained on the very prompts that it meets, but for the facts of that day."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import update

from app.backing import Backing
from config.settings import CurationSettings
from learning.dataset import build_dataset
from learning.formats import PLACEHOLDERS
from learning.volatile import templated
from services.state import Endpoints
from store import app, ml
from tests.fixtures.bots import bot, knobs
from tests.servers.models import model_server, says

FACT = re.compile(
    r"^- (Producto|Alternativa|Respuesta de la tienda|Documento) «(.*?)»: .*$", re.MULTILINE
)
KINDS = {
    "Producto": "product", "Alternativa": "product", "Respuesta de la tienda": "answer",
    "Documento": "passage",
}  # fmt: skip
ASKED = (
    "hola buenas, ¿qué mochilas tienen para ir de viaje este verano?",
    "¿y cuánto cuesta la mochila más grande? mi correo es ana@correo.cl",
    "¿la mandan a Valparaíso durante esta misma semana?",
)
ANSWERS = (
    "Tenemos mochilas para viajes cortos y largos, dime cuál te gusta más.",
    "Te cuento enseguida todo lo que sabemos de esa mochila tan grande.",
    "Sí, despachamos a Valparaíso y a todo el resto del país.",
)


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def lasting(message: dict[str, str]) -> dict[str, str]:
    """What was served, without what does not last."""
    if message["role"] == "system":
        return message | {"content": FACT.sub(_placeholder, message["content"])}
    if message["role"] == "assistant":
        return message | {"content": templated(message["content"])}
    return message


def _placeholder(fact: re.Match[str]) -> str:
    label, title = fact.groups()
    return f"- {label} «{title}»: {PLACEHOLDERS[KINDS[label]].format(titulo=title)}"


async def test_a_training_line_is_the_prompt_of_serving_token_for_token(
    backing: Backing, prefix: str, tmp_path: Path
) -> None:
    settings = knobs(
        prefix,
        shop="parity",
        models={"order": ("openai", "offline")},
        turns={"replies_per_minute": 60},
    )
    async with model_server() as server:
        server.will(*(says(answer) for answer in ANSWERS))
        openai = {"key": "sk-test", "base_url": f"{server.url}/v1"}
        settings = settings.model_copy(update={"openai": settings.openai.model_validate(openai)})
        async with bot(backing, settings) as shop:
            await shop.ask("ana", ASKED[0])
            await shop.settled()
            async with shop.parts.store.transaction() as session:
                await session.execute(update(app.Customer).values(intensity=0.9, tone="formal"))
        async with bot(backing, settings) as shop:
            store = shop.parts.store
            for text in ASKED[1:]:
                await shop.ask("ana", text)
            await shop.settled()
            async with store.transaction() as session:
                await session.execute(update(ml.TrainingData).values(quality_score=5))
            built = await build_dataset(
                store,
                shop.parts.shop,
                out=tmp_path,
                settings=CurationSettings(min_tokens=3, settle_h=0),
            )
        served = [asked["messages"] for asked in server.asked]
    assert built.manifest["dropped"] == {}
    lines = (built.path / "train.jsonl").read_text("utf-8").splitlines()
    trained = sorted((json.loads(line)["messages"] for line in lines), key=len)
    assert [line[:-1] for line in trained] == [[lasting(one) for one in each] for each in served]
    assert [line[-1]["content"] for line in trained] == list(ANSWERS)
    told = [line[0]["content"] for line in trained]
    assert "Es el primer mensaje de esta conversación." in told[0]
    assert "Trato: de usted" in told[2]
    assert "Reglas:" in told[0]
    assert "{precio}" in told[1]
    assert trained[1][-2]["content"].endswith("mi correo es [MAIL_1]")
