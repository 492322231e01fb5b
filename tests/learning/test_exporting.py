import csv
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest

from learning.dataset import Built
from learning.exporting import COLUMNS, FORMATS, Format, export
from learning.finishing import Guard, Rough, finished_all
from learning.formats import Voice, alternating
from learning.spilling import packed
from learning.validating import FORS, For, Inspector
from learning.writing import writer
from store.session import Store
from tests.builders import a_turn, add_customer, add_history, add_turns
from tests.learning.building import build, files, lines, rows_of
from tests.learning.examples import an_example

GOLDEN = Path(__file__).with_name("golden")
AGREED = [
    Rough(
        packed(
            an_example(
                question="¿Tienen «gorros» rojos?", answer="Sí, a {precio}. 🧢", corrected=True,
                original="No sé.", product_name="Gorro", intensity=0.9, tone="coach", score=2,
                sources=(("product", "Gorro", ""), ("product", "Gorra", "similar")),
                history=(("assistant", "¡Hola!"), ("user", "Hola"), ("user", "¿Están?")),
                state=("Tiene un pedido pagado.",),
            )
        ),
        "train", 1.5, None,
    ),
    Rough(packed(an_example(1, question='=1+1; "sí"\n¿no?', answer="Dos.")), "train", 1.0,
          packed(an_example(2, answer="Tres.", score=1))),
]  # fmt: skip
BETTER = "Claro que sí, con mucho gusto te la enviamos mañana temprano."


@pytest.fixture
async def built(store: Store, shop: UUID, tmp_path: Path) -> Built:
    await add_history(store, shop, 20)
    customer = await add_customer(store, shop, "ana")
    context = {
        "verdict": "ok",
        "history": ["user: hola", "user: ¿están?", "assistant: Sí, aquí estamos."],
        "sources": [{"kind": "product", "id": "p", "title": "Polera negra"}],
        "trace": {"state": ["Tiene un pedido pagado."]},
    }
    turn = a_turn(shop, "ana", customer, context=context, correction=BETTER, quality_score=2)
    await add_turns(store, [turn])
    return await build(store, shop, tmp_path / "datasets")


def exported(built: Built, wanted: Format, folder: Path) -> list[dict[str, Any]]:
    export(built.path, wanted, folder)
    names = (f"{split}.jsonl" for split in ("train", "validation", "test"))
    texts = [(folder / name).read_text("utf-8") for name in names]
    return [json.loads(line) for text in texts for line in text.splitlines()]


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_same_dataset_is_always_the_same_bytes(
    built: Built, wanted: Format, tmp_path: Path
) -> None:
    first = export(built.path, wanted, tmp_path / "first")
    assert files(first) == files(export(built.path, wanted, tmp_path / "second"))
    assert sum(map(len, files(first).values())) > 0


@pytest.mark.parametrize("provider", FORS)
def test_each_provider_takes_what_is_made_for_it(
    built: Built, provider: For, tmp_path: Path
) -> None:
    folder = export(built.path, provider, tmp_path / "out")
    inspector = Inspector(provider)
    for name in ("train.jsonl", "validation.jsonl", "test.jsonl"):
        with (folder / name).open("rb") as file:
            report = inspector.inspected(name, file, trained=False)
        assert report.ok, report.told()


def test_a_corrected_answer_is_paired_with_what_the_bot_had_said(
    built: Built, tmp_path: Path
) -> None:
    (pair,) = exported(built, "openai-dpo", tmp_path / "out")
    assert pair["preferred_output"] == [{"role": "assistant", "content": BETTER}]
    assert "{precio}" in pair["non_preferred_output"][0]["content"]
    assert pair["input"]["messages"][1:4] == [
        {"role": "user", "content": "hola"}, {"role": "user", "content": "¿están?"},
        {"role": "assistant", "content": "Sí, aquí estamos."},
    ]  # fmt: skip
    assert built.manifest["counts"]["pairs"] == 1


def test_shared_and_llama_lines_hold_the_same_conversation(built: Built, tmp_path: Path) -> None:
    plain = [line["messages"] for line in lines(built)]
    shared = exported(built, "sharegpt", tmp_path / "sharegpt")
    assert [[one["value"] for one in line["conversations"]] for line in shared] == [
        [one["content"] for one in said] for said in plain
    ]
    llama = exported(built, "ollama", tmp_path / "ollama")
    assert [line["metadata"] for line in llama] == rows_of(built)
    told = next(line["messages"] for line in llama if len(line["messages"]) > 3)
    assert [one["role"] for one in told] == ["system", "user", "assistant", "user", "assistant"]
    assert told[1]["content"] == "hola\n¿están?"


def test_tables_hold_every_row_and_are_read_by_other_programs(built: Built, tmp_path: Path) -> None:
    table = export(built.path, "csv", tmp_path / "csv") / "dataset.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [row["id"] for row in rows_of(built)]
    path = export(built.path, "parquet", tmp_path / "parquet") / "dataset.parquet"
    found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)])
    names = [column[0] for column in found.description or ()]
    assert names == [name for name, _ in COLUMNS]
    named = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert [(row["id"], row["user"], row["assistant"]) for row in named] == [
        (row["id"], row["user"], row["assistant"]) for row in rows
    ]
    (corrected,) = [row for row in named if row["corrected"]]
    assert (corrected["quality_score"], corrected["weight"]) == (2, 1.0)


def test_what_messages_mean_is_a_text_and_an_intent(built: Built, tmp_path: Path) -> None:
    meant = exported(built, "nlu", tmp_path / "nlu")
    texts = [line["messages"][-2]["content"] for line in lines(built)]
    intents = [row["intent"] for row in rows_of(built)]
    assert meant == [
        {"text": text, "intent": intent} for text, intent in zip(texts, intents, strict=True)
    ]
    table = export(built.path, "nlu-csv", tmp_path / "nlu-csv") / "dataset.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = export(built.path, "nlu-parquet", tmp_path / "nlu-parquet") / "dataset.parquet"
    found = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)])
    assert [column[0] for column in found.description or ()] == ["id", "split", "text", "intent"]
    assert [tuple(row.values()) for row in rows] == found.fetchall()
    assert [(row["text"], row["intent"]) for row in rows] == list(zip(texts, intents, strict=True))


def test_the_files_are_those_that_were_agreed_on(tmp_path: Path) -> None:
    """Whoever changes a format changes these files too, and sees what becomes of them."""
    source = tmp_path / "source"
    source.mkdir()
    with writer(source) as written:
        written.write(finished_all(AGREED, Voice("Eres amable.", ("Nada de gritos.",)), Guard()))
    for wanted in FORMATS:
        folder = export(source, wanted, tmp_path / wanted)
        name = "dataset.csv" if wanted.endswith("csv") else "train.jsonl"
        if not wanted.endswith("parquet"):
            golden = GOLDEN / f"{wanted}{Path(name).suffix}"
            assert (folder / name).read_bytes() == golden.read_bytes(), wanted


def test_an_answer_to_nobody_is_left_out_of_turns() -> None:
    said = [{"role": "assistant", "content": "hola"}, {"role": "user", "content": "¿sí?"}]
    assert alternating(said) == said[1:]
    assert alternating([]) == []
