"""What a customer is called where their own name is not known."""

import re
from typing import Final

from web.translating import Words

_VISITOR: Final = re.compile(r"[0-9a-f]{32}")
"""The chat of somebody on our own page: chance, which tells nobody anything."""
TOLD: Final = 4
SHOWN: Final = 3


def called(words: Words, name: str | None, chat: str) -> str:
    """Other networks' chats are numbers and names that people know."""
    if name or not _VISITOR.fullmatch(chat):
        return name or chat
    return words.say("Visita %(id)s") % {"id": chat[:TOLD]}


def hinted(words: Words, name: str | None, chat: str) -> str:
    """The same, where the numbers of networks stay covered until somebody asks for them."""
    if name or _VISITOR.fullmatch(chat):
        return called(words, name, chat)
    return covered(chat) if chat else words.say("Sin nombre")


def covered(number: str) -> str:
    """•••• 678"""
    return f"•••• {number[-SHOWN:]}" if len(number) > SHOWN else "••••"
