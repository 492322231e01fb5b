"""What a message says, in our own words: what the readers of every network give back."""

from dataclasses import dataclass

from events.contents import Content, Media


@dataclass(frozen=True, slots=True)
class Said:
    """`start` is what a link or an advertisement brought along, for a conversation that begins."""

    content: Content
    text: str = ""
    action: str | None = None
    media: tuple[Media, ...] = ()
    flags: frozenset[str] = frozenset()
    start: str | None = None
