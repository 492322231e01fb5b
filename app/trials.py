"""`try`: one piece of the bot on the terminal, a line in and a JSON out, with no server running."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app.console import emit
from app.guessing import unknown
from bot.channels.telegram.normaliser import normalise
from bot.channels.telegram.people import Account
from bot.channels.whatsapp_cloud import normaliser as whatsapp_cloud
from bot.channels.whatsapp_cloud.people import CloudAccount
from config.packs import Pack
from config.settings import Settings
from events.happened import Happened, named
from nlu.classifier import Classifier
from nlu.combining import combined
from nlu.parse import parse, parser_of
from services.clock import now
from text.privacy import scrub

LISTS = ("messages", "message_echoes", "statuses")


def lines() -> Iterator[str]:
    """Standard input, also when its bytes are not UTF-8."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def try_scrub() -> None:
    for line in lines():
        masked = scrub(line)
        found = [{"kind": one.kind, "span": list(one.span)} for one in masked.found]
        emit({"text": masked.text, "found": found})


def try_parse(pack: Pack, zone: ZoneInfo, learned: Classifier | None = None) -> None:
    """Days are seen from the one it is in `zone`."""
    intents = parser_of(pack).intents
    today = now().astimezone(zone).date()
    for line in lines():
        found = parse(line, pack, today)
        if learned is not None:
            found = combined(line, found, intents, learned)
        emit(
            {
                "intent": found.intent,
                "category": found.category,
                "confidence": found.confidence,
                "locale": found.locale,
                "slots": found.slots,
                "acts": list(found.acts),
                "by": found.by,
            }
        )


def try_normalise(channel: str, settings: Settings) -> None:
    """Payloads of a network from standard input, wherever in the JSON they are."""
    read = NETWORKS.get(channel)
    if read is None:
        unknown("normaliser for", channel, NETWORKS)
    for event in read(sys.stdin.buffer.read().decode("utf-8", "replace"), settings):
        emit(_shown(event))


def telegram_events(text: str, settings: Settings) -> Iterator[Happened]:
    account = Account(_shop(settings), f"telegram:{settings.telegram.name}", None, None)
    for update in payloads(text, _is_update):
        yield from normalise(update, account=account, received_at=now())


def cloud_events(text: str, settings: Settings) -> Iterator[Happened]:
    """Of every phone number, each chat under the first of its names, as the directory keeps it."""
    account = CloudAccount(_shop(settings), f"whatsapp_cloud:{settings.whatsapp_cloud.name}", "")
    known: dict[str, str] = {}
    for payload in payloads(text, _is_webhook):
        for item in whatsapp_cloud.split(_as_webhook(payload)):
            names = whatsapp_cloud.person_of(item).names
            known_as = next((known[name] for name in names if name in known), "".join(names[:1]))
            for name in names:
                known.setdefault(name, known_as)
            yield from whatsapp_cloud.normalise(
                item, account=account, known_as=known_as, received_at=now()
            )


NETWORKS: dict[str, Callable[[str, Settings], Iterator[Happened]]] = {
    "telegram": telegram_events,
    "whatsapp_cloud": cloud_events,
}


def payloads(text: str, is_one: Callable[[dict[str, Any]], bool]) -> Iterator[object]:
    """One JSON, or one a line. Payloads may lie in lists, or under names; what holds none is one
    itself: a malformed one."""
    for whole in _documents(text):
        for part in whole if isinstance(whole, list) else [whole]:
            yield from _within(part, is_one) or [part]


def _documents(text: str) -> Iterator[object]:
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        for line in filter(str.strip, text.splitlines()):
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield line


def _within(part: object, is_one: Callable[[dict[str, Any]], bool]) -> list[object]:
    found: list[object] = []
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and is_one(one):
            found.append(one)
        elif isinstance(one, dict | list):
            waiting += reversed(list(one.values() if isinstance(one, dict) else one))
    return found


def _is_update(one: dict[str, Any]) -> bool:
    return "update_id" in one


def _is_webhook(one: dict[str, Any]) -> bool:
    return any(isinstance(one.get(name), list) for name in ("entry", "changes", *LISTS)) or (
        "field" in one and isinstance(one.get("value"), dict)
    )


def _as_webhook(payload: object) -> object:
    """A webhook whole, also when only its inner part is there."""
    if not isinstance(payload, dict) or "entry" in payload:
        return payload
    if isinstance(payload.get("changes"), list):
        return {"entry": [payload]}
    if "value" not in payload and _is_webhook(payload):
        payload = {"value": payload}
    return {"entry": [{"changes": [payload]}]} if "value" in payload else payload


def _shop(settings: Settings) -> UUID:
    return named("shop", settings.app.shop)


def _shown(event: Happened) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(event)
    return {"kind": type(event).__name__, **shown}
