"""Better answers: proposed by people or models, looked at by code, decided by a person.

CorrectionRefused     it cannot be proposed or decided so; the message says why
├── NoSuchCorrection  nothing is called so
├── AlreadyDecided    somebody was quicker
└── CheckFailed       code found something in it; `checks` say what
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from events.happened import caused_by
from learning.grading import known, teach
from learning.grounds import Library
from learning.proofing import Check, failed, proofread
from store import corrections as stored
from store.audit import Actor, record_by
from store.examples import PER_SHOP
from store.grading import cache, mark_improved
from store.session import BatchConnection, Store
from text.differences import differences
from text.folding import clean
from text.privacy import Recogniser, Tags, scrub

WHY: Final = 500


class CorrectionRefused(Exception):
    hint = "main.py corrections list"


class NoSuchCorrection(CorrectionRefused): ...


class AlreadyDecided(CorrectionRefused): ...


class CheckFailed(CorrectionRefused):
    hint = 'say it in other words: main.py improve REPLY --text "…"; a fact you are sure of: --sure'

    def __init__(self, checks: Sequence[Check]) -> None:
        super().__init__("; ".join(f"{one.name}: {one.why}" for one in checks))
        self.checks = tuple(checks)


@dataclass(frozen=True, slots=True)
class Proposed:
    """`by` is who says it: a person's name, or a provider and its model."""

    text: str
    by: str
    origin: str = "person"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Editor:
    """One person of a shop, at one moment."""

    store: Store
    library: Library
    shop: UUID
    by: str
    at: datetime
    own: tuple[Recogniser, ...] = field(default=())
    actor: Actor | None = None

    async def propose(self, reply: UUID, proposed: Proposed) -> dict[str, Any]:
        """With the differences and what code found; nothing is learned from it yet. Raises
        ReplyUnknown and CorrectionRefused."""
        async with self.store.lookup() as connection:
            row = await known(connection, self.shop, reply)
        tags = await self.library.tags(self.shop, reply)
        text = self._masked(proposed.text, row, tags)
        basis = row["correction"] or row["bot_response"]
        if text == basis:
            raise CorrectionRefused("it says what the answer says already")
        checks = await self._checked(row, text, tags)
        which = caused_by(reply, f"correction:{proposed.origin}:{proposed.by}:{text}")
        one = {
            "id": which,
            "training_id": reply,
            "text": text,
            "basis": basis,
            "origin": proposed.origin,
            "proposed_by": proposed.by,
            "why": self._masked(proposed.why, row, tags)[:WHY],
            "checks": [check.told() for check in checks],
        }
        async with self.store.batch() as connection:
            await known(connection, self.shop, reply)
            await stored.propose(connection, self.shop, one, self.at)
            found = await stored.correction(connection, self.shop, which)
        return seen(found or one)

    async def accept(self, which: UUID, *, sure: bool = False) -> dict[str, Any]:
        """From now on the row teaches this answer, and serves as an example. `sure`: a person
        vouches for facts that no source holds. Raises CorrectionRefused."""
        row, one = await self._open(which)
        tags = await self.library.tags(self.shop, row["id"])
        checks = await self._checked(row, one["text"], tags)
        wrong = failed(checks, vouched=sure)
        if wrong:
            raise CheckFailed(wrong)
        async with self.store.batch() as connection:
            await known(connection, self.shop, row["id"])
            await self._decide(connection, which, "accepted", checks)
            await stored.correct(connection, self.shop, row["id"], one["text"])
            await mark_improved(connection, self.shop, row["id"], self.by, self.at)
            await cache(connection, self.shop, row["id"])
            example = await teach(connection, self.shop, row["id"], PER_SHOP)
            found = await stored.correction(connection, self.shop, which)
        return seen(found or one) | {"example": example}

    async def refuse(self, which: UUID, why: str = "") -> dict[str, Any]:
        """Raises CorrectionRefused."""
        row, one = await self._open(which)
        told = self._masked(why, row, {})[:WHY]
        checks = [Check(**check) for check in one["checks"]]
        async with self.store.batch() as connection:
            await known(connection, self.shop, row["id"])
            await self._decide(connection, which, "refused", checks, told)
            found = await stored.correction(connection, self.shop, which)
        return seen(found or one)

    async def _open(self, which: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
        async with self.store.lookup() as connection:
            one = await stored.correction(connection, self.shop, which)
            if one is None:
                raise NoSuchCorrection(f"there is no correction {which}")
            return await known(connection, self.shop, one["training_id"]), one

    async def _decide(
        self,
        connection: BatchConnection,
        which: UUID,
        state: str,
        checks: Sequence[Check],
        why: str = "",
    ) -> None:
        """Under the row's lock: of two people the first decides."""
        now = await stored.correction(connection, self.shop, which)
        if now is None or now["state"] != "proposed":
            standing = now["state"] if now else "gone"
            raise AlreadyDecided(f"correction {which} is {standing} already")
        told = [check.told() for check in checks]
        decided = {"state": state, "by": self.by, "at": self.at, "checks": told, "why": why}
        await stored.decide(connection, self.shop, which, decided)
        if self.actor is not None:
            deed = (f"improvement.{state}", f"improvement:{which}", None, None)
            await record_by(connection, self.shop, self.at, self.actor, deed)

    async def _checked(self, row: dict[str, Any], text: str, tags: dict[str, str]) -> list[Check]:
        return proofread(text, await self.library.grounds(self.shop, row, text, tags))

    def _masked(self, text: str, row: dict[str, Any], tags: dict[str, str]) -> str:
        """By the tags that the row's texts have."""
        names = [row["customer"]] if row["customer"] else []
        tidy = clean(text.strip(), limit=len(text))
        return scrub(tidy, Tags(tags), extra=self.own, names=names).text


async def waiting(
    store: Store, shop: UUID, *, state: str | None = "proposed", reply: UUID | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:  # fmt: skip
    """Proposals, the newest first, with what would change."""
    async with store.lookup() as connection:
        found = await stored.corrections(connection, shop, state=state, training=reply, limit=limit)
    return [seen(one) for one in found]


async def named(store: Store, shop: UUID, beginning: str) -> UUID:
    """The one whose id begins so. Raises NoSuchCorrection."""
    signs = beginning.replace("-", "").lower()
    try:
        first, last = UUID(signs.ljust(32, "0")), UUID(signs.ljust(32, "f"))
    except ValueError:
        raise NoSuchCorrection(f"{beginning!r} is no id of a correction") from None
    async with store.lookup() as connection:
        found = await stored.called(connection, shop, first, last)
    if len(found) != 1:
        what = "several corrections are" if found else "no correction is"
        raise NoSuchCorrection(f"{what} called {beginning!r}")
    return found[0]


def seen(one: dict[str, Any]) -> dict[str, Any]:
    """With the words that would go and come."""
    parts = differences(one["basis"], one["text"])
    return one | {"diff": [{"change": change, "text": text} for change, text in parts]}
