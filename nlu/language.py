"""Which language a customer writes in: Spanish, unless English words say otherwise."""

from collections.abc import Collection, Sequence
from typing import Final

_ENGLISH: Final = frozenset(
    [
        "the", "is", "are", "do", "does", "you", "have", "how", "much", "price", "what", "shipping",
        "hello", "hi", "please", "thanks", "thank", "want", "can", "i", "my", "where", "when",
        "to", "talk", "speak", "human", "there", "any", "of",
        "pay", "buy", "cost", "need", "looking", "for", "with", "it", "this", "your", "we",
    ]
)  # fmt: skip


def language(folded: Sequence[str], words: Sequence[str], stopwords: Collection[str]) -> str:
    """`words` are the stems of the `folded` ones."""
    english = sum(word in _ENGLISH for word in folded)
    spanish = sum(
        stemmed in stopwords and plain not in _ENGLISH
        for plain, stemmed in zip(folded, words, strict=False)
    )
    return "en" if english > max(1, spanish) or 0 < english == len(folded) else "es"
