"""`dictionary mine`, `improve`, `accept` and `dismiss`: proposals, and a person's decision."""

from uuid import UUID

from app.console import FAILED, emit, refuse, result, somebody, talk
from app.desk import Desk, known_shop, opened, pack_of
from app.hosted import hosted
from app.words import say
from config.settings import Settings
from config.shapes import Term
from knowledge import deciding
from knowledge.catalogue import Catalogue, vocabulary
from knowledge.dictionary import Dictionary, named_suggestion, term_from
from knowledge.improving import improved
from knowledge.suggesting import known_words, mine_shop
from knowledge.wording import key_of
from llm.base import Payer
from services.clock import now
from store.app import Shop
from store.dictionary import propose, suggestion_of, suggestions_of, term_of

NEEDS_ONE = "the offline model answers by rules and knows no more words than the shop does"


async def mine(settings: Settings, key: str, least: int, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        pack = pack_of(desk, shop)
        catalogue, dictionary = Catalogue(desk.store, vocabulary(pack)), Dictionary(desk.store)
        known = known_words(pack, await catalogue.of(shop.id), await dictionary.of(shop.id))
        talk.print("  reading the chats…", markup=False)
        mined = await mine_shop(desk.store, shop.id, known, least=least)
    if as_json:
        emit([{"word": one.word, "count": one.conversations, "lost": one.lost} for one in mined])
        return
    if not mined:
        result.print(f"No unknown word occurs in {least} conversations and more often where it went"
                     " wrong.")  # fmt: skip
        return
    words = ", ".join(f"{one.word} ({one.conversations})" for one in mined)
    result.print(f"{len(mined)} words: {words}", markup=False, soft_wrap=True)
    talk.print("  next: main.py dictionary suggestions", markup=False)


async def improve(settings: Settings, key: str, word: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        term, messages = await _known(desk, shop.id, word)
        better, by = await _asked(desk, shop, term, messages)
        at, which = now(), named_suggestion(shop.id, word)
        async with desk.store.transaction() as session:
            given = {
                "id": which,
                "word": better.word,
                "folded": key_of(better.word),
                "definition": better.definition,
                "synonyms": list(better.synonyms),
                "examples": list(better.examples),
                "proposed_by": by,
                "first_seen": at,
                "last_seen": at,
            }
            await propose(session, shop.id, given)
    say(better, f"proposed by {by}", as_json=as_json)
    talk.print(f"  next: main.py dictionary accept {str(which)[:8]}, or dismiss", markup=False)


async def _known(desk: Desk, shop: UUID, word: str) -> tuple[Term, list[str]]:
    """What is there of a word: its entry, or at least what customers said."""
    async with desk.store.reading() as session:
        entry = await term_of(session, shop, key_of(word))
        seen = await suggestion_of(session, shop, named_suggestion(shop, word))
    term = term_from(entry) if entry else Term.model_construct(word=word, definition="")
    return term, list(seen.messages) if seen else []


async def _asked(desk: Desk, shop: Shop, term: Term, messages: list[str]) -> tuple[Term, str]:
    pack = pack_of(desk, shop)
    async with hosted(desk, NEEDS_ONE) as chain:
        return await improved(
            chain,
            term,
            messages,
            shop=(shop.name, pack.identity.title),
            payer=Payer(str(shop.id), "dictionary"),
        )


async def accept(
    settings: Settings,
    key: str,
    which: str,
    definition: str | None,
    same_as: str,
    *,
    as_json: bool,
) -> None:
    by, at = somebody(), now()
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        one = await _found(desk, shop.id, which)
        if same_as:
            term = await deciding.accept_as(desk.store, shop.id, one, same_as, by=by, at=at)
        else:
            given = {"definition": definition} if definition else {}
            term = await deciding.accept(desk.store, shop.id, one, given, by=by, at=at)
    say(term, "accepted", as_json=as_json)


async def dismiss(settings: Settings, key: str, which: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        one = await _found(desk, shop.id, which)
        word = await deciding.dismiss(desk.store, shop.id, one, by=somebody())
    if as_json:
        emit({"id": str(one), "word": word, "state": "dismissed"})
        return
    result.print(f"{word} is dismissed", markup=False)


async def _found(desk: Desk, shop: UUID, which: str) -> UUID:
    async with desk.store.reading() as session:
        every = await suggestions_of(session, shop)
    found = [one.id for one in every if str(one.id).startswith(which) or one.word == which]
    if len(found) != 1:
        what = f"{len(found)} open suggestions are called {which!r}"
        refuse(what, hint="main.py dictionary suggestions", code=FAILED)
    return found[0]
