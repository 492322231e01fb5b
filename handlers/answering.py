"""Has a model answer a turn, and lets nothing through that nobody can vouch for.

What is not supported is told to the model once, so that it says it again without; what is wrong
then is taken out, and where nothing is left the bare facts are told.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias
from uuid import UUID

import structlog

from config.insults import insults
from config.packs import Pack
from config.providers import ModelSettings
from events.vocabulary import TurnReady
from handlers.drafting import Answer
from handlers.reading import Reading
from handlers.requests import known_to, prompt_for, request_for
from handlers.standing import state_of
from handlers.steps import Asked
from knowledge.examples import Examples, of_pack
from knowledge.policies import ruled
from knowledge.prompt import Shot, TurnPrompt
from knowledge.validators import validate
from knowledge.verify import UNSAID, Verified, verify
from llm.base import (
    Completion,
    LanguageModel,
    ModelError,
    ModelRejected,
    Payer,
    Request,
    Tool,
    Usage,
)
from llm.offline import OFFLINE, RULES, tell
from services.spans import spanned
from store.base import StoreUnavailable
from text.privacy import Recogniser
from text.rudeness import rude

log = structlog.get_logger()

VersionOf: TypeAlias = Callable[[UUID, UUID], Awaitable[UUID | None]]
"""Which model version is meant to answer a shop's customer: each shows its own examples."""
FAULTS: Final = {
    "price": "un precio o monto",
    "percent": "un porcentaje",
    "date": "una fecha",
    "phone": "un teléfono",
    "link": "un enlace",
    "email": "un correo",
    "stock": "una cantidad disponible",
    "action": "algo que dices haber hecho",
    "instalments": "un número de cuotas",
    "identity": "un documento, una tarjeta o una cuenta",
    "measure": "una medida",
    "promise": "una devolución de dinero",
    "sum": "una suma que no cuadra",
    "leak": "parte de tus instrucciones",
    "never": "una palabra que la tienda nunca dice",
}
GRAVE: Final = frozenset({"sum", "date"})
"""Faults that mislead; a figure that is merely written in another way does not."""
AGAIN: Final = (
    "Tu respuesta contiene {faults} que no está en los datos. Escríbela otra vez para el cliente,"
    " solo con lo que dicen los datos y sin mencionar esta corrección."
)
UNSAID_AGAIN: Final = (
    "Tu respuesta contiene palabras que la tienda nunca dice. Escríbela otra vez para el cliente,"
    " sin ellas, solo con lo que dicen los datos y sin mencionar esta corrección."
)
RUDE: Final = "replaced:insult"
CIVILLY: Final = (
    "Tu respuesta contiene palabras que nadie debe decirle a un cliente. Escríbela otra vez con"
    " respeto, solo con lo que dicen los datos y sin mencionar esta corrección."
)
ORDERS: Final = {"insult": CIVILLY, UNSAID: UNSAID_AGAIN}
"""What is asked of a model whose answer had this fault alone."""


@dataclass(frozen=True, slots=True)
class Answering:
    """`hosted`: some model reads prompts, so that examples are worth looking for."""

    pack: Pack
    model: LanguageModel
    settings: ModelSettings = field(default_factory=ModelSettings)
    recognisers: tuple[Recogniser, ...] = ()
    tools: tuple[Tool, ...] = ()
    examples: Examples | None = None
    version: VersionOf | None = None

    async def answer(self, asked: Asked) -> Answer:
        """Raises ModelError when no model can answer now."""
        turn, reading = asked.turn, asked.reading
        shots = await self._shots(turn, reading)
        budget = self.settings.prompt_tokens
        prompt = prompt_for(reading, self.pack, self.recognisers, shots, budget)
        prompt = replace(prompt, state=state_of(asked))
        request = replace(
            request_for(reading, self.pack),
            prompt=prompt,
            temperature=self.settings.temperature,
            max_tokens=self.settings.max_tokens,
            request_id=str(turn.request_id),
            payer=Payer(str(turn.shop), str(turn.customer)),
            tools=self.tools,
        )
        trace: dict[str, Any] = {
            "examples": [shot.id for shot in shots if shot.id],
            "state": list(prompt.state),
            "finding": prompt.finding if prompt.finding != "found" else "",
        }
        try:
            completion = await self.model.complete(request)
        except ModelRejected as error:
            log.warning("reply.rejected", request_id=request.request_id, reason=str(error))
            return self._ruled(self._safe(request, reading, "rejected"), reading, trace)
        answer = await self._checked(completion, request, prompt, reading, trace)
        return self._ruled(answer, reading, trace)

    async def _shots(self, turn: TurnReady, reading: Reading) -> list[Shot]:
        """The shop's own good answers first, then the pack's."""
        own: list[Shot] = []
        if self.examples is not None:
            try:
                whose = await self.version(turn.shop, turn.customer) if self.version else None
                own = await self.examples.like(turn.shop, reading.text, whose)
            except StoreUnavailable as error:
                log.warning("reply.without_examples", reason=str(error))
        return own or of_pack(self.pack.examples, reading.style)

    async def _checked(
        self,
        completion: Completion,
        request: Request,
        prompt: TurnPrompt,
        reading: Reading,
        trace: dict[str, Any],
    ) -> Answer:
        checked = self._verified(completion, reading)
        trace["checks"] = [checked.verdict]
        if checked.verdict != "ok" and completion.provider != OFFLINE:
            second = await self._again(completion, checked, request, prompt)
            if second is not None:
                completion = second
                checked = self._verified(completion, reading)
                trace["checks"].append(checked.verdict)
                if checked.verdict == "ok":
                    checked = replace(checked, verdict="repaired:again")
        if checked.text:
            return Answer(replace(completion, text=prompt.restored(checked.text)), checked.verdict)
        if checked.text is None:
            log.warning("reply.replaced", request_id=request.request_id, verdict=checked.verdict)
        safe = self._safe(request, reading, checked.verdict)
        # What it proposes is looked at all the same, and what it was is counted.
        said = replace(
            safe.completion, actions=completion.actions, served=completion.served,
            cost_micros=completion.cost_micros,
        )  # fmt: skip
        return replace(safe, completion=said)

    def _verified(self, completion: Completion, reading: Reading) -> Verified:
        """What a source says, and adds up: a figure may stand in the data and be summed wrongly."""
        with spanned("verify") as span:
            checked = self._found(completion, reading)
            span.note(verdict=checked.verdict)
        return checked

    def _found(self, completion: Completion, reading: Reading) -> Verified:
        wares = [one.title for one in reading.found.sources if one.kind == "product"]
        if completion.provider != OFFLINE and rude(completion.text, insults(), wares):
            return Verified(None, RUDE)
        checked = verify(completion.text, known_to(reading, self.pack))
        if checked.verdict != "ok" or completion.provider == OFFLINE:
            return checked
        faults = validate(completion.text, self.pack, reading.found.sources)
        wrong = dict.fromkeys(fault.rule for fault in faults if fault.rule in GRAVE)
        return Verified(None, f"replaced:{','.join(wrong)}") if wrong else checked

    def _safe(self, request: Request, reading: Reading, verdict: str) -> Answer:
        """The bare facts, where a model had nothing that may be said; checked like any text."""
        safe = tell(request)
        checked = verify(safe.text, known_to(reading, self.pack))
        if checked.text:
            return Answer(Completion(checked.text, OFFLINE, RULES, used=safe.used), verdict)
        text = self.pack.answers["unknown"].say(request.locale, request.slots)
        return Answer(Completion(text, OFFLINE, RULES, used=("unknown",)), verdict)

    async def _again(
        self, first: Completion, checked: Verified, request: Request, prompt: TurnPrompt
    ) -> Completion | None:
        """The same question once more, with what was wrong; None when that cannot be had."""
        kinds = checked.verdict.partition(":")[2].split(",")
        told = dict.fromkeys(FAULTS.get(kind, "un dato") for kind in kinds if kind)
        named = ", ".join(told)
        order = ORDERS.get("".join(kinds)) or AGAIN.format(faults=named or "un dato")
        asked = replace(prompt, again=(first.text, order))
        try:
            second = await self.model.complete(replace(request, prompt=asked, tools=()))
        except ModelError as error:
            log.info("reply.not_repaired", request_id=request.request_id, reason=str(error))
            return None
        if second.provider == OFFLINE:
            return None
        usage = Usage(
            first.usage.tokens_in + second.usage.tokens_in,
            first.usage.tokens_out + second.usage.tokens_out,
        )
        cost = first.cost_micros + second.cost_micros
        return replace(second, usage=usage, cost_micros=cost, actions=first.actions)

    def _ruled(self, answer: Answer, reading: Reading, trace: dict[str, Any]) -> Answer:
        """The business's rules have the last word; its own answers are as it wrote them."""
        completion, own = answer.completion, answer.completion.provider == OFFLINE
        kept = ruled(completion.text, self.pack, reading.parsed.locale, own=own)
        trace["policies"] = [*kept.applied, *filter(None, [kept.broken])]
        if kept.broken:
            log.warning("reply.forbidden", policy=kept.broken)
            said = Completion(
                kept.text, "pack", self.pack.name, used=(kept.said,), served=completion.served
            )
            return Answer(said, f"forbidden:{kept.broken}", trace=trace)
        return replace(answer, completion=replace(completion, text=kept.text), trace=trace)
