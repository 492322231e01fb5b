"""How many pages a second become searchable, beside taking the text out of them and no more."""

import io
import os
import time
from html import escape
from typing import Any

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from benchmarks.filling import shop_named
from benchmarks.ground import Ground
from benchmarks.load import Load
from benchmarks.processor import resident_mb
from benchmarks.texts import Writer, xquad
from knowledge.documents import File
from knowledge.extraction import opened_reader
from knowledge.ingest import Ingest
from store.session import open_store

PARAGRAPHS, REPEATED = 240, 3
"""A PDF of some 150 pages; each paragraph stands in it as often."""


async def reading(ground: Ground, load: Load) -> dict[str, Any]:
    load.told("writing PDFs")
    files = [_pdf(seed) for seed in range(load.pdfs)]
    load.told("reading PDFs")
    bare_pages, bare_s = _bare(files)
    store = open_store(ground.database_url, role="pipeline", pool=2)
    resident, pages, passages, begun = [], 0, 0, time.perf_counter()
    try:
        shop = await shop_named(store, "reading")
        async with opened_reader() as reader:
            ingest = Ingest(store, reader)
            begun = time.perf_counter()
            for place, data in enumerate(files):
                told = await ingest.ingest(shop, File(f"{place}.pdf", data))
                pages, passages = pages + told.pages, passages + told.passages
                resident.append(resident_mb(os.getpid()))
    finally:
        await store.close()
    seconds = time.perf_counter() - begun
    return {
        "pages": pages,
        "passages": passages,
        "pages_per_s": round(pages / seconds, 1),
        "resident_mb": resident,
        "floor": {"pages_per_s": round(bare_pages / bare_s, 1)},
        "ratio": round(pages / seconds / (bare_pages / bare_s), 3),
    }


def _pdf(seed: int) -> bytes:
    style = getSampleStyleSheet()["BodyText"]
    public = xquad()
    texts = public[0] if public else list(Writer(seed).passages(PARAGRAPHS))
    told = [Paragraph(f"{seed}. {escape(text)}", style) for text in texts for _ in range(REPEATED)]
    written = io.BytesIO()
    SimpleDocTemplate(written, pagesize=A4).build(told)
    return written.getvalue()


def _bare(files: list[bytes]) -> tuple[int, float]:
    begun, pages = time.perf_counter(), 0
    for data in files:
        document = pypdfium2.PdfDocument(data)
        for page in document:
            page.get_textpage().get_text_bounded()
            pages += 1
    return pages, time.perf_counter() - begun
