"""Reading a page as a browser does: where do words stand, and are they only words."""

import re
from html.parser import HTMLParser

OURS = re.compile(r'<script src="/static/[^"]+"></script>')
VOID = frozenset({"br", "img", "input", "link", "meta"})


class Reader(HTMLParser):
    """Remembers which tags are open; `outside` holds where the words had no business to be."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
        self.open: list[tuple[str, bool]] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        ignored = any(name == "hx-ignore" for name, _ in attrs)
        if tag in {"script", "b"} or any(
            value == "x" and name != "data-key" for name, value in attrs
        ):
            self.outside.append(f"<{tag}> came alive")
        if tag not in VOID:
            self.open.append((tag, ignored))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.words in data and not any(ignored for _, ignored in self.open):
            self.outside.append(data.strip())


def outside(html: str, words: str) -> list[str]:
    """Where what somebody wrote stands within reach of htmx, or became more than words."""
    reader = Reader(words)
    reader.feed(OURS.sub("", html))
    return reader.outside
