"""A shop's words from its own chats: what nobody knows yet becomes a suggestion."""

from collections.abc import Callable, Iterator
from uuid import UUID

from config.packs import Pack
from knowledge.dictionary import named_suggestion
from knowledge.glossary import Glossary
from knowledge.mining import LEAST, Mined, Said, mine, was_lost
from knowledge.products import Index
from knowledge.wording import key_of
from store.dictionary import MinedRow, suggest, turns_of
from store.session import Store
from text.stemming import stems


async def mine_shop(
    store: Store, shop: UUID, known: Callable[[str], bool], *, least: int = LEAST
) -> list[Mined]:
    """Stored as suggestions; done again, it only counts again."""
    async with store.reading() as session:
        rows = await turns_of(session, shop)
    said = [
        Said(
            row["conversation_id"],
            row["user_message"],
            row["created_at"],
            was_lost(
                row["quality_score"],
                row["confidence"],
                about_product=row["product_id"] is not None,
            ),
        )
        for row in rows
    ]
    mined = mine(said, known, least=least)
    async with store.transaction() as session:
        await suggest(session, shop, [_row(shop, one) for one in mined])
    return mined


def known_words(pack: Pack, index: Index, glossary: Glossary) -> Callable[[str], bool]:
    """By stem: what the pack, the catalogue or the dictionary has a word for, or nearly."""
    plain = frozenset(stem for text in _texts_of(pack) for stem in stems(text))
    spelled = frozenset(stem for key in glossary.spellings.entries for stem in key)
    return lambda stem: (
        stem in plain
        or stem in spelled
        or stem in index.postings
        or bool(index.spelling.guesses(stem))
    )


def _texts_of(pack: Pack) -> Iterator[str]:
    """Whatever a pack knows or says itself: ordinary words stand there as well."""
    words = pack.words
    yield pack.persona
    yield from (text for rule in pack.intents for text in rule.words)
    for named in (words.fillers, words.stopwords, words.attributes, *words.slots.values()):
        yield from named.words
    yield from words.abbreviations
    yield from words.abbreviations.values()
    for saying in (*pack.answers.values(), *pack.phrases.values()):
        yield from (*saying.es, *saying.en)
    yield from (text for listed in pack.lexicon.score.values() for text in listed)
    yield from pack.lexicon.success
    yield from (text for listed in pack.handover.topics.values() for text in listed)


def _row(shop: UUID, one: Mined) -> MinedRow:
    return MinedRow(
        id=named_suggestion(shop, one.word),
        word=one.word,
        folded=key_of(one.word),
        count=one.conversations,
        messages=list(one.messages),
        first_seen=one.first,
        last_seen=one.last,
    )
