"""Answers about a customer's own loans: code reads the rows, of whoever was shown to ask alone."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from config.packs import Pack
from handlers.books import Books
from handlers.challenge import NOTE, PATIENCE, Waiting, given, in_public
from handlers.drafting import Answer
from handlers.identity import Identity
from handlers.owed import Teller
from handlers.record_wishes import Wish, wish_of
from handlers.steps import Asked, Decision
from handlers.told import Told
from knowledge.lookups import LookupRefused, Name, resolved
from knowledge.proposed import proposed
from knowledge.verify import Evidence, verify
from llm.base import Completion

log = structlog.get_logger()

PROPOSED: Final = "look_up_records"
Call: TypeAlias = Callable[[Asked], Awaitable[Decision]]
"""Passes a turn on to a person."""


@dataclass(frozen=True)
class Lending:
    """`call` is None where nobody is to be called."""

    books: Books
    identity: Identity
    pack: Pack
    zone: ZoneInfo
    call: Call | None = None

    @cached_property
    def labels(self) -> Mapping[Name, str]:
        return labels_of(self.pack)

    async def before(self, asked: Asked) -> Decision | None:
        """An answer to the question who somebody is; anything else is for the others."""
        waiting = Waiting.read(asked.situation.notes, asked.at)
        said = given(asked.reading.text, asked.at.astimezone(self.zone).date())
        if waiting is None or not said.something or asked.action or _in_public(asked):
            return None
        known = await self.identity.known(asked)
        if known is not None:
            return await self._answered(asked, known, waiting.wish)
        if said.id_tail is None or said.born_on is None:
            return self._says(asked, "identity_both")
        proof = await self.identity.proved(asked, said)
        if isinstance(proof, UUID):
            return await self._answered(asked, proof, waiting.wish)
        return self._says(asked, "identity_wrong") if proof == "wrong" else await self._shut(asked)

    async def instead(self, asked: Asked) -> Decision | None:
        """A question about one's own records."""
        terms = asked.reading.glossary.records
        wish = wish_of(asked.reading.parsed, asked.reading.text, terms)
        return await self._asked(asked, wish) if wish is not None else None

    async def after(self, asked: Asked, answer: Answer) -> Decision | None:
        """What a model would like to read: known names alone, of whoever asks and no other."""
        for action in answer.completion.actions:
            if action.name == PROPOSED:
                return await self._proposed(asked, action.arguments)
        return None

    async def _proposed(self, asked: Asked, arguments: Mapping[str, Any]) -> Decision | None:
        try:
            known = await self.books.fields(asked.turn.shop)
            lookups = proposed(arguments, asked.reading.glossary.records, known)
        except LookupRefused as refused:
            log.warning("lookup.refused", why=type(refused).__name__, what=str(refused))
            return None
        names = tuple((one.table, name) for one in lookups for name in one.fields)
        client = None if _in_public(asked) else await self.identity.known(asked)
        if client is None:
            return await self._asked(asked, Wish("fields", names=names))
        read = await self.books.read(asked.turn.shop, client, lookups)
        return self._decision(asked, self._teller(asked).fields(read), learned=True)

    async def _asked(self, asked: Asked, wish: Wish) -> Decision:
        if _in_public(asked):
            return self._says(asked, "identity_private")
        client = await self.identity.known(asked)
        if client is not None:
            return await self._answered(asked, client, wish, learned=True)
        if await self.identity.locked(asked):
            return self._says(asked, "identity_locked")
        waiting = Waiting(wish, asked.at + PATIENCE)
        return replace(self._says(asked, "identity_ask"), notes={NOTE: waiting.written()})

    async def _answered(
        self, asked: Asked, client: UUID, wish: Wish, *, learned: bool = False
    ) -> Decision:
        shop, teller = asked.turn.shop, self._teller(asked)
        if wish.kind == "fields":
            lookups = resolved(wish.names, await self.books.fields(shop))
            told = teller.fields(await self.books.read(shop, client, lookups))
        else:
            today = asked.at.astimezone(self.zone).date()
            standing = await self.books.standing(
                shop, client, today, loan=wish.loan, instalment=wish.instalment
            )
            told = teller.tell(wish, standing)
        return self._decision(asked, told, learned=learned)

    def _decision(self, asked: Asked, told: Told, *, learned: bool) -> Decision:
        """Checked like a model's words: a figure without a row behind it is a mistake of ours."""
        peso = self.pack.identity.currency
        checked = verify(told.text, Evidence(told.sources, asked.reading.text, peso=peso))
        used = (*told.names, *(source.id for source in told.sources))
        text = checked.text or self.pack.answers["unknown"].say(asked.reading.parsed.locale, {})
        said = Completion(text, "pack", self.pack.name, used=used)
        answer = Answer(said, checked.verdict, sources=told.sources)
        return Decision(answer, notes={NOTE: ""}, purpose="answer" if learned else "identity")

    async def _shut(self, asked: Asked) -> Decision:
        """Staff are not shown what was guessed."""
        if self.call is None:
            return self._says(asked, "identity_locked")
        text = self.pack.answers["identity_staff"].say(self.pack.identity.language, {})
        unsaid = replace(asked.reading, text=text, said=())
        called = await self.call(replace(asked, reading=unsaid))
        return replace(called, notes=dict(called.notes) | {NOTE: ""}, purpose="identity")

    def _says(self, asked: Asked, name: str) -> Decision:
        text = self.pack.answers[name].say(asked.reading.parsed.locale, {})
        said = Completion(text, "pack", self.pack.name, used=(name,))
        return Decision(Answer(said), purpose="identity")

    def _teller(self, asked: Asked) -> Teller:
        return Teller(self.pack, self.labels, asked.reading.parsed.locale)


def labels_of(pack: Pack) -> Mapping[Name, str]:
    """What the business calls its fields."""
    return {
        (term.table, term.field): term.word
        for term in pack.glossary
        if term.table is not None and term.field is not None
    }


def _in_public(asked: Asked) -> bool:
    return in_public(asked.turn.account, asked.turn.chat, asked.turn.thread)
