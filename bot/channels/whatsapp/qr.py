"""A pairing QR as characters, for a terminal."""

import io

import segno


def shown(qr: str) -> str:
    """Half-height blocks: it fits a terminal of 80 columns and 40 lines."""
    page = io.StringIO()
    segno.make_qr(qr).terminal(page, compact=True)
    return page.getvalue()
