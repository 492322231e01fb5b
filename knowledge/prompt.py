"""Composes what a language model reads: persona, facts, what was said, the question."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from config.packs import Pack
from llm.base import Finding, Message, Source
from text.folding import clean
from text.privacy import Recogniser, Tags, scrub
from text.tokens import budgeted

BUDGET: Final = 3_000
QUESTION_CHARS: Final = 4_000
LANGUAGES: Final = {"es": "español", "en": "inglés"}
NOTES: Final[dict[Finding, str]] = {
    "found": "",
    "each": "Se preguntó por cada uno de estos productos.",
    "other_colour": "No hay ninguno en el color pedido; estos son los que sí hay.",
    "within_budget": "Estos son los que caben en el presupuesto pedido.",
    "over_budget": "Nada cabe en el presupuesto pedido; estos son los más económicos.",
}


@dataclass(frozen=True, slots=True)
class TurnPrompt:
    """`tags` remember which mark stands for which value, to put it back into the answer."""

    persona: str
    question: str
    locale: str = "es"
    sources: Sequence[Source] = ()
    finding: Finding = "found"
    categories: Sequence[str] = ()
    said: Sequence[Message] = ()
    recognisers: Sequence[Recogniser] = ()
    budget: int = BUDGET
    tags: Tags = field(default_factory=Tags)

    def messages(self, *, masked: bool) -> tuple[Message, ...]:
        system = Message("system", self._system())
        question = self._spoken(Message("user", self.question[:QUESTION_CHARS]), masked=masked)
        left = self.budget - budgeted(system.content) - budgeted(question.content)
        said = [self._spoken(line, masked=masked) for line in self.said]
        return (system, *_newest(said, left), question)

    def restored(self, text: str) -> str:
        """The customer reads their own data, never our marks."""
        return self.tags.restore(text)

    def _spoken(self, line: Message, *, masked: bool) -> Message:
        if not masked:
            return line
        return Message(line.role, scrub(line.content, self.tags, extra=self.recognisers).text)

    def _system(self) -> str:
        parts = [
            self.persona.strip(),
            f"Responde en {LANGUAGES.get(self.locale, self.locale)}.",
            NOTES[self.finding],
            "<datos>",
            *self._facts(),
            "</datos>",
        ]
        return "\n".join(part for part in parts if part)

    def _facts(self) -> Iterable[str]:
        if self.categories:
            yield f"Categorías del catálogo: {', '.join(map(_inert, self.categories))}"
        for source in self.sources:
            label = "Alternativa" if source.data.get("role") == "similar" else _LABELS[source.kind]
            photo = source.data.get("photo")
            link = f" Foto: {photo}" if photo else ""
            yield f"- {label} «{_inert(source.title)}»: {_inert(source.text)}{link}"
        if not self.sources:
            yield "- No se encontró nada sobre lo que pregunta."


_LABELS: Final = {
    "product": "Producto",
    "answer": "Respuesta de la tienda",
    "passage": "Documento",
    "term": "Palabra",
    "record": "Registro del cliente",
}


def own_recognisers(pack: Pack) -> tuple[Recogniser, ...]:
    """The pack's own kinds of personal data, ready for the scrubber."""
    return tuple(Recogniser(each.kind, re.compile(each.pattern)) for each in pack.recognisers)


def _inert(text: str) -> str:
    """A fact cannot end the block it stands in."""
    plain = clean(text, limit=len(text)).replace("<", "‹").replace(">", "›")
    return " ".join(plain.replace("«", '"').replace("»", '"').split())


def _newest(lines: Sequence[Message], budget: int) -> tuple[Message, ...]:
    """As many of the last lines as fit."""
    kept: list[Message] = []
    for line in reversed(lines):
        budget -= budgeted(line.content)
        if budget < 0:
            break
        kept.append(line)
    return tuple(reversed(kept))
