"""What people of the shop type to the bot: "/bot on", "/estado", with or without its name."""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Switch: TypeAlias = Literal["on", "off"]
_COMMAND: Final = re.compile(r"\s*/(\w{1,32})(?:@\w+)?(?:\s+(.{0,200}))?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    words: tuple[str, ...] = ()


def command_of(text: str) -> Command | None:
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    return Command(found[1].lower(), tuple((found[2] or "").lower().split()))


def switch(text: str) -> Switch | None:
    """What a person writes in the customer's own chat to give the bot the word, or to take it."""
    match command_of(text):
        case Command("bot", ("on" | "off" as way,)):
            return "on" if way == "on" else "off"
        case _:
            return None
