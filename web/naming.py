"""What a customer is called where their own name is not known."""

from typing import Final

from text.visitors import visitor
from web.translating import Words

SHOWN: Final = 3


def called(words: Words, name: str | None, chat: str) -> str:
    """Other networks' chats are numbers and names that people know."""
    if name or not visitor(chat):
        return name or chat
    return words.say("Visita %(id)s") % {"id": visitor(chat)}


def hinted(words: Words, name: str | None, chat: str) -> str:
    """The same, where the numbers of networks stay covered until somebody asks for them."""
    if name or visitor(chat):
        return called(words, name, chat)
    return covered(chat) if chat else words.say("Sin nombre")


def covered(number: str) -> str:
    """•••• 678; the end of what is no number would say too much of a name."""
    tail = number[-SHOWN:]
    return f"•••• {tail}" if len(number) > SHOWN and tail.isdecimal() else "••••"
