"""`try ask`: one question, answered as a customer would be, with the sources of the answer."""

from datetime import datetime
from uuid import UUID, uuid4

from rich.markup import escape

from app.backing import backing
from app.console import FAILED, emit, refuse, result, said_once
from app.parts import build
from app.plugins import load
from config.settings import Settings
from events.contents import TurnMessage
from events.effects import Effects
from events.vocabulary import ReplyDrafted, TurnReady
from services.clock import now
from text.folding import clean


async def ask(settings: Settings, question: str, *, as_json: bool) -> None:
    extension = load(settings.app.plugins)
    async with (
        backing(settings, said_once()) as here,
        build(settings, here, extension, {}) as parts,
    ):
        outcome = await parts.replier.on_turn(_turn(parts.shop, clean(question), now()))
    drafts = outcome.events if isinstance(outcome, Effects) else ()
    draft = next((one for one in drafts if isinstance(one, ReplyDrafted)), None)
    if draft is None:
        refuse("there is no answer", getattr(outcome, "reason", "nothing was asked"), code=FAILED)
    origin = draft.generation
    sources = [{"kind": one.kind, "id": one.id, "title": one.title} for one in origin.sources]
    if as_json:
        emit(
            {
                "reply": draft.text,
                "sources": sources,
                "intent": origin.intent,
                "provider": origin.provider,
                "model": origin.model,
                "verdict": origin.verdict,
                "latency_ms": origin.latency_ms,
            }
        )
        return
    result.print(draft.text, markup=False)
    for one in sources:
        result.print(f"  [dim]{one['kind']}[/] {escape(one['title'])}")
    result.print(f"  [dim]{origin.provider} {origin.model} · intent {origin.intent}[/]")


def _turn(shop: UUID, question: str, at: datetime) -> TurnReady:
    asked = uuid4()
    return TurnReady(
        id=asked,
        shop=shop,
        account="web:try",
        conversation=uuid4(),
        request_id=asked,
        turn=uuid4(),
        at=at,
        received_at=at,
        customer=uuid4(),
        chat="try",
        revision=1,
        messages=(TurnMessage(id=asked, text=question, at=at),),
    )
