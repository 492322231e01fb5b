"""Who are you? What a customer answers to it, and what is remembered until they do."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from handlers.record_wishes import Wish
from text.folding import fold

NOTE: Final = "lending"
PATIENCE: Final = timedelta(minutes=15)
"""An answer that comes later is an answer to something else."""
GUESSES: Final = 3
LOCKED: Final = timedelta(days=1)
PROVED_FOR: Final = timedelta(days=90)
"""A browser changes hands; who proved who they are is asked again after that."""
OLDEST: Final = 110

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep set", "oct", "nov", "dic"), 1
    )
    for name in names.split()
}
_DATE: Final = re.compile(
    r"(?<![0-9])(?:"
    r"(?P<iso>(?:19|20)[0-9]{2})[/.-](?P<iso_month>[01]?[0-9])[/.-](?P<iso_day>[0-3]?[0-9])"
    r"|(?P<day>[0-3]?[0-9])\s?[/. -]\s?(?P<month>[01]?[0-9])\s?[/. -]\s?(?P<year>[0-9]{4}|[0-9]{2})"
    rf"|(?P<said>[0-3]?[0-9]) (?:de )?(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
    r" (?:del? )?(?P<of>[0-9]{4}|[0-9]{2})"
    r"|(?P<packed>[0-3][0-9][01][0-9](?:19|20)[0-9]{2})"
    r")(?![0-9])"
)
_RUT: Final = re.compile(
    r"(?<![0-9.])(?:[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}|[0-9]{4,8})\s?-\s?[0-9k](?![0-9a-z])"
)
_TAIL: Final = re.compile(r"(?<![0-9.,$/-])[0-9]{4}(?![0-9/]|[.,-][0-9])")


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered; None where it was not said, or said in more ways than one."""

    id_tail: str | None
    born_on: date | None

    @property
    def something(self) -> bool:
        return self.id_tail is not None or self.born_on is not None


def given(text: str, today: date) -> Given:
    plain = fold(text)
    numbers = _RUT.findall(plain)
    rest = _RUT.sub(" ", plain)
    dates = {found for match in _DATE.finditer(rest) for found in _dates(match, today)}
    tails = {re.sub(r"[^0-9k]", "", number)[:-1][-4:] for number in numbers}
    tails |= set(_TAIL.findall(_DATE.sub(" ", rest)))
    return Given(tails.pop() if len(tails) == 1 else None, dates.pop() if len(dates) == 1 else None)


def _dates(match: re.Match[str], today: date) -> Iterator[date]:
    """None where there is no such day, or nobody alive was born on it."""
    if match["iso"]:
        day, month, year = match["iso_day"], int(match["iso_month"]), match["iso"]
    elif match["name"]:
        day, month, year = match["said"], _MONTHS[match["name"]], match["of"]
    elif match["packed"]:
        day, month, year = match["packed"][:2], int(match["packed"][2:4]), match["packed"][4:]
    else:
        day, month, year = match["day"], int(match["month"]), match["year"]
    full = int(year) if len(year) > 2 else 1900 + int(year)  # noqa: PLR2004  two digits
    if len(year) == 2 and full + 100 <= today.year:  # noqa: PLR2004  two digits
        full += 100
    try:
        born = date(full, month, int(day))
    except ValueError:
        return
    if today.year - OLDEST < full and born <= today:
        yield born


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a customer wanted before they were asked who they are."""

    wish: Wish
    until: datetime

    @classmethod
    def read(cls, notes: Mapping[str, str], at: datetime) -> "Waiting | None":
        """None where nothing is waited for, or no longer."""
        try:
            said = json.loads(notes.get(NOTE, ""))
            found = cls(Wish.read(said["wish"]), datetime.fromisoformat(said["until"]))
        except (ValueError, KeyError, TypeError):
            return None
        return found if at < found.until else None

    def written(self) -> str:
        said = {"wish": self.wish.said(), "until": self.until.isoformat()}
        return json.dumps(said, ensure_ascii=False)


def in_public(account: str, chat: str, thread: str | None) -> bool:
    """Whether others read along: a group is no place for what somebody owes."""
    network = account.partition(":")[0]
    if network == "telegram":
        return chat.startswith(("-", "@")) and not (thread or "").startswith("direct:")
    if network == "whatsapp":
        return chat.endswith(("@g.us", "@newsletter", "@broadcast"))
    if network == "whatsapp_cloud":
        own = chat.removeprefix("+").isdecimal() or re.fullmatch(r"[A-Z]{2}\.\w+", chat) is not None
        return not own
    return False
