"""The text of a document, read in a child process that may use little: customers send anything.

Run as `python -m knowledge.pages PAGES < file`: the text on standard output, or exit code 3 with
the reason on standard error.
"""

import asyncio
import resource
import sys
from typing import Final

MEMORY: Final = 600 * 1024**2
CPU_S: Final = 10
PATIENCE_S: Final = 15.0
LEAST: Final = 20
"""With fewer letters a page a PDF is a scan: there is nothing to read in it."""
LONGEST: Final = 4_000
UNREADABLE: Final = 3


class PagesUnreadable(Exception):
    """There is no text to be had from this file; the message says why."""


async def text_of(data: bytes, *, pages: int) -> str:
    """Raises PagesUnreadable."""
    if not data.startswith(b"%PDF"):
        return _plain(data)
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "knowledge.pages",
        str(pages),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            out, err = await child.communicate(data)
    except TimeoutError:
        raise PagesUnreadable("it takes too long") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        lines = err.decode("utf-8", "replace").strip().splitlines() or ["the reader died"]
        raise PagesUnreadable(lines[-1][:200])
    return out.decode("utf-8", "replace")


def _plain(data: bytes) -> str:
    """A text file; anything else that is no PDF cannot be read here."""
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise PagesUnreadable("neither a PDF nor a text") from None
    if not text or "\0" in text:
        raise PagesUnreadable("neither a PDF nor a text")
    return text[:LONGEST]


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    import pypdfium2  # noqa: PLC0415  after the limits

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        count = min(len(document), int(sys.argv[1]))
        texts = [document[page].get_textpage().get_text_bounded() for page in range(count)]
    except (pypdfium2.PdfiumError, MemoryError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return UNREADABLE
    text = "\n".join(" ".join(page.split()) for page in texts).strip()
    if len(text) < LEAST * max(count, 1):
        sys.stderr.write("scanned: there is no text in it\n")
        return UNREADABLE
    sys.stdout.write(text[:LONGEST])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
