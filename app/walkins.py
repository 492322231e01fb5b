"""Customers of the sample who do what no script tells: they ask for a person, ask what nothing
answers, and send a picture of what they paid."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from app.lives import HabitsChannel
from config.settings import ROOT
from events.contents import Media

RECEIPT: Final = ROOT / "examples" / "receipt.jpg"
HELP: Final = ("hola, ¿me puede atender una persona?", "quiero hablar con alguien de la tienda")
UNANSWERED: Final = (
    "¿ustedes arriendan bicicletas?",
    "ustedes arriendan bicicletas??",
    "¿ustedes también arriendan bicicletas?",
    "¿puedo dejar mi currículum?",
    "¿reciben currículum?",
)
PAYING: Final = ("¿cuánto cuesta la mochila urbana azul?", "ya, la quiero", "confirmo")
"""The receipt is of what this costs."""


@dataclass(frozen=True, slots=True)
class WalkIns:
    """`patience_s` is how long one waits for an answer before going on."""

    channel: HabitsChannel
    patience_s: float

    async def come(self, names: Sequence[str]) -> None:
        """Each is somebody else; the last names stay free."""
        left = iter(names)
        await asyncio.gather(
            *(self._talk(next(left), [text]) for text in (*HELP, *UNANSWERED)),
            self._pay(next(left), PAYING),
        )

    async def _talk(self, chat: str, lines: Iterable[str]) -> None:
        for number, text in enumerate(lines):
            heard = len(self.channel.replies(chat))
            await self.channel.say(chat, text, key=f"{chat}-{number}-w")
            await self._answered(chat, heard)

    async def _pay(self, chat: str, lines: Sequence[str]) -> None:
        await self._talk(chat, lines)
        heard, ref = len(self.channel.replies(chat)), f"{chat}/receipt"
        data = await asyncio.to_thread(RECEIPT.read_bytes)
        self.channel.files[ref] = data
        sent = self.channel.message(chat, "", key=f"{chat}-receipt")
        picture = Media(kind="photo", ref=ref, mime="image/jpeg", size=len(data))
        await self.channel.deliver(structs.replace(sent, content="photo", media=(picture,)))
        await self._answered(chat, heard)

    async def _answered(self, chat: str, heard: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience_s):
                await self.channel.wait_for_replies(chat, heard + 1)
