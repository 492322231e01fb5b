"""`why`: how a reply came about, from the row it left behind. Personal data stand there masked."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from rich.markup import escape

from app.console import USAGE, emit, refuse, result
from app.library import library
from config.settings import Settings
from store.decisions import decision, last_reply

MODEL: Final = ("provider", "model", "model_version", "tokens_in", "tokens_out", "latency_ms")
READ: Final = ("intent", "category", "confidence", "locale")
CHECKS: Final = {
    "ok": "every claim stands in a source",
    "repaired:again": "the model said it again without what no source holds",
    "replaced:insult": "the model insulted the customer twice: the bare facts were told",
    "rejected": "every model refused; the bare facts were told",
    "custom": "the shop's own handler answered",
}


async def why(settings: Settings, shop: str, message: str, *, as_json: bool) -> None:
    """`last` is the newest reply there is."""
    async with library(settings, shop) as at, at.store.lookup() as connection:
        wanted = await last_reply(connection, at.shop) if message == "last" else _id(message)
        row = await decision(connection, at.shop, wanted) if wanted is not None else None
    if row is None:
        hint = "an id of a reply, as pages and JSON show it; or `last`"
        refuse(f"there is no message {message!r}", "none of this shop has it", hint, code=USAGE)
    told = explained(row)
    if as_json:
        emit(told)
    else:
        _draw(told)


def _id(message: str) -> UUID | None:
    try:
        return UUID(message)
    except ValueError:
        return None


def explained(row: Mapping[str, Any]) -> dict[str, Any]:
    """What was understood, what was found, who wrote it, and what was checked."""
    context = row["context"] or {}
    trace, sources = context.get("trace", {}), context.get("sources", [])
    searched = trace.get("search", {})
    return {
        "message": str(row["id"]),
        "conversation": str(row["conversation_id"]),
        "author": row["author"],
        "question": row["user_message"],
        "reply": row["text"],
        "understood": {name: row[name] for name in READ}
        | {
            "slots": row["slots"] or {},
            "likely": trace.get("likely", []),
            "asked": trace.get("asked", []),
        },
        "style": {"intensity": row["intensity"], "tone": row["tone"]},
        "passages": searched.get("hits", []),
        "search_model": searched.get("model"),
        "corrected": searched.get("corrected", {}),
        "rows": [one for one in sources if one["kind"] in {"product", "record", "term"}],
        "answers": [one for one in sources if one["kind"] == "answer"],
        "examples": trace.get("examples", []),
        "model": {name: row[name] for name in MODEL}
        | {"cost_micros": context.get("cost_micros", 0)},
        "version": {
            "name": row["version"],
            "variant": row["variant"],
            "rollout": row["rollout_id"],
            "fallback": row["fallback"],
        },
        "checks": {
            "verdict": context.get("verdict"),
            "attempts": trace.get("checks", []),
            "policies": trace.get("policies", []),
        },
        "judged": {
            "score": row["quality_score"],
            "label": row["quality_label"],
            "next_message": row["user_feedback"],
        },
    }


def _draw(told: Mapping[str, Any]) -> None:
    understood, model, checks = told["understood"], told["model"], told["checks"]
    result.print(told["reply"], markup=False)
    if understood["intent"] is None:
        result.print("[dim]no training row: a person wrote it, or it taught nothing[/]")
        return
    result.print(f"[dim]asked[/]      {escape(told['question'])}")
    result.print(f"[dim]understood[/] {understood['intent']} ({understood['confidence']:.2f})")
    for other in understood["likely"]:
        if other["intent"] != understood["intent"]:
            result.print(f"[dim]or[/]         {other['intent']} ({other['confidence']:.2f})")
    if understood["asked"]:
        names = ", ".join(one["intent"] for one in understood["asked"])
        result.print(f"[dim]one by one[/] {escape(names)}")
    for hit in told["passages"]:
        mark = "●" if hit["answers"] else "○"
        near = "" if hit["cosine"] is None else f", cosine {hit['cosine']:.2f}"
        place = escape(hit["title"])
        result.print(f"[dim]passage[/]    {mark} {place} (coverage {hit['coverage']:.2f}{near})")
    for one in (*told["rows"], *told["answers"]):
        result.print(f"[dim]{one['kind']:10}[/] {escape(one['title'])}")
    if told["examples"]:
        result.print(f"[dim]examples[/]   {len(told['examples'])} earlier answers")
    spent = (
        f"{model['tokens_in']}+{model['tokens_out']} tokens, {model['cost_micros'] / 1e6:.6f} USD"
    )
    result.print(f"[dim]written by[/] {model['provider']} {model['model']} ({spent})")
    _draw_version(told["version"])
    verdict = checks["verdict"] or ""
    result.print(f"[dim]checked[/]    {verdict}: {CHECKS.get(verdict, _unsupported(verdict))}")
    for name in checks["policies"]:
        result.print(f"[dim]policy[/]     {name}")


def _draw_version(version: Mapping[str, Any]) -> None:
    if version["name"] is None and version["variant"] is None:
        return
    name = escape(version["name"] or "the models of the settings")
    side = f", {version['variant']} of a rollout" if version["variant"] else ""
    stood_in = "; it could not, another model stood in" if version["fallback"] else ""
    result.print(f"[dim]meant for[/]  {name}{side}{stood_in}")


def _unsupported(verdict: str) -> str:
    how, _, what = verdict.partition(":")
    if how == "repaired":
        return f"sentences with an unsupported {what} were taken out"
    if how == "replaced":
        return f"nothing was left beside an unsupported {what}: the bare facts were told"
    return f"the policy {what} took its place" if how == "forbidden" else verdict
