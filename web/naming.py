"""What a customer is called where their own name is not known."""

import re
from typing import Final

from web.translating import Words

_VISITOR: Final = re.compile(r"[0-9a-f]{32}")
"""The chat of somebody on our own page: chance, which tells nobody anything."""
TOLD: Final = 4


def called(words: Words, name: str | None, chat: str) -> str:
    """Other networks' chats are numbers and names that people know."""
    if name or not _VISITOR.fullmatch(chat):
        return name or chat
    return words.say("Visita %(id)s") % {"id": chat[:TOLD]}
