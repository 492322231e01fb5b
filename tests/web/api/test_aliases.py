"""Every address of the first API, with the bodies and the answers it was documented with."""

import json
from typing import Any

import httpx2
import pytest

from config.settings import ROOT
from tests.web.api.conftest import refusal
from tests.web.api.seeds import ids, sow
from web.app import WebParts

NOBODY = "00000000-0000-4000-8000-000000000000"
LESSON = {"pregunta": "¿hacen envíos a Arica?", "respuesta": "Sí, a todo el país."}
AI = "/api/v1/ai/training"
ALIASES: list[tuple[str, str, Any, int, set[str]]] = [
    ("POST", f"{AI}/conversaciones", LESSON, 201, {"id", "question", "answer"}),
    ("POST", f"{AI}/conversaciones", {"question": "a", "answer": "b"}, 201, {"id"}),
    ("PUT", f"{AI}/conversaciones", {**LESSON, "external_id": "crm-1"}, 200, {"id"}),
    ("POST", f"{AI}/conversaciones/{{message}}/calificar",
     {"calificacion": 5, "feedback": "clara"}, 201, {"stars", "rejected"}),
    ("POST", "/api/v1/training/conversations/{message}/rate", {"calificacion": 2}, 201, {"stars"}),
    ("POST", "/training/conversations/{message}/rate", {"stars": 4}, 201, {"stars"}),
    ("POST", f"{AI}/conversaciones/mejorar", {"id": "{message}", "respuesta": "Sí, tenemos."},
     201, {"text", "diff", "checks"}),
    ("POST", "/training/conversations/improve", {"id": "{message}", "respuesta": "Sí, hay."},
     201, {"text", "diff"}),
    ("POST", f"{AI}/fine-tuning/preparar", {"min_score": 4}, 202, {"archivo_id", "total"}),
    ("POST", "/training/fine-tuning/prepare", {}, 202, {"archivo_id", "total"}),
    ("POST", f"{AI}/fine-tuning/iniciar",
     {"archivo_id": NOBODY, "modelo_base": "un-modelo", "trainer": "examples"}, 422, {"code"}),
    ("POST", "/training/fine-tuning/start",
     {"archivo_id": NOBODY, "base_model": "un-modelo"}, 422, {"code"}),
    ("GET", f"{AI}/fine-tuning/jobs", None, 200, {"items", "next_cursor"}),
    ("GET", "/training/fine-tuning/jobs", None, 200, {"items"}),
    ("POST", "/training/fine-tuning/models/{model}/activate", {}, 201, {"task", "active"}),
    ("POST", "/dataset/export",
     {"intents": ["consulta_envio"], "min_confidence": 0.6, "date_range": {"from": "2026-11-01"}},
     202, {"id", "status"}),
    ("POST", "/finetune/start",
     {"base_model": "un-modelo", "dataset_uri": f"dataset:{NOBODY}", "notes": "uno"}, 422,
     {"code"}),
    ("GET", "/finetune/status?id={run}", None, 200, {"status", "progress"}),
    ("POST", "/eval/run", {"model_version": "", "eval_set": "dev"}, 202, {"job", "set"}),
    ("POST", "/models/rollout", {"model_version": "no-hay", "traffic_pct": 10}, 422, {"code"}),
    ("POST", "/nlu/parse", {"text": "¿cuánto cuesta la mochila?", "locale": "es"}, 200,
     {"intent", "slots", "confidence", "likely"}),
    ("POST", "/style/reply",
     {"text": "¡Cuesta $24.990! 🎉", "locale": "es", "intensity": 0.1, "tone": "formal",
      "context": "una venta", "user_state": {"vip": True}}, 200, {"text", "checks"}),
    ("POST", "/ask", {"question": "¿hacen envíos?"}, 503, {"code"}),
    ("GET", "/api/training/stats", None, 200, {"total", "byCategory", "highQuality"}),
]  # fmt: skip


@pytest.fixture
async def known(first: WebParts) -> dict[str, str]:
    await sow(first.store, first.shop)
    return {name: str(one) for name, one in ids(first.shop).items()}


async def test_every_documented_address_answers_as_it_did(
    program: httpx2.AsyncClient, known: dict[str, str]
) -> None:
    for method, place, said, status, names in ALIASES:
        path, body = place, said
        for name in ("message", "model", "run"):
            path = path.replace(f"{{{name}}}", known[name])
        if isinstance(said, dict) and said.get("id") == "{message}":
            body = {**said, "id": known["message"]}
        answer = await program.request(method, path, json=body)
        assert answer.status_code == status, (method, path, answer.text)
        assert names <= answer.json().keys(), (method, path, answer.json())


async def test_what_was_styled_says_the_same_soberly(program: httpx2.AsyncClient) -> None:
    body = {"text": "¡Cuesta $24.990! 🎉", "intensity": 0.1}
    told = (await program.post("/style/reply", json=body)).json()
    assert told["text"] == "Cuesta $24.990."
    assert told["checks"] == [{"name": "facts", "ok": True, "why": ""}]


async def test_what_else_was_known_is_kept_masked_and_shown(program: httpx2.AsyncClient) -> None:
    besides = "Llamó del +56 9 8765 4321 por WhatsApp."
    body = {**LESSON, "respuesta": "Sí, gratis.", "contexto": besides}
    made = (await program.post(f"{AI}/conversaciones", json=body)).json()
    read = (await program.get(f"/api/v1/training/conversations/{made['id']}")).json()
    assert read["context"] == made["context"]
    assert "por WhatsApp" in read["context"]
    assert "8765" not in read["context"]


async def test_what_the_business_brings_is_measured_where_nothing_was_trained(
    program: httpx2.AsyncClient,
) -> None:
    found = (await program.get("/api/v1/nlu/metrics")).json()
    matrix = (await program.get("/api/v1/nlu/confusion-matrix")).json()
    assert (found["model"], found["active"], matrix["model"]) == (None, True, None)
    assert 0.5 < found["macro_f1"]["value"] <= 1
    assert set(matrix["rows"]) <= set(matrix["intents"])
    refused = await program.get("/api/v1/nlu/metrics", params={"model": 7})
    assert refused.status_code == 404


async def test_an_example_is_said_anew_by_the_id_of_its_program(
    program: httpx2.AsyncClient,
) -> None:
    place = f"{AI}/conversaciones"
    first = (await program.put(place, json={**LESSON, "external_id": "crm-7"})).json()
    again = (await program.put(place, json={**LESSON, "external_id": "crm-7"})).json()
    assert again["id"] == first["id"]
    better = {**LESSON, "respuesta": "Sí, en 5 días.", "external_id": "crm-7"}
    second = (await program.put(place, json=better)).json()
    assert second["id"] != first["id"]
    assert second["allowed"] is True
    old = await program.get(f"/api/v1/training/conversations/{first['id']}")
    assert old.json()["allowed"] is False
    assert refusal(await program.put(place, json=LESSON)) == (422, "refused")


async def test_traffic_is_sent_to_a_model_by_its_name(
    program: httpx2.AsyncClient, known: dict[str, str]
) -> None:
    given = {"model_version": known["model"], "traffic_pct": 100}
    moved = await program.post("/models/rollout", json=given)

    assert (moved.status_code, moved.json().get("active")) == (201, known["model"]), moved.text
    told = json.loads((ROOT / "docs/openapi.json").read_text())["paths"]
    documented = told["/models/rollout"]["post"]["x-alias-of"]
    assert documented == "PUT /api/v1/deployments/{task}/canary"
    place = "/training/fine-tuning/models/{model}/activate"
    assert told[place]["post"]["x-alias-of"] == "PUT /api/v1/deployments/{task}"
