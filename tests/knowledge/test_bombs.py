"""Files made to break their reader: each ends in a refusal, and the next file is read."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from knowledge.extraction import Caps, DocumentRefused, Reader, opened_reader
from knowledge.reader import UNPACKED
from tests.knowledge.papers import (
    LINE,
    changed,
    endless_pdf,
    lying,
    nested_pdf,
    objects,
    pages_of,
    part,
    pdf,
    stream,
    word,
    word_of,
)
from tests.knowledge.reading import lines, problem

XML = "word/document.xml"
LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ja">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)


@pytest.fixture(scope="module")
async def reader() -> AsyncIterator[Reader]:
    async with opened_reader(Caps(size=8_000_000, cpu_s=6, patience_s=70)) as opened:
        yield opened


async def test_a_pdf_of_a_hundred_thousand_pages_is_refused_before_it_is_read() -> None:
    async with opened_reader() as reader:
        began = time.monotonic()
        assert await problem(reader, pages_of(stream(b""), 100_000)) == "too_many_pages"
        assert time.monotonic() - began < 80


async def test_a_zip_bomb_is_refused_by_what_it_says_it_unfolds_to(reader: Reader) -> None:
    bomb = changed(word("hola"), XML, bytes(UNPACKED + 1))
    assert len(bomb) < 1_000_000
    assert await problem(reader, bomb) == "bomb"


async def test_a_word_document_that_lies_about_its_sizes_is_refused(reader: Reader) -> None:
    bomb = changed(word("hola"), XML, b"<a>" + b" " * (UNPACKED - 10_000))
    assert await problem(reader, lying(bomb, XML, 2_000)) in {"damaged", "too_much"}


async def test_entities_that_multiply_are_not_unfolded(reader: Reader) -> None:
    began = time.monotonic()
    told: list[str] = []
    with suppress(DocumentRefused):
        told = await lines(reader, word_of(part("&m; adiós"), LAUGHS))
    assert sum(map(len, told)) < 1_000
    assert time.monotonic() - began < 80


async def test_entities_do_not_read_the_files_of_this_machine(
    reader: Reader, tmp_path: Path
) -> None:
    (tmp_path / "secreto").write_text("contraseña")
    head = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secreto">]>'
    told: list[str] = []
    with suppress(DocumentRefused):
        told = await lines(reader, word_of(part("&x; adiós"), head))
    assert "contraseña" not in " ".join(told)


async def test_a_cell_that_spans_a_hundred_million_columns_is_one_cell(reader: Reader) -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="100000000"/></w:tcPr>' + part("ancha") + "</w:tc>"
    assert await lines(reader, word_of(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")) == ["ancha"]


async def test_an_endless_page_is_refused_within_its_limits(reader: Reader) -> None:
    began = time.monotonic()
    bomb = endless_pdf(150)
    assert len(bomb) < 1_000_000
    assert await problem(reader, bomb) in {"bomb", "too_much", "too_slow", "damaged"}
    assert time.monotonic() - began < 80


@pytest.mark.parametrize("data", [nested_pdf(1_000_000), objects(b"[" * 1_000_000)])
async def test_deep_nesting_ends_in_a_refusal(reader: Reader, data: bytes) -> None:
    assert await problem(reader, data) in {"damaged", "scanned", "too_slow", "too_much"}


async def test_mutated_files_end_as_text_or_a_refusal_and_the_next_one_is_read() -> None:
    dice = Random(11)  # noqa: S311  a repeatable choice
    whole = [pdf([[LINE] * 20] * 3), word("# Uno", LINE, table=[["a", "b"]])]
    ends = {"read": 0, "refused": 0}
    async with opened_reader(Caps(cpu_s=3, patience_s=60)) as reader:
        for number in range(40):
            data = bytearray(whole[number % 2])
            for _ in range(dice.choice((1, 5, 40, 400))):
                data[dice.randrange(10, len(data))] = dice.randrange(256)
            try:
                await reader.read(bytes(data))
                ends["read"] += 1
            except DocumentRefused:
                ends["refused"] += 1
        assert await lines(reader, b"hola") == ["hola"]
    assert min(ends.values()) > 0
    assert sum(ends.values()) == 40


async def test_the_next_file_is_read_after_one_that_killed_its_reader() -> None:
    async with opened_reader() as reader:
        assert await lines(reader, b"uno") == ["uno"]
        assert reader.child is not None
        first = reader.child.pid
        reading = asyncio.create_task(problem(reader, endless_pdf(150)))
        await asyncio.sleep(0.2)
        os.kill(first, signal.SIGKILL)
        assert await reading == "too_much"
        assert await lines(reader, b"dos") == ["dos"]
        assert reader.child.pid != first


async def test_a_file_that_takes_too_long_is_refused_and_its_reader_replaced() -> None:
    async with opened_reader(Caps(patience_s=0.1)) as hasty:
        assert await problem(hasty, endless_pdf(150)) == "too_slow"
        hasty.caps = Caps()
        assert await lines(hasty, b"hola") == ["hola"]


async def test_a_file_that_takes_too_much_of_the_processor_is_refused() -> None:
    async with opened_reader(Caps(cpu_s=0)) as reader:
        assert await problem(reader, endless_pdf(150)) in {"too_slow", "bomb", "too_much"}
        assert await lines(reader, b"hola") == ["hola"]


async def test_prose_that_unfolds_further_than_prose_can_is_refused(reader: Reader) -> None:
    """Else a small file would keep the bot itself busy with all its words."""
    bomb = word(*["La misma frase se repite sin fin en este papel. " * 200] * 400)
    assert len(bomb) < 100_000
    assert await problem(reader, bomb) == "bomb"
    assert await lines(reader, word(*["La misma frase se repite. " * 20] * 40))
