"""`try`: one piece of the bot on the terminal, a line in and a JSON out, with no server running."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from app.console import USAGE, emit, refuse
from bot.channels.telegram_normaliser import normalise
from bot.channels.telegram_people import Account
from config.settings import Settings
from evaluation.scoring import Signal, score_follow_up
from events.happened import Happened, named
from services.clock import now
from text.privacy import scrub


def lines() -> Iterator[str]:
    """Standard input, also when its bytes are not UTF-8."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def try_score(signals: list[Signal]) -> None:
    for line in lines():
        judged = score_follow_up(line, extra=signals)
        emit(
            {
                "score": judged.score,
                "label": judged.label,
                "confidence": round(judged.confidence, 3),
                "successful": judged.successful,
                "evidence": [
                    {"rule": one.rule, "text": one.text, "weight": one.weight}
                    for one in judged.evidence
                ],
            }
        )


def try_scrub() -> None:
    for line in lines():
        masked = scrub(line)
        found = [{"kind": one.kind, "span": list(one.span)} for one in masked.found]
        emit({"text": masked.text, "found": found})


def try_normalise(channel: str, settings: Settings) -> None:
    """Updates from standard input, as one JSON list or one a line; each event is one JSON."""
    if channel != "telegram":
        refuse(
            f"there is no normaliser for {channel!r}",
            "this release receives from telegram",
            "main.py try normalise --channel telegram < updates.json",
            code=USAGE,
        )
    account = Account(
        named("shop", settings.app.shop), f"telegram:{settings.telegram.name}", None, None
    )
    for update in _updates(sys.stdin.buffer.read().decode("utf-8", "replace")):
        for event in normalise(update, account=account, received_at=now()):
            emit(_shown(event))


def _shown(event: Happened) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(event)
    return {"kind": type(event).__name__, **shown}


def _updates(text: str) -> Iterator[object]:
    """A line that is no JSON is an update too: a malformed one."""
    try:
        whole = json.loads(text)
    except ValueError:
        whole = None
    if isinstance(whole, list):
        yield from whole
    elif whole is not None:
        yield whole
    else:
        for line in filter(str.strip, text.splitlines()):
            try:
                yield json.loads(line)
            except ValueError:
                yield line
