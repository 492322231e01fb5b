"""What the shop says of itself, read and changed: its page and the API do both by this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from config.packs import Pack
from store import choices
from store.audit import record
from store.session import ReadSession, WriteSession
from text.folding import clean
from web.hands import Hand

LONGEST: Final = 800


@dataclass(frozen=True, slots=True)
class Fact:
    """`text` is the shop's own, or None; `sample` is what the pack says until then."""

    name: str
    title: str
    sample: str
    text: str | None

    @property
    def shown(self) -> str:
        return self.sample if self.text is None else self.text


async def facts(session: ReadSession, shop: UUID, pack: Pack) -> list[Fact]:
    """In the order in which the pack has them."""
    own = await choices.facts(session, shop)
    return [
        Fact(name, pack.answers[name].title or name, _sample(pack, name), own.get(name))
        for name in pack.facts
    ]


async def say(session: WriteSession, pack: Pack, given: Mapping[str, str | None], by: Hand) -> None:
    """Each name with its text: empty says nothing, None is the pack's sample again. What is not
    named stays; what the pack has no answer for is not kept."""
    shop = by.who.shop
    await choices.hold(session, shop)
    before = await choices.facts(session, shop)
    wanted = {
        name: None if text is None else clean(text, LONGEST).strip()
        for name, text in given.items()
        if name in pack.facts
    }
    own = {name: text for name, text in (before | wanted).items() if text is not None}
    await choices.choose(session, shop, {"facts": own, "by": by.who.name, "at": by.at})
    for name, text in wanted.items():
        if (was := before.get(name)) != text:
            await _note(session, name, (was, text), by)


async def _note(
    session: WriteSession, name: str, texts: tuple[str | None, str | None], by: Hand
) -> None:
    shop, actor, what = by.who.shop, by.actor, f"fact:{name}"
    then, now = {"text": texts[0]}, {"text": texts[1]}
    await record(session, shop, actor, "settings.facts", what, before=then, after=now)


def _sample(pack: Pack, name: str) -> str:
    known = {"shop": pack.identity.shop.name}
    return pack.answers[name].say(pack.identity.language, known)
