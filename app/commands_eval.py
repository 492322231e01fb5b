"""The commands of `eval`; main.py joins them to the others."""

from typing import Annotated, Literal

import typer

from app.console import Explained, Json, awaited, settings, somebody

evals = typer.Typer(help="Is a model good enough? Golden cases, gates, simulated customers.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Version = Annotated[str, typer.Option(help="A model version; else whoever answers now.")]
PackName = Annotated[str, typer.Option(help="A pack's name; the shop's.")]
Split = Annotated[Literal["dev", "test"], typer.Option("--set", help="Which cases.")]


@evals.command("run")
def run(
    *,
    version: Version = "",
    split: Split = "test",
    pack: PackName = "",
    shop: Shop = "",
    queue: Annotated[bool, typer.Option(help="Leave it to the worker of a running bot.")] = False,
    json: Json = False,
) -> None:
    """Ask a model the golden cases; exits 1 when a gate fails, 3 when there are too few cases."""
    with Explained(quiet=True):
        from app import evaluating

        wanted = evaluating.Wanted(shop, version, split, pack, somebody())
        if queue:
            from app.eval_jobs import leave

            awaited(leave(settings(), wanted, as_json=json))
            return
        raise typer.Exit(awaited(evaluating.run(settings(), wanted, as_json=json)))


@evals.command("add")
def add(  # noqa: PLR0913  each is an option of the command
    which: Annotated[str, typer.Argument(help="The id of a reply, or of a conversation.")],
    *,
    must: Annotated[list[str] | None, typer.Option(help="What it must say; a|b is either.")] = None,
    never: Annotated[list[str] | None, typer.Option(help="What it must never say.")] = None,
    intent: Annotated[str, typer.Option(help="What the customer wanted.")] = "",
    unknown: Annotated[bool, typer.Option("--unknown", help="It must not know.")] = False,
    split: Split = "test",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Make a golden case of a conversation that the bot had, with what its answer must say."""
    with Explained():
        from app import eval_cases
        from evaluation.casing import Told

        told = Told(split, must or (), never or (), intent, unknown, somebody())
        awaited(eval_cases.add(settings(), shop, which, told, as_json=json))


@evals.command("list")
def show(shop: Shop = "", json: Json = False) -> None:
    """Every evaluation, the newest first."""
    with Explained():
        from app import eval_views

        awaited(eval_views.show(settings(), shop, as_json=json))


@evals.command("show")
def one(
    which: Annotated[str, typer.Argument(help="A version, or the beginning of a run's id.")],
    shop: Shop = "",
    json: Json = False,
) -> None:
    """What was wrong in one of them, case by case."""
    with Explained():
        from app import eval_views

        awaited(eval_views.one(settings(), shop, which, as_json=json))


@evals.command("compare")
def compare(
    first: Annotated[str, typer.Argument(help="A version, `current`, or a run's id.")],
    second: Annotated[str, typer.Argument(help="What is compared with it.")],
    *,
    split: Split = "test",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Two evaluations on the same cases: differences, and how sure they are."""
    with Explained():
        from app import eval_views

        awaited(eval_views.compare(settings(), shop, (first, second), split, as_json=json))


@evals.command("lab")
def laboratory(
    version: Version = "", pack: PackName = "", shop: Shop = "", json: Json = False
) -> None:
    """Simulated customers through the whole pipeline, with points for how they were treated."""
    with Explained(quiet=True):
        from app import laboratory as rooms
        from app.evaluating import Wanted

        wanted = Wanted(shop, version, "lab", pack, somebody())
        raise typer.Exit(awaited(rooms.lab(settings(), wanted, as_json=json)))
