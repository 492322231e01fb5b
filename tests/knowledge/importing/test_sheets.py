"""Files are read with little trust: whatever is sent, an answer comes soon and says what to do."""

import time
from io import BytesIO
from zipfile import ZipFile

import pytest

from knowledge.importing import sheets
from knowledge.importing.errors import SheetTooLarge, SheetUnreadable
from knowledge.importing.sheets import table_of
from tests.knowledge.importing.files import SHEET, packed, workbook

WANTED = [["Código", "Nombre", "Precio"], ["A-1", "Taza, grande", "8.990"]]


@pytest.mark.parametrize(
    "data",
    [
        b'C\xc3\xb3digo,Nombre,Precio\nA-1,"Taza, grande",8.990\n',
        b'\xef\xbb\xbfC\xc3\xb3digo;Nombre;Precio\r\nA-1;"Taza, grande";8.990\r\n',
        b"C\xf3digo;Nombre;Precio\r\nA-1;Taza, grande;8.990\r\n\r\n;;\r\n",
        b"C\xc3\xb3digo\tNombre\tPrecio\nA-1\tTaza, grande\t8.990\n",
        "Código\tNombre\tPrecio\nA-1\tTaza, grande\t8.990\n".encode("utf-16"),
        b'"C\xc3\xb3digo" | "Nombre"|"Precio"\nA-1|Taza, grande|8.990',
    ],
    ids=["comma", "bom and semicolon", "windows", "tab", "utf-16", "pipe"],
)
async def test_a_csv_is_read_whatever_program_wrote_it(data: bytes) -> None:
    rows = await table_of(data)

    assert [[str(cell).strip('" ') for cell in row] for row in rows] == WANTED


async def test_a_workbook_keeps_its_numbers() -> None:
    rows = await table_of(workbook([["Nombre", "Precio"], ["Taza", 8990], ["Vaso", 19.5]]))

    assert rows == [["Nombre", "Precio"], ["Taza", 8990], ["Vaso", 19.5]]


async def test_a_line_break_within_quotes_and_an_empty_line_keep_the_places() -> None:
    rows = await table_of(b'name,price\n"Taza\nazul",1\n\nVaso,2\n')

    assert rows == [["name", "price"], ["Taza\nazul", "1"], [], ["Vaso", "2"]]


FAR_AWAY = f"""<worksheet xmlns="{SHEET}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>
<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>"""
FOREIGN = BytesIO()
with ZipFile(FOREIGN, "w") as out:
    out.writestr("word/document.xml", "<x/>")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b",,,\n,,\n", "no rows"),
        (workbook([]), "no rows"),
        (b"a," * 1_000_000 + b"b\nc,d\n", "1,000,001 columns"),
        (b"name\n" + b"x\n" * 20_001, "more than 20000 rows"),
        (b'name,price\n"' + b"x" * 200_000 + b'",1\n', "field larger"),
        (b"x" * (sheets.LARGEST + 1), "10 MB are read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither a text nor"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (workbook([["name"], ["Taza"]])[:-300], "damaged"),
        (packed("<worksheet><sheetData><row r='1'><c r='A1'><v>1</sheetData>"), "damaged"),
        (packed(b"<worksheet>" + b" " * (160 * 1024**2)), "unpacks to 160 MB"),
        (packed(FAR_AWAY), "more memory or time"),
        (FOREIGN.getvalue(), "no .xlsx workbook"),
        (workbook([["x" * 4_000]] * 6_000), "letters"),
    ],
    ids=[
        "nothing", "blanks", "separators", "empty sheet", "a million columns", "too many rows",
        "one huge cell", "too large", "old excel", "a picture", "a stump", "cut off", "broken xml",
        "zip bomb", "sparse bomb", "another document",
        "a long text in every cell",
    ],
)  # fmt: skip
async def test_what_is_no_catalogue_is_refused_with_the_reason(data: bytes, why: str) -> None:
    began = time.monotonic()

    with pytest.raises(SheetUnreadable) as refused:
        await table_of(data)

    assert why in f"{refused.value}, {refused.value.why}"
    assert refused.value.hint
    assert time.monotonic() - began < 60


async def test_how_many_rows_there_may_be_is_for_who_asks_to_say() -> None:
    assert len(await table_of(b"name\nx\ny\n", 3)) == 3
    with pytest.raises(SheetTooLarge, match="more than 2 rows") as refused:
        await table_of(b"name\nx\ny\n", 2)
    assert "split it" in refused.value.hint


async def test_an_old_excel_file_with_a_new_name_is_told_apart() -> None:
    """Its name says .xlsx; what counts is how it begins."""
    with pytest.raises(SheetUnreadable) as refused:
        await table_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))

    assert "save it as .xlsx" in refused.value.hint


async def test_a_bomb_that_lies_about_its_size_meets_the_limits_of_the_process() -> None:
    """The sizes a packed file tells are its own; memory and time are the machine's."""
    row = b"<row><c t='inlineStr'><is><t>" + b"x" * 5000 + b"</t></is></c></row>"
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData>'.encode() + row * 60_000
    bomb = bytearray(packed(sheet))
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")

    with pytest.raises(SheetUnreadable) as refused:
        await table_of(bytes(bomb))

    assert "unpacks" not in refused.value.why
