from typing import Any
from uuid import UUID

import pytest

from knowledge.citing import CHUNK_TOKENS, QUOTED, cited, placed, quoted
from knowledge.search import Hit
from store.finding import Told


def hit(text: str = "Se cambia con boleta.", **changed: Any) -> Hit:  # noqa: ANN401  of Told
    told = {
        "id": UUID(int=1), "text": text, "heading": "Cambios", "page": 0, "lexemes": "",
        "chunk": text, "chunk_heading": "Cambios", "tokens": 9,
        "document": UUID(int=2), "title": "Política", "file_name": "politica.md", **changed,
    }  # fmt: skip
    return Hit(Told(**told), 0.1, 3.0, 0.8, 0.5, answers=True)


def test_a_source_tells_where_it_stands_and_what_it_says_of_the_question() -> None:
    (source,) = cited([hit()], "¿con boleta se cambia?")
    assert (source.kind, source.title, source.text) == (
        "passage", "Política › Cambios", "Se cambia con boleta.",
    )  # fmt: skip
    assert source.data["says"] == ["bolet", "cambi"]


def test_a_document_is_not_named_twice() -> None:
    assert placed(hit(title="Cambios")) == "Cambios"
    assert placed(hit(heading="")) == "Política"
    assert placed(hit(title="Uno", heading="Uno › Dos")) == "Uno › Dos"


def test_chunks_are_whole_until_the_prompt_is_full_and_passages_after_it() -> None:
    hits = [hit(chunk="todo", tokens=CHUNK_TOKENS - 5), hit("poco", chunk="todo", tokens=6)]
    assert [source.text for source in cited(hits, "x")] == ["todo", "poco"]


@pytest.mark.parametrize(
    "link",
    [
        "https://malo.example/x", "www.malo.example", "bit.ly/x", "https://buena.cl@malo.com/x",
        "https://malo.com\\@buena.cl", "https://nobuena.cl/x",
    ],
)  # fmt: skip
def test_a_link_to_a_site_that_is_not_allowed_is_left_out(link: str) -> None:
    (source,) = cited([hit(f"Mira {link} hoy.")], "mira", ["buena.cl"])
    assert source.text == "Mira  hoy."
    assert "mal" not in source.data["excerpt"]


@pytest.mark.parametrize("link", ["https://buena.cl/x?y=1", "www.buena.cl", "tienda.buena.cl/a"])
def test_a_link_of_the_shop_stays(link: str) -> None:
    (source,) = cited([hit(f"Mira {link} hoy.")], "mira", ["buena.cl"])
    assert link in source.text


def test_a_quotation_begins_where_the_question_is_answered_and_is_short() -> None:
    text = "Nada que ver aquí. " * 40 + "La garantía cubre seis meses. " + "Otra cosa más. " * 40
    told = quoted(text, "¿cuánto cubre la garantía?")
    assert told.startswith("La garantía cubre seis meses.")
    assert len(told) <= QUOTED


@pytest.mark.parametrize("text", ["x" * 2_000, "palabra " * 300])
def test_a_quotation_without_an_end_is_cut(text: str) -> None:
    told = quoted(text, "palabra")
    assert len(told) <= QUOTED + 1
    assert told.endswith("…")


def test_a_table_is_quoted_row_by_row() -> None:
    text = "Los envíos cuestan según la zona. \nNorte | $6.990\nSur | $5.990\nSe paga antes."
    assert quoted(text, "¿cuánto cuesta?") == (
        "Los envíos cuestan según la zona.\nNorte | $6.990\nSur | $5.990\nSe paga antes."
    )


def test_a_list_is_quoted_as_a_list() -> None:
    text = "Sirve para tres cosas.\n- Anotar gastos.\n- Armar metas.\nY nada más."
    assert quoted(text, "¿para qué sirve?") == (
        "Sirve para tres cosas.\n- Anotar gastos.\n- Armar metas. Y nada más."
    )
