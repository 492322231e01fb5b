import time

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.blocks import Block, row
from knowledge.chunking import HEADING, LEAST, MOST, PASSAGE, WHOLE, Chunk, cut, sentences
from text.tokens import estimate

WORDS = st.text("abcdefghñáé.,0123 ¿?-$★", min_size=1, max_size=40)
TEXTS = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
BODIES = st.one_of(
    st.builds(Block, st.just("text"), TEXTS),
    st.builds(Block, st.just("row"), st.lists(WORDS, min_size=1, max_size=4).map(row)),
)
HEADINGS = st.builds(
    Block, st.just("heading"), st.text("abcXYZ ", min_size=1, max_size=30), st.integers(1, 4)
)
BLOCKS = st.lists(st.one_of(BODIES, BODIES, HEADINGS), max_size=60)
FILLED = (Block("text", " ".join(["La garantía cubre seis meses desde la compra."] * 30)),) * 40


def bare(text: str) -> str:
    return "".join(text.split())


def passages_of(chunks: list[Chunk]) -> str:
    return bare("".join(passage.text for chunk in chunks for passage in chunk.passages))


@given(BLOCKS)
@settings(max_examples=150, deadline=None)
def test_nothing_that_is_written_is_lost_and_its_order_is_kept(blocks: list[Block]) -> None:
    chunks = cut(blocks)
    said = "".join(block.text for block in blocks if block.kind != "heading")
    told, place = passages_of(chunks), 0
    for letter in bare(said):
        place = told.find(letter, place) + 1
        assert place, f"{letter!r} is lost"


@given(BLOCKS)
@settings(max_examples=150, deadline=None)
def test_every_heading_stands_over_what_is_under_it_or_is_told(blocks: list[Block]) -> None:
    told = {
        bare(part)
        for chunk in cut(blocks)
        for passage in chunk.passages
        for part in [*passage.heading.split(" › "), *passage.text.split("\n")]
    }
    headings = [bare(block.text) for block in blocks if block.kind == "heading"]
    assert [one for one in headings if one and one not in told] == []


@given(BLOCKS)
@settings(max_examples=150, deadline=None)
def test_no_chunk_is_too_long_and_only_the_last_is_too_short(blocks: list[Block]) -> None:
    chunks = cut(blocks)
    assert all(chunk.tokens <= MOST for chunk in chunks)
    assert all(chunk.tokens >= LEAST - HEADING for chunk in chunks[:-1])
    assert all(chunk.tokens == estimate(chunk.text) for chunk in chunks)


def test_chunks_of_plain_text_hold_800_to_1200_tokens_and_end_with_a_sentence() -> None:
    *full, _ = cut(FILLED)
    assert all(LEAST <= chunk.tokens <= MOST for chunk in full)
    assert all(chunk.text.endswith(".") for chunk in full)
    sizes = [estimate(passage.text) for chunk in full for passage in chunk.passages]
    assert PASSAGE <= max(sizes) <= WHOLE


def test_a_new_section_begins_a_new_chunk_once_the_last_is_long_enough() -> None:
    sections = [
        block for number in range(8)
        for block in (Block("heading", f"Parte {number}", 1), *FILLED[:3])
    ]  # fmt: skip
    chunks = cut(sections)
    assert {chunk.heading for chunk in chunks} == {f"Parte {number}" for number in range(8)}


def test_the_path_of_headings_stands_over_each_passage() -> None:
    (chunk,) = cut(
        [
            Block("heading", "Créditos", 1),
            Block("heading", "Requisitos", 2),
            Block("text", "Ser socia."),
            Block("heading", "Plazos", 2),
            Block("text", "Doce meses."),
        ]
    )
    assert [passage.heading for passage in chunk.passages] == [
        "Créditos › Requisitos", "Créditos › Plazos",
    ]  # fmt: skip
    assert chunk.text == "Ser socia.\n\nCréditos › Plazos\nDoce meses."


def test_a_document_of_headings_alone_is_told() -> None:
    (chunk,) = cut([Block("heading", "Cerrado los lunes", 1), Block("heading", "Y los martes", 1)])
    assert chunk.text == "Cerrado los lunes\nY los martes"


def test_rows_stay_on_a_line_of_their_own() -> None:
    (chunk,) = cut([Block("row", row(["Plan", "Precio"])), Block("row", row(["Uno", "$990"]))])
    assert chunk.text == "Plan | Precio\nUno | $990"


def test_sentences_end_where_another_begins() -> None:
    assert sentences("Cuesta $24.990 c/u. ¿Sí? Art. 5 vale. el resto no… Nada") == [
        "Cuesta $24.990 c/u.", "¿Sí?", "Art.", "5 vale. el resto no…", "Nada",
    ]  # fmt: skip


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    chunks = cut([Block("text", "palabra " * 5_000)])
    assert passages_of(chunks) == "palabra" * 5_000
    assert all(chunk.tokens <= MOST for chunk in chunks)


def test_what_has_no_end_anywhere_is_cut_all_the_same_and_soon() -> None:
    began = time.process_time()
    for text in ("x" * 500_000, "." * 200_000, "★" * 50_000, "a." * 100_000, " ." * 100_000):
        chunks = cut([Block("text", text)])
        assert passages_of(chunks) == bare(text)
        assert max(chunk.tokens for chunk in chunks) <= MOST
    assert time.process_time() - began < 10


def test_headings_without_end_do_not_grow_with_every_passage() -> None:
    deep = [Block("heading", "Una sección " * 16, level) for level in range(1, 10)]
    chunks = cut([*deep, *FILLED])
    assert max(estimate(chunk.heading) for chunk in chunks) <= max(HEADING, WHOLE)
