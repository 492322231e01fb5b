"""Workbooks written by hand, so that every way of breaking one is there."""

from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/{{kind}}" Target="{{target}}"/></Relationships>'
)
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = (
    f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Hoja1" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    return packed(f'<worksheet xmlns="{SHEET}"><sheetData>{_cells(rows)}</sheetData></worksheet>')


def packed(sheet: str | bytes) -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", TYPES)
        out.writestr("_rels/.rels", LINKS.format(kind="officeDocument", target="xl/workbook.xml"))
        out.writestr("xl/workbook.xml", BOOK)
        links = LINKS.format(kind="worksheet", target="worksheets/sheet1.xml")
        out.writestr("xl/_rels/workbook.xml.rels", links)
        out.writestr("xl/worksheets/sheet1.xml", sheet)
    return whole.getvalue()


def _cells(rows: Sequence[Sequence[object]]) -> str:
    told = []
    for number, row in enumerate(rows, 1):
        cells = [_cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(row)]
        told.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(told)


def _cell(place: str, value: object) -> str:
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
