"""What a network that shows only text says instead of buttons and files."""

from collections.abc import Sequence

from bot.channels.base import Part
from events.contents import Attachment, Choice


def listed(choices: Sequence[Choice]) -> str:
    """Numbered, one a line: the customer answers by writing."""
    return "\n".join(
        f"{number}. {choice.title}"
        + (f" – {choice.description}" if choice.description else "")
        + (f": {choice.url}" if choice.url else "")
        for number, choice in enumerate(choices, 1)
    )


def spelled(part: Part) -> str:
    """Empty for what no words can stand for: a reaction, a template."""
    if isinstance(part.extra, Attachment):
        return _file(part.extra)
    return "\n\n".join(filter(None, (part.text, listed(part.choices))))


def _file(file: Attachment) -> str:
    """A file of text is the rest of a long answer; any other is named, with where it lies."""
    if file.data is not None and (file.mime or "").startswith("text/"):
        return file.data.decode("utf-8", "replace")
    return "\n".join(filter(None, (file.caption, file.url or file.name or file.kind)))
