"""What no answer of any shop may hold, whoever wrote it."""

from functools import cache
from typing import Final

from config.folders import DOMAINS, table

INSULTS: Final = DOMAINS / "insults.toml"


@cache
def insults() -> tuple[str, ...]:
    """Words and phrases, without accents and capitals."""
    return tuple(str(word) for word in table(INSULTS)["words"])
