import asyncio
from collections.abc import AsyncIterator

import pytest

from knowledge.extraction import (
    Caps,
    DocumentRefused,
    Reader,
    ReaderUnavailable,
    opened_reader,
    sniffed,
)
from tests.knowledge.papers import (
    LINE,
    pages_of,
    part,
    pdf,
    scan,
    stream,
    tree_pdf,
    word,
    word_of,
)
from tests.knowledge.reading import lines, problem

PLAIN = pdf([["Tarifas de la cooperativa", LINE, f"{LINE}."]])
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.fixture(scope="module")
async def reader() -> AsyncIterator[Reader]:
    async with opened_reader(Caps(size=8_000_000, cpu_s=6, patience_s=70)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PLAIN, "x.txt", "pdf"),
        (b"\r\n" + PLAIN, "", "pdf"),
        (word("hola"), "x.pdf", "docx"),
        (b"# hola", "x.md", "md"),
        (b"# hola", "X.MARKDOWN", "md"),
        (b"# hola", "x.pdf", "txt"),
        ("señal".encode("cp1252"), "", "txt"),
        ("señal".encode("utf-16"), "", "txt"),
    ],
)
def test_a_file_is_what_it_holds_whatever_it_is_called(data: bytes, name: str, kind: str) -> None:
    assert sniffed(data, name) == kind


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (OLD + "WordDocument".encode("utf-16-le"), "doc"),
        (OLD + "Workbook".encode("utf-16-le"), "sheet"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (OLD, "unknown"),
        (b"PK\x03\x04 [Content_Types].xml xl/workbook.xml", "sheet"),
        (b"PK\x03\x04 fotos/1.jpg", "unknown"),
        (b"\x89PNG\r\n\x1a\n\0\0", "unknown"),
        (b"\x7fELF\x02\x01\x01\0", "unknown"),
    ],
)
def test_what_is_no_document_is_refused_with_what_to_do(data: bytes, problem: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        sniffed(data)
    assert refused.value.problem == problem


async def test_a_pdf_is_read_with_its_pages_and_headings(reader: Reader) -> None:
    kind, extract = await reader.read(PLAIN)
    assert (kind, extract.pages) == ("pdf", 1)
    assert [(block.kind, block.page) for block in extract.blocks] == [("heading", 1), ("text", 1)]


async def test_rows_of_a_table_in_a_pdf_stay_on_a_line(reader: Reader) -> None:
    page = [LINE, "y nada más.", "Plan Uno   $9.990", "Plan Dos   $12.990"]
    assert await lines(reader, pdf([page])) == [
        f"{LINE} y nada más.", "Plan Uno $9.990", "Plan Dos $12.990",
    ]  # fmt: skip


async def test_a_broken_word_of_a_pdf_is_whole_again(reader: Reader) -> None:
    told = await lines(reader, pdf([[LINE, f"{LINE} coope-", f"rativa de ahorro y {LINE}."]]))
    assert "cooperativa de ahorro" in " ".join(told)


async def test_a_word_document_tells_headings_and_tables_in_their_order(reader: Reader) -> None:
    data = word("# Planes", "Hay dos.", table=[["Plan", "Precio"], ["Uno", "$9.990"]])
    _, extract = await reader.read(data)
    assert [(block.kind, block.text) for block in extract.blocks] == [
        ("heading", "Planes"), ("text", "Hay dos."),
        ("row", "Plan | Precio"), ("row", "Uno | $9.990"),
    ]  # fmt: skip


async def test_forms_and_tracked_insertions_are_read_and_deleted_text_is_not(
    reader: Reader,
) -> None:
    body = (
        f"<w:sdt><w:sdtContent>{part('en un formulario')}</w:sdtContent></w:sdt>"
        "<w:p><w:ins><w:r><w:t>agregado</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>borrado</w:delText></w:r></w:del></w:p>"
    )
    assert await lines(reader, word_of(body)) == ["en un formulario", "agregado"]


async def test_a_merged_cell_is_told_in_each_of_its_rows(reader: Reader) -> None:
    def cell(text: str, merge: str = "") -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr>{part(text)}</w:tc>"

    first, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    rows = (
        f"<w:tr>{cell('Norte', first)}{cell('lunes')}</w:tr>"
        f"<w:tr>{cell('', on)}{cell('martes')}</w:tr>"
        f"<w:tr>{cell('cerrado', wide)}</w:tr>"
    )
    assert await lines(reader, word_of(f"<w:tbl>{rows}</w:tbl>")) == [
        "Norte | lunes", "Norte | martes", "cerrado",
    ]  # fmt: skip


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
async def test_text_is_read_in_the_codings_people_have(reader: Reader, coding: str) -> None:
    data = "Préstamos: ¿cuánto? «señor»".encode(coding)
    if coding == "utf-16-le":
        data = b"\xff\xfe" + data
    assert await lines(reader, data) == ["Préstamos: ¿cuánto? «señor»"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pdf([[LINE]], password="secreta"), "locked"),
        (scan(), "scanned"),
        (pdf([[LINE], *[["7"]] * 9]), "scanned"),
        (word(), "empty"),
        (b"---\n***\n", "empty"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (PLAIN[: len(PLAIN) // 2], "damaged"),
        (word("hola")[:-200], "damaged"),
        (b"PK\x03\x04word/", "damaged"),
        (tree_pdf(50), "damaged"),
        (pages_of(stream(b""), 5_000), "too_many_pages"),
        (word_of("<w:p>" * 400 + "</w:p>" * 400), "damaged"),
        (b"x" * 8_000_001, "too_big"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_refusal_has_its_reason(reader: Reader, data: bytes, expected: str) -> None:
    assert await problem(reader, data) == expected


async def test_files_that_come_at_once_are_read_one_after_another() -> None:
    async with opened_reader() as reader:
        told = await asyncio.gather(*(lines(reader, f"archivo {n}".encode()) for n in range(20)))
    assert told == [[f"archivo {n}"] for n in range(20)]


async def test_of_a_long_pdf_the_first_pages_are_enough_for_who_says_so() -> None:
    data = pdf([[LINE, f"Página con número {number} y nada más"] for number in range(9)])
    async with opened_reader(Caps(pages=2)) as reader:
        _, extract = await reader.read(data, whole=False)
        assert extract.pages == 2
        assert await problem(reader, data) == "too_many_pages"


async def test_more_text_than_is_allowed_is_refused_unless_the_first_pages_are_enough() -> None:
    async with opened_reader(Caps(letters=200)) as reader:
        assert await lines(reader, b"x" * 200) == ["x" * 200]
        assert await problem(reader, b"x" * 201) == "too_long"
        assert await problem(reader, word("hola " * 50)) == "too_long"
        assert await problem(reader, pdf([[LINE] * 9])) == "too_long"
        _, extract = await reader.read(pdf([[LINE] * 9]), whole=False)
        assert extract.blocks


async def test_the_child_reads_wherever_we_stand_and_has_none_of_our_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secreta")
    async with opened_reader() as reader:
        assert await lines(reader, b"hola") == ["hola"]
        assert reader.child is not None
        with open(f"/proc/{reader.child.pid}/environ", "rb") as opened:  # noqa: ASYNC230, PTH123
            assert b"sk-secreta" not in opened.read()


async def test_a_reader_that_cannot_start_says_nothing_against_the_file() -> None:
    for nobody in ("/nowhere/python", "/bin/false"):
        async with opened_reader() as reader:
            reader.python = nobody
            with pytest.raises(ReaderUnavailable):
                await reader.read(b"hola")
