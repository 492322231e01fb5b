"""How the choices under an answer look on a network: the very message that it would be sent."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.channels.base import Part
from bot.channels.plain import listed
from bot.channels.telegram.requests import keyboard
from bot.channels.whatsapp_cloud.files import Unsendable
from bot.channels.whatsapp_cloud.payloads import messages_of
from events.contents import Choice
from events.vocabulary import ReplyDrafted
from web.rehearsal import Network

PHONE: Final = "56900000000"
"""A chat of one person, as WhatsApp names them; nothing is sent there."""


@dataclass(frozen=True, slots=True)
class Option:
    title: str
    id: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A list is opened by the button `title`; `text` is what a network without buttons says."""

    kind: Literal["buttons", "list", "text"]
    rows: tuple[tuple[Option, ...], ...] = ()
    title: str = ""
    text: str = ""


def shape(network: Network, draft: ReplyDrafted) -> Shape | None:
    """None where nothing can be chosen."""
    choices = draft.choices
    if not choices:
        return None
    if network == "telegram":
        rows = keyboard(choices)
        return Shape("buttons", tuple(tuple(map(_of_telegram, row)) for row in rows))
    if network == "whatsapp_cloud":
        return _on_whatsapp(draft)
    return Shape("buttons", (tuple(map(_plain, choices)),))


def _on_whatsapp(draft: ReplyDrafted) -> Shape:
    text = draft.parts[-1] if draft.parts else draft.text
    part = Part(
        key="", conversation=draft.conversation, chat=PHONE, text=text, choices=draft.choices,
        menu=draft.menu,
    )  # fmt: skip
    try:
        body = messages_of(part)[-1]
    except Unsendable:
        return Shape("text", text=listed(draft.choices))
    sent: dict[str, Any] = body.get("interactive", {})
    action = sent.get("action", {})
    match sent.get("type"):
        case "button":
            told = [_of_row(one["reply"]) for one in action["buttons"]]
            return Shape("buttons", (tuple(told),))
        case "list":
            told = [_of_row(one) for section in action["sections"] for one in section["rows"]]
            return Shape("list", (tuple(told),), title=action["button"])
        case "cta_url":
            return Shape("buttons", ((Option(action["parameters"]["display_text"]),),))
        case _:
            return Shape("text", text=listed(draft.choices))


def _of_telegram(button: dict[str, str]) -> Option:
    return Option(button["text"], button.get("callback_data", ""))


def _of_row(row: dict[str, str]) -> Option:
    return Option(row["title"], row["id"], row.get("description", ""))


def _plain(choice: Choice) -> Option:
    return Option(choice.title, "" if choice.url else choice.id, choice.description)
