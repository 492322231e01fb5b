"""`try score`: the whole cascade on the terminal, a line in and a JSON out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from app.console import CONFIG, FAILED, emit, refuse, talk
from app.desk import known_shop, opened
from app.scores import learned_of, own_signals
from app.trials import lines
from config.settings import Settings
from evaluation.combining import (
    EDIT,
    HAND_OVER,
    HUMAN,
    JUDGE,
    ORDER,
    REACTION,
    RECONTACT,
    SILENCE,
    Decided,
    combined,
)
from evaluation.rounds import judges
from evaluation.rubric import (
    SCHEMA,
    AnswerRefused,
    Heard,
    asked,
    believed,
    suspicious,
    worth_asking,
)
from evaluation.scoring import Judgement, Signal
from evaluation.signs import SILENT, asked_again, called, edited, labelled, reacted
from evaluation.words import Learned, Said, voices
from llm.base import ModelError, Payer, Request
from llm.chain import Chain
from services.clock import now

SAID: Final = '{"reply": "…", "next": "gracias"}'
HEARD: Final = frozenset({
    "next", "reply", "reaction", "question", "again", "order", "hand_over", "corrected", "rejected",
    "silent", "label",
})  # fmt: skip
BOUGHT: Final = Judgement(5, ORDER, 1.0, successful=True, evidence=())


@dataclass(frozen=True, slots=True)
class Told:
    """A line: the next message alone, or what else is known of a reply."""

    said: Said | None
    others: dict[str, Judgement]
    plain: bool


def try_score(signals: Sequence[Signal], learned: Learned | None = None) -> None:
    for line in lines():
        told = read(line)
        _show(told, combined(heard(told, signals, learned)))


async def try_with(settings: Settings, key: str, *, judge: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        signals, learned = own_signals(desk, shop), await learned_of(desk, shop)
        if not judge:
            try_score(signals, learned)
            return
        async with judges(settings, desk.store, desk.wire, now) as model:
            if not model.links:
                hint = "set GROQ_API_KEY, OPENAI_API_KEY or OLLAMA_HOST"
                refuse("there is no judge", "no model is configured", hint, code=CONFIG)
            for line in lines():
                told = read(line)
                found = heard(told, signals, learned)
                await _ask(model, told, found, Payer(str(shop.id), JUDGE))
                _show(told, combined(found))


def read(line: str) -> Told:
    """A JSON object may tell reply, next, reaction, question and again, order, hand_over,
    corrected, rejected, silent and label."""
    try:
        told = json.loads(line) if line.lstrip().startswith("{") else None
    except ValueError as error:
        refuse("a line is no JSON", str(error), SAID, code=FAILED)
    if not isinstance(told, dict):
        return Told(Said(line), {}, plain=True)
    if told.keys().isdisjoint(HEARD):
        refuse(
            "a line tells nothing", f"it has none of {', '.join(sorted(HEARD))}", SAID, code=FAILED
        )
    text = told.get("next")
    reply = told.get("reply")
    said = Said(str(text), str(reply) if reply else None) if text is not None else None
    return Told(said, _signs(told), plain=False)


def heard(told: Told, signals: Sequence[Signal], learned: Learned | None) -> dict[str, Judgement]:
    words = voices(told.said, signals, learned) if told.said is not None else ()
    return {one.scorer: one.judgement for one in words} | told.others


def _signs(told: dict[str, Any]) -> dict[str, Judgement]:
    found: dict[str, Judgement] = {}
    if told.get("reaction"):
        found[REACTION] = reacted([str(told["reaction"])])
    if told.get("again") and told.get("question"):
        found[RECONTACT] = asked_again(str(told["question"]), [str(told["again"])])
    if told.get("order"):
        found[ORDER] = BOUGHT
    if told.get("hand_over"):
        found[HAND_OVER] = called("asked")
    if told.get("corrected") or told.get("rejected"):
        corrected, rejected = bool(told.get("corrected")), bool(told.get("rejected"))
        found[EDIT] = edited(corrected=corrected, rejected=rejected)
    if told.get("silent"):
        found[SILENCE] = SILENT
    if told.get("label") in {1, 2, 3, 4, 5}:
        found[HUMAN] = labelled([told["label"]])
    return found


async def _ask(model: Chain, told: Told, found: dict[str, Judgement], payer: Payer) -> None:
    if told.said is None:
        return
    lexicon = next(iter(found.values()))
    seen = Heard(lexicon.score, lexicon.label, lexicon.confidence)
    if worth_asking(uuid4(), told.said.text, seen, 0) is None:
        return
    if (rule := suspicious(told.said.text)) is not None:
        talk.print(f"not shown to the judge: it gives orders ({rule})", markup=False)
        return
    prompt = asked(told.said.reply or "", told.said.text)
    request = Request(prompt=prompt, temperature=0.0, max_tokens=300, payer=payer, shape=SCHEMA)
    try:
        found[JUDGE] = believed((await model.complete(request)).text, told.said.text)
    except (AnswerRefused, ModelError) as error:
        talk.print(f"the judge was of no use: {error}", markup=False)


def _show(told: Told, decided: Decided) -> None:
    judged = decided.judgement
    shown: dict[str, Any] = {
        "score": judged.score,
        "label": judged.label,
        "confidence": round(judged.confidence, 3),
        "successful": judged.successful,
        "evidence": [
            {"rule": one.rule, "text": one.text, "weight": one.weight} for one in judged.evidence
        ],
    }
    emit(shown if told.plain else {**shown, "by": decided.by})
