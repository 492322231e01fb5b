import time

import pytest

from knowledge.blocks import Block, from_lines, from_pages, running_heads
from tests.knowledge.papers import LINE

ENOUGH = f"{LINE}."


def texts(pages: list[list[str]]) -> list[str]:
    return [block.text for block in from_pages(["\n".join(lines) for lines in pages])]


def test_what_stands_at_the_edge_of_every_page_is_dropped_with_its_page_number() -> None:
    pages = [
        ["Cooperativa Los Andes", ENOUGH, f"Párrafo {name}.", f"Página {number} de 4"]
        for number, name in enumerate(["uno", "dos", "tres", "cuatro"], 1)
    ]
    told = texts(pages)
    assert not any("Cooperativa" in text or "Página" in text for text in told)
    assert [text for text in told if text.startswith("Párrafo")] == [
        "Párrafo uno.", "Párrafo dos.", "Párrafo tres.", "Párrafo cuatro.",
    ]  # fmt: skip


def test_numbers_in_the_middle_of_a_page_stay_where_page_numbers_go() -> None:
    middle = [[f"{number}00{line}" for line in range(8)] for number in range(1, 6)]
    pages = [[ENOUGH, *codes, ENOUGH, ENOUGH, str(at)] for at, codes in enumerate(middle, 1)]
    told = "\n".join(texts(pages))
    assert all(code in told for codes in middle for code in codes)
    assert "5\n" not in f"{told}\n"


def test_articles_above_each_page_are_no_running_head() -> None:
    pages = [[f"Artículo {number}", ENOUGH, ENOUGH] for number in (1, 4, 9, 12)]
    assert [text for text in texts(pages) if text.startswith("Art")] == [
        "Artículo 1", "Artículo 4", "Artículo 9", "Artículo 12",
    ]  # fmt: skip


def test_products_whose_model_and_price_grow_with_the_pages_are_no_running_head() -> None:
    pages = [f"Olla modelo {page}: $ {14 + page}.990\nDe acero." for page in range(1, 9)]
    told = "\n".join(block.text for block in from_pages(pages))
    assert all(f"$ {14 + page}.990" in told for page in range(1, 9))


def test_two_pages_have_no_running_heads() -> None:
    assert running_heads([["Título", "a"], ["Título", "b"]]) == frozenset()


def test_lines_are_joined_and_words_broken_at_their_end_are_whole_again() -> None:
    page = [LINE, f"{LINE} coope-", f"rativa y {LINE}", "Fin de todo."]
    assert texts([page]) == [f"{LINE} {LINE} cooperativa y {LINE} Fin de todo."]


def test_a_word_that_pdfium_joined_is_whole_and_its_line_is_no_longer_than_others() -> None:
    page = f"{LINE}\n{LINE} coope\x02rativa y {LINE}\nFin de todo."
    (block,) = from_pages([page])
    assert block.text == f"{LINE} {LINE} cooperativa y {LINE} Fin de todo."


def test_a_hyphen_before_a_name_stays() -> None:
    (block,) = from_pages([f"{LINE} la línea Santiago-\nValparaíso y {LINE}"])
    assert "Santiago- Valparaíso" in block.text


@pytest.mark.parametrize(
    ("line", "level"),
    [("1. Objeto", 1), ("2.3 Plazos de pago", 2), ("REQUISITOS", 1), ("Los requisitos", 2)],
)
def test_a_short_line_over_a_paragraph_is_a_heading(line: str, level: int) -> None:
    first, *rest = from_pages([f"{line}\n{LINE} y\n{LINE}."])
    assert first == Block("heading", line, level, 1)
    assert [block.kind for block in rest] == ["text"]


@pytest.mark.parametrize(
    "line", ["Total 12 cuotas de 5", "Plan a $9.990", "pagar", "Termina aquí."]
)
def test_figures_and_sentences_are_no_headings(line: str) -> None:
    assert {block.kind for block in from_pages([f"{line}\n{LINE}"])} == {"text"}


def test_markdown_has_headings_rows_and_paragraphs() -> None:
    told = from_lines(
        "# Tarifas ##\n\n| Plan | Precio |\n|:--|--:|\n| Básico | $9.990 |\n\n"
        "Una línea\notra\n---\n## C#\nfin"
    )
    assert told == [
        Block("heading", "Tarifas", 1),
        Block("row", "Plan | Precio"),
        Block("row", "Básico | $9.990"),
        Block("text", "Una línea\notra"),
        Block("heading", "C#", 2),
        Block("text", "fin"),
    ]


def test_a_line_under_a_line_makes_it_a_heading() -> None:
    assert from_lines("Garantía\n========\nSeis meses.\n\nCambios\n---\nDiez días.") == [
        Block("heading", "Garantía", 1),
        Block("text", "Seis meses."),
        Block("heading", "Cambios", 2),
        Block("text", "Diez días."),
    ]


def test_a_heading_of_a_thousand_letters_is_a_paragraph() -> None:
    (block,) = from_lines("# " + "palabra " * 200)
    assert (block.kind, len(block.text)) == ("text", 1601)


@pytest.mark.parametrize(
    "line", ["-" * 60_000 + "x", "-|" * 30_000 + "x", "# a" + "#" * 60_000 + "b", "- " * 30_000]
)
def test_a_line_made_to_be_slow_is_not(line: str) -> None:
    began = time.process_time()
    from_lines(line)
    from_pages([line])
    assert time.process_time() - began < 1
