"""What was just done in a conversation, said once, with the form that takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.dealings import HandOver
from store.inbox import ConversationState
from text.folding import clean
from web import filing
from web.conversations import silent

LONGEST: Final = 250
TOLD: Final = ("que=", "de=", "a=", "vuelta=", "valor=")
"""How each part of it begins in an address."""
SALES: Final = {True: "si", False: "no", None: "auto"}
WAYS: Final[Mapping[str, str]] = {
    "reabrir": "", "resolver": "", "tomar": "", "devolver": "",
    "venta": "venta", "etiquetas": "etiquetas", "nota": "pulgar",
}  # fmt: skip
"""The acts that take another back, each with the field that `value` fills in."""


@dataclass(frozen=True, slots=True)
class Did:
    """`way` is the act that takes it back, empty where none does; `reply` is the answer that it was
    done to, where it was one."""

    what: str
    conversation: UUID
    way: str = ""
    value: str = ""
    reply: UUID | None = None

    @property
    def action(self) -> str:
        of = f"/respuestas/{self.reply}" if self.reply else ""
        return f"/conversaciones/{self.conversation}{of}/{self.way}"

    @property
    def field(self) -> str:
        return WAYS.get(self.way, "")

    @property
    def query(self) -> str:
        told = {
            "que": self.what, "de": self.conversation, "a": self.reply, "vuelta": self.way,
            "valor": self.value,
        }  # fmt: skip
        return urlencode({name: value for name, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class Stood:
    """How a conversation stood before somebody acted in it."""

    state: filing.State = "open"
    silent: bool = False
    waiting: bool = False
    labels: str = ""
    sale: str = "auto"


def did_of(request: Request) -> Did | None:
    """As an address says it; what it says of no act of ours is nothing."""
    asked = request.query_params
    try:
        which = UUID(asked.get("de", ""))
        reply = UUID(asked["a"]) if asked.get("a") else None
    except ValueError:
        return None
    way = asked.get("vuelta", "")
    what, value = (clean(asked.get(name, ""), LONGEST) for name in ("que", "valor"))
    return Did(what, which, way if way in WAYS else "", value, reply)


async def stood(session: AsyncSession, shop: UUID, which: UUID, now: datetime) -> Stood:
    talk = await session.get(app.Conversation, (shop, which))
    state = await session.get(ConversationState, (shop, which))
    asked = exists().where(
        HandOver.shop_id == shop,
        HandOver.conversation_id == which,
        HandOver.resolved_at.is_(None),
    )
    return Stood(
        state=filing.state_of(state, now),
        silent=talk is not None and silent(talk, now),
        waiting=bool(await session.scalar(select(asked))),
        labels=", ".join(state.labels) if state is not None else "",
        sale=SALES[state.converted if state is not None else None],
    )
