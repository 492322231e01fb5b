"""Documents as people send them, and as nobody should: made here, byte by byte."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINE = "Las socias y los socios pueden pedir un anticipo cuando cumplen un año completo en ella"


def pdf(pages: Iterable[Sequence[str]], *, password: str = "") -> bytes:
    """A line of text for each string, from the top down."""
    written = io.BytesIO()
    lock = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(written, pagesize=A4, encrypt=lock)
    for lines in pages:
        at = canvas.beginText(50, 790)
        at.setFont("Helvetica", 10)
        for line in lines:
            at.textLine(line)
        canvas.drawText(at)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def scan(pages: int = 3) -> bytes:
    """Pages with a picture and no text, as scanners write them."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    for _ in range(pages):
        canvas.rect(50, 50, 400, 600, fill=1)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def objects(*bodies: bytes) -> bytes:
    """A PDF of numbered objects; the first one is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, start)
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def pages_of(contents: bytes, count: int = 1) -> bytes:
    """`count` pages that all show the same contents."""
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(count))
    one = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R"
    one += b" /Resources << /Font << /F1 4 0 R >> >> >>"
    return objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids),
        contents,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *[one] * count,
    )


def endless_pdf(megabytes: int) -> bytes:
    """Some kilobytes that unfold to as much text."""
    packer = zlib.compressobj(9)
    show = b"BT /F1 9 Tf 10 10 Td (%s) Tj ET\n" % (b"sin fin " * 128)
    packed = b"".join(packer.compress(show) for _ in range(megabytes * 1024))
    return pages_of(stream(packed + packer.flush(), b"/Filter /FlateDecode"))


def nested_pdf(depth: int) -> bytes:
    return pages_of(stream(b"q " * depth + b"[" * depth + b"(hola) TJ"))


def tree_pdf(width: int) -> bytes:
    """A tree of pages whose branches are their own children."""
    kids = b" ".join([b"2 0 R"] * width)
    return objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 2000000000 /Kids [%s] >>" % kids,
    )


def word(*paragraphs: str, table: Sequence[Sequence[str]] = ()) -> bytes:
    """`# ` begins a heading."""
    document = docx.Document()
    for text in paragraphs:
        if text.startswith("# "):
            document.add_heading(text[2:], 1)
        else:
            document.add_paragraph(text)
    if table:
        drawn = document.add_table(len(table), len(table[0]))
        for place, cells in enumerate(table):
            for column, text in enumerate(cells):
                drawn.cell(place, column).text = text
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def word_of(body: str, head: str = "") -> bytes:
    """A Word document whose body is written out."""
    xml = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body>'
    return changed(word("hola"), "word/document.xml", f"{xml}</w:document>".encode())


def changed(document: bytes, name: str, data: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(written, "w") as new:
        for entry in old.infolist():
            told = data if entry.filename == name else old.read(entry.filename)
            new.writestr(entry.filename, told, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def lying(document: bytes, name: str, size: int) -> bytes:
    """The entry says it is of another size than it is, here and in the list of entries."""
    out = bytearray(document)
    with zipfile.ZipFile(io.BytesIO(document)) as packed:
        entry = packed.getinfo(name)
        listed = document.rindex(name.encode()) - 46
    for place in (entry.header_offset + 22, listed + 24):
        out[place : place + 4] = size.to_bytes(4, "little")
    return bytes(out)


def part(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
