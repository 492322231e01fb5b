"""What the session's own events mean: pure, so that every rule of theirs is a line here."""

import random
import re
import time
from dataclasses import dataclass
from typing import Any

from bot.channels.fields import whole, words
from bot.channels.whatsapp.protocol import Told

PAIRED, CONNECTED, SILENT, RESTORED, LOGGED_OUT, REPLACED, BANNED, FAILED, OUTDATED = range(2, 11)
DISCONNECTED = 12
MESSAGE, RECEIPT, TYPING, CATCHING_UP, CAUGHT_UP, UNREADABLE = 17, 18, 19, 26, 27, 44
SUBSCRIBED = (
    *range(PAIRED, OUTDATED + 1), DISCONNECTED, MESSAGE, RECEIPT, TYPING, CATCHING_UP,
    CAUGHT_UP, UNREADABLE,
)  # fmt: skip
"""neonize's numbers. The history is not among them: WhatsApp would pour years of it over us."""

UNREACHED = "cannot reach WhatsApp"
SHORTEST_S, LONGEST_S, STEADY_S = 1.0, 60.0, 60.0
BAN_S = 3600
OUT = {"LOGGED_OUT", "MAIN_DEVICE_GONE", "UNKNOWN_LOGOUT"}
OLD = {"CLIENT_OUTDATED", "BAD_USER_AGENT"}
PAIR_AGAIN = "WhatsApp has logged this device out: pair it again"
UPGRADE = "WhatsApp no longer takes this version: upgrade neonize (requirements-whatsapp.txt)"
ELSEWHERE = "the session runs somewhere else too: stop the other one, then start this one"


_LOGGED_OUT = Told(state="refused", detail=PAIR_AGAIN, why="logged_out")
_OUTDATED = Told(state="refused", detail=UPGRADE, why="outdated")
_AWAY = Told(state="unwell", detail=f"{UNREACHED}; it tries again by itself")
_ALWAYS = {
    CONNECTED: Told(state="ready"),
    RESTORED: Told(state="ready"),
    DISCONNECTED: _AWAY,
    SILENT: _AWAY,
    LOGGED_OUT: _LOGGED_OUT,
    REPLACED: Told(state="refused", detail=ELSEWHERE, why="replaced"),
    OUTDATED: _OUTDATED,
}


_SECRET = re.compile(r"//[^\s\"]*@")
_NUMBER = re.compile(r"(?<![\d.])\d{7,}")


def unreached(reason: str) -> Told:
    """The session's own database is asked first; its address may hold a password."""
    of = "cannot open the session" if "database" in reason else UNREACHED
    return Told(state="unwell", detail=f"{of}: {discreet(reason)}", why="unreachable")


def discreet(text: str) -> str:
    """What a library printed, without passwords and without anybody's number."""
    return _NUMBER.sub("…", _SECRET.sub("//…@", text))


def told(code: int, event: dict[str, Any]) -> Told | None:
    """None for what says nothing about the session as a whole."""
    if code == BANNED:
        return _banned(words(event.get("Code")) or "", whole(event.get("Expire")) or 0)
    if code == FAILED:
        return _failed(words(event.get("Reason")) or "", words(event.get("Message")) or "")
    if code == PAIRED and event.get("Status") == "ERROR":
        return Told(state="pairing", detail=words(event.get("Error")) or "pairing failed")
    return _ALWAYS.get(code)


def _banned(reason: str, seconds: int) -> Told:
    until = int(time.time()) + (seconds if seconds > 0 else BAN_S)
    detail = f"WhatsApp has banned this number for {max(seconds, 0)} s ({reason.lower()})"
    return Told(state="unwell", detail=detail, why="banned", until=until)


def _failed(reason: str, said: str) -> Told:
    if reason in OUT:
        return _LOGGED_OUT
    if reason in OLD:
        return _OUTDATED
    if reason == "TEMP_BANNED":
        return _banned(reason, 0)
    return unreached(said or reason.lower())


@dataclass(slots=True)
class Patience:
    """How long to wait before a session is begun again: longer each time, never in step."""

    _pause: float = SHORTEST_S

    def after(self, end: Told, lived_s: float, now: float) -> float:
        if end.why == "unpaired":
            return 0.0
        if end.why == "banned":
            return max(end.until - now, SHORTEST_S)
        if lived_s >= STEADY_S:
            self._pause = SHORTEST_S
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_S)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311  spreads restarts
