"""What a word of a dictionary may look like: written by a person, or proposed by a model. Pure.

WordRefused   it cannot be taken so; the message says why
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from config.shapes import Term
from knowledge.lookups import may_be_told
from text.folding import clean, fold
from text.injection import links, suspicions
from text.money import amounts

WORD, DEFINITION, EXAMPLE, OTHER = 60, 400, 200, 60
"""Letters that each may have."""
SYNONYMS, EXAMPLES, NEVER = 20, 10, 10
_FENCED: Final = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)
_FIELDS: Final = {"definition", "synonyms", "examples"}
_SHORTEST: Final = 10
"""A definition of fewer letters says nothing."""


class WordRefused(Exception):
    """Nothing was changed."""


def key_of(word: str) -> str:
    """What makes two spellings one word."""
    return " ".join(fold(word).split())


def tidied(term: Term) -> Term:
    """Without hidden characters, twins and itself among its synonyms. Raises WordRefused."""
    word = _spoken("word", term.word)
    others = {
        key_of(one): _short(f"synonym of «{word}»", one, WORD)
        for one in term.synonyms
        if one.strip()
    }
    others.pop(key_of(word), None)
    examples = [
        _short(f"example of «{word}»", one, EXAMPLE) for one in term.examples if one.strip()
    ]
    never = {key_of(one): _spoken("words never said", one) for one in term.never if one.strip()}
    _few(f"synonyms of «{word}»", list(others), SYNONYMS)
    _few("words never said", list(never), NEVER)
    _few(f"examples of «{word}»", examples, EXAMPLES)
    if (term.table or term.field) and not may_be_told(term.table, term.field):
        raise WordRefused(
            f"no record {term.table}.{term.field} may be told: main.py fields list has their names"
        )
    return Term(
        word=word,
        definition=_short(f"definition of «{word}»", term.definition, DEFINITION),
        category=_short(f"category of «{word}»", term.category, OTHER)
        if term.category.strip()
        else "",
        table=term.table,
        field=term.field,
        synonyms=tuple(others.values()),
        examples=tuple(dict.fromkeys(examples)),
        never=tuple(never.values()),
    )


def proposed(word: str, answer: str) -> Term:
    """What a model says of a word, where it keeps to what was asked. Raises WordRefused."""
    fenced = _FENCED.match(answer)
    try:
        told = json.loads(fenced[1] if fenced else answer)
    except (ValueError, RecursionError):
        raise WordRefused("the model did not answer in JSON") from None
    if not isinstance(told, dict) or told.keys() != _FIELDS:
        raise WordRefused(f"the model did not answer with {', '.join(sorted(_FIELDS))} alone")
    definition, synonyms, examples = (told[name] for name in ("definition", "synonyms", "examples"))
    if not isinstance(definition, str) or not _texts(synonyms) or not _texts(examples):
        raise WordRefused("the model mixed up texts and lists")
    if len(definition.strip()) < _SHORTEST:
        raise WordRefused("the definition says nothing")
    for text in (definition, *synonyms, *examples):
        _harmless(text)
    return tidied(Term(word=word, definition=definition, synonyms=synonyms, examples=examples))


def _texts(value: Any) -> bool:  # noqa: ANN401  whatever JSON can hold
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _harmless(text: str) -> None:
    """What a dictionary says is believed by the check of every reply: no price may come in here."""
    for wrong, what in (
        (links(text), "a link"),
        (bool(amounts(text)), "a price"),
        (suspicions(text), "an order to a model"),
    ):
        if wrong:
            raise WordRefused(f"the proposal holds {what}: «{text[:60]}»")


def _spoken(what: str, text: str) -> str:
    word = _short(what, text, WORD)
    if not any(sign.isalnum() for sign in word):
        raise WordRefused(f"«{word}» is no word")
    return word


def _short(what: str, text: str, most: int) -> str:
    tidy = " ".join(clean(text).split())
    if not tidy:
        raise WordRefused(f"the {what} is empty")
    if len(tidy) > most:
        raise WordRefused(f"the {what} has {len(tidy)} letters, {most} are the most")
    return tidy


def _few(what: str, values: Sequence[str], most: int) -> None:
    if len(values) > most:
        raise WordRefused(f"{len(values)} {what}, {most} are the most")
