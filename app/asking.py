"""`try ask`: one question, answered as a customer would be, with the sources of the answer."""

from rich.markup import escape

from app.backing import backing
from app.console import FAILED, emit, refuse, result, said_once
from app.means import asked
from app.parts import build
from app.plugins import load
from config.settings import Settings


async def ask(settings: Settings, question: str, *, as_json: bool) -> None:
    extension = load(settings.app.plugins)
    async with (
        backing(settings, said_once()) as here,
        build(settings, here, extension, {}) as parts,
    ):
        draft = await asked(parts.replier, parts.shop, question)
    if draft is None:
        refuse("there is no answer", "no model could be asked, or nothing was", code=FAILED)
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
