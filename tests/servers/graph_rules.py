"""Meta's published rules for a message as an oracle: what is wrong with this body?"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

Rule: TypeAlias = Callable[[object, str], list[str]]


def units(value: str) -> int:
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def text(limit: int, least: int = 1, fits: str = ".*") -> Rule:
    def rule(value: object, at: str) -> list[str]:
        if not isinstance(value, str):
            return [f"{at}: is no text"]
        if not least <= units(value) <= limit:
            return [f"{at}: has {units(value)} characters, not {least}-{limit}"]
        if least and not value.strip():
            return [f"{at}: is blank"]
        return [] if re.fullmatch(fits, value, re.DOTALL) else [f"{at}: {value!r} does not fit"]

    return rule


def one_of(*values: object) -> Rule:
    return lambda value, at: [] if value in values else [f"{at}: {value!r} is unknown"]


def truth(value: object, at: str) -> list[str]:
    return [] if isinstance(value, bool) else [f"{at}: is no boolean"]


def table(needs: dict[str, Rule], may: dict[str, Rule] | None = None) -> Rule:
    rules = needs | (may or {})

    def rule(value: object, at: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{at}: is no object"]
        wrong = [f"{at}: has no {name}" for name in value.keys() - rules.keys()]
        wrong += [f"{at}: needs {name}" for name in needs.keys() - value.keys()]
        known = [(name, check) for name, check in rules.items() if name in value]
        return wrong + [one for name, check in known for one in check(value[name], f"{at}.{name}")]

    return rule


def many(item: Rule, least: int, most: int) -> Rule:
    def rule(value: object, at: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{at}: is no list"]
        if not least <= len(value) <= most:
            return [f"{at}: has {len(value)} items, not {least}-{most}"]
        return [one for n, entry in enumerate(value) for one in item(entry, f"{at}[{n}]")]

    return rule


def media(**more: Rule) -> Rule:
    """By the id of an upload or by a link, never by both."""
    by_id = table({"id": text(256, fits=r"\d+")}, more)
    by_link = table({"link": text(2048, fits="https?://.+")}, more)
    return lambda value, at: (by_id if isinstance(value, dict) and "id" in value else by_link)(
        value, at
    )


def distinct(rule: Rule, *fields: str, path: str) -> Rule:
    """Buttons that look alike, or answer alike, are refused."""

    def check(value: object, at: str) -> list[str]:
        wrong = rule(value, at)
        if wrong or not isinstance(value, dict):
            return wrong
        rows: list[dict[str, Any]] = value[path]
        found = [row.get("reply", row) for row in rows]
        return [
            f"{at}: {name} twice"
            for name in fields
            if len({one[name] for one in found}) < len(found)
        ]

    return check


ADDRESS = text(2048, fits="https?://.+")
BUTTON = table({"id": text(256, fits=r"\S|\S.*\S"), "title": text(20)})
ROW = table({"id": text(200, fits=r"\S|\S.*\S"), "title": text(24)}, {"description": text(72)})
BUTTONS = table({"buttons": many(table({"type": one_of("reply"), "reply": BUTTON}), 1, 3)})
ROWS = distinct(table({"rows": many(ROW, 1, 10)}, {"title": text(24)}), "id", path="rows")
ACTIONS: dict[str, Rule] = {
    "button": distinct(BUTTONS, "id", "title", path="buttons"),
    "list": table({"button": text(20), "sections": many(ROWS, 1, 10)}),
    "cta_url": table(
        {
            "name": one_of("cta_url"),
            "parameters": table({"display_text": text(20), "url": ADDRESS}),
        }
    ),
}


def interactive(value: object, at: str) -> list[str]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in ACTIONS:
        return [f"{at}: {kind!r} is no kind of interactive message"]
    shape = {"type": one_of(kind), "body": table({"text": text(1024)}), "action": ACTIONS[kind]}
    return table(shape, {"footer": table({"text": text(60)})})(value, at)


PARAMETER = table({"type": one_of("text"), "text": text(32768, fits=r"(?!.*( {5}|[\n\t])).*")})
CONTENTS: dict[str, Rule] = {
    "text": table({"body": text(4096)}, {"preview_url": truth}),
    "image": media(caption=text(1024)),
    "video": media(caption=text(1024)),
    "document": media(caption=text(1024), filename=text(240)),
    "audio": media(voice=truth),
    "sticker": media(),
    "reaction": table({"message_id": text(256, fits="wamid[.].+"), "emoji": text(32, least=0)}),
    "interactive": interactive,
    "template": table(
        {
            "name": text(512, fits="[a-z0-9_]+"),
            "language": table(
                {"code": text(10, fits="[a-z]{2,3}(_[A-Z]{2})?")},
                {"policy": one_of("deterministic")},
            ),
        },
        {
            "components": many(
                table({"type": one_of("body"), "parameters": many(PARAMETER, 1, 100)}), 1, 1
            )
        },
    ),
}
IN_GROUPS = {"text", "image", "video", "audio", "document", "sticker", "template"}
PHONE = text(15, fits=r"[1-9]\d*")
GROUP = text(140, fits=r"[A-Za-z0-9+/=_-]+")
BSUID = text(140, fits=r"[A-Z]{2}\.[A-Za-z0-9.]+")
RECEIPT = table(
    {
        "messaging_product": one_of("whatsapp"),
        "status": one_of("read"),
        "message_id": text(256, fits="wamid[.].+"),
    },
    {"typing_indicator": table({"type": one_of("text")})},
)


def wrong_with(body: object) -> list[str]:
    """A message, or the receipt of one."""
    if isinstance(body, dict) and "status" in body:
        return RECEIPT(body, "receipt")
    kind = body.get("type") if isinstance(body, dict) else None
    if not isinstance(body, dict) or kind not in CONTENTS:
        return [f"{kind!r} is no kind of message"]
    whom = "recipient" if "to" not in body else "to"
    group = body.get("recipient_type") == "group"
    if group and kind not in IN_GROUPS:
        return [f"{kind}: no group takes it"]
    needs = {
        "messaging_product": one_of("whatsapp"),
        "recipient_type": one_of("group" if group else "individual"),
        whom: BSUID if whom == "recipient" else GROUP if group else PHONE,
        "type": one_of(kind),
        kind: CONTENTS[kind],
    }
    may = {
        "biz_opaque_callback_data": text(512),
        "context": table({"message_id": text(256, fits="wamid[.].+")}),
    }
    return table(needs, may)(body, kind)
