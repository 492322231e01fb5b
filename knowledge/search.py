"""Searches a shop's documents for what answers a question, or finds that nothing does."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from knowledge import ranking
from knowledge.ranking import Asked
from llm.base import ModelError
from llm.embeddings import Embedders, Vector
from store import finding
from store.finding import Found, Known, Told
from store.passages import CorpusRow
from store.session import BatchConnection, Store
from text.lexemes import content_words, lexeme, lexemes, trigrams

log = structlog.get_logger()

READ: Final = 600
"""Characters of a question that are searched for: a pasted text does not say more about it."""
WANTED: Final = 5
POOL: Final = 2
"""Among so many times as are wanted, repetition is avoided: what comes later is worse anyway."""
PATIENCE_S: Final = 3.0
"""A customer waits no longer for the vector of a question: words find most of it."""
GUESSED: Final = 8
"""Unknown words that are taken for misspelled ones; a text of many more is no question."""
Synonyms: TypeAlias = Mapping[str, Mapping[str, float]]
"""For lexemes of a question: others that mean the same, with how close they are."""
NO_SYNONYMS: Final[Synonyms] = {}


@dataclass(frozen=True, slots=True)
class Hit:
    """`coverage` is the part of the question's weight that stands in the passage, 0 to 1; one that
    is `near` means about the same."""

    told: Told
    score: float
    bm25: float
    coverage: float
    cosine: float | None
    answers: bool
    near: bool = False


@dataclass(frozen=True, slots=True)
class Searched:
    """`hits` are the nearest there are; only those that `answers` may be told."""

    hits: tuple[Hit, ...] = ()
    model: str = ""
    corrected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def answering(self) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if hit.answers)


def merged(found: Sequence[Searched]) -> Searched:
    """What several questions found; a passage that answers one of them counts as answering."""
    if len(found) == 1:
        return found[0]
    hits: dict[UUID, Hit] = {}
    for hit in (hit for one in found for hit in one.hits):
        if hit.told.id not in hits or hit.answers:
            hits[hit.told.id] = hit
    corrected = {word: others for one in found for word, others in one.corrected.items()}
    return Searched(tuple(hits.values()), next((one.model for one in found), ""), corrected)


ASKING: Final = frozenset(
    lexemes(
        "hola buenas buenos dias tardes noches gracias favor porfa consulta pregunta duda saber"
        " quiero quisiera queria necesito puedo puede pueden podria podrian dime cuentame explica"
        " dice dicen decir documento documentos archivo pdf usted ustedes oye disculpa please hello"
    )
)
"""How people put a question. Documents seldom say these, and then they mean something else."""
MEANING: Final = frozenset(
    ("sabado", "sabados", "tarda", "tardan", "tardar", "tardara", "tardado", "tardaron")
)
"""Words with the stem of `saber` or of `tardes`: what is asked about, not how."""
NOTHING: Final = Searched()


@dataclass(frozen=True, slots=True)
class Search:
    """Shops of more than `large` passages are searched in other ways."""

    store: Store
    embedders: Embedders = field(default_factory=Embedders)
    large: int = finding.LARGE

    async def close(self) -> None:
        await self.embedders.ours.close()

    async def search(
        self, shop: UUID, question: str, *, count: int = WANTED, also: Synonyms = NO_SYNONYMS
    ) -> Searched:
        """Raises StoreUnavailable. Without the embedding model, what words alone find."""
        words = wanted_words(question[:READ])
        if not words:
            return NOTHING
        async with self.store.lookup() as connection:
            known = await finding.known(connection, shop, [*words, *_all(also)])
            if known is None:
                return NOTHING
            wanted = await _asked(connection, shop, words, known, also)
        vector = await self._vector(
            question[:READ], known, sorted({*_all(also)} & wanted.weights.keys())
        )
        if not wanted.weights and vector is None:
            return _told(shop, Searched(model=known.corpus.model), wanted)
        async with finding.opened(self.store, known.corpus) as connection:
            found = await finding.find(
                connection, shop, known.corpus, wanted.weights, vector, self.large
            )
            best = [found[place] for place in _chosen(found, count)]
            told = await finding.told(connection, shop, [one.id for one in best])
        hits = [_hit(one, told[one.id], wanted, known.corpus) for one in best if one.id in told]
        searched = Searched(tuple(hits), known.corpus.model, wanted.corrected)
        return _told(shop, searched, wanted)

    async def _vector(self, question: str, known: Known, meant: Sequence[str]) -> Vector | None:
        """Only of the model whose vectors the shop has: others mean nothing beside them. Offline
        vectors know no synonyms, so what is `meant` by them is embedded too."""
        embedder = self.embedders.of(known.corpus.model, known.corpus.dim)
        if embedder is None:
            log.warning("search.other_model", stored=known.corpus.model)
            return None
        of = known.corpus.passages
        if finding.offline(known.corpus):
            question = " ".join([question, *meant])

        def weight(lexeme: str) -> float:
            return ranking.idf(known.passages.get(lexeme, 0), of)

        try:
            async with asyncio.timeout(PATIENCE_S):
                vector = await embedder.embed_query(question, weight)
        except (ModelError, TimeoutError) as error:
            log.warning("search.without_vectors", reason=str(error) or f"after {PATIENCE_S} s")
            return None
        return vector if vector.any() else None


def wanted_words(question: str) -> list[str]:
    """The lexemes a question is about; how it is put counts only when nothing else is said."""
    said = [(word, lexeme(word)) for word in content_words(question)]
    about = [stem for word, stem in said if word in MEANING or stem not in ASKING]
    return about or [stem for _, stem in said]


def _all(also: Synonyms) -> list[str]:
    return [other for others in also.values() for other in others]


async def _asked(
    connection: BatchConnection,
    shop: UUID,
    words: Sequence[str],
    known: Known,
    also: Synonyms,
) -> Asked:
    """Unknown words are looked up by their letters."""
    passages = dict(known.passages)
    meant = {word: dict(others) for word, others in also.items()}
    unknown = [word for word in dict.fromkeys(words) if word not in passages]
    for word in [word for word in unknown if ranking.misspelled(word)][:GUESSED]:
        near = await finding.alike(connection, shop, sorted(trigrams(word)))
        guessed = ranking.guesses(word, near)
        passages |= {one: near[one] for one in guessed}
        meant.setdefault(word, {}).update(guessed)
    return ranking.asked(words, passages, meant, known.corpus.passages)


def _chosen(found: Sequence[Found], count: int) -> list[int]:
    """Of each chunk its best passage, and no two that say the same."""
    first: dict[UUID, int] = {}
    for place, one in enumerate(found):
        first.setdefault(one.chunk, place)
    places = list(first.values())[: POOL * count]
    return [places[at] for at in ranking.diverse([found[place] for place in places], count)]


def _hit(one: Found, told: Told, wanted: Asked, corpus: CorpusRow) -> Hit:
    coverage = ranking.coverage(wanted, frozenset(told.lexemes.split()))
    return Hit(
        told=told,
        score=one.score,
        bm25=one.bm25,
        coverage=coverage,
        cosine=one.cosine,
        answers=ranking.answers(coverage, one.cosine, corpus.model),
        near=ranking.near(one.cosine, corpus.model),
    )


def _told(shop: UUID, searched: Searched, wanted: Asked) -> Searched:
    """What was found, in the log too: never what was asked."""
    log.info(
        "search.found",
        shop=str(shop),
        hits=[
            {
                "passage": str(hit.told.id),
                "score": round(hit.score, 4),
                "bm25": round(hit.bm25, 2),
                "coverage": round(hit.coverage, 2),
                "cosine": None if hit.cosine is None else round(hit.cosine, 3),
                "answers": hit.answers,
            }
            for hit in searched.hits
        ],
        threshold={"coverage": ranking.COVERED, "cosine": ranking.NEAR},
        corrected=len(wanted.corrected),
    )
    return searched
