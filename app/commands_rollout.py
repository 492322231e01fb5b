"""The commands of `rollout`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

rollout = typer.Typer(help="A new model on its way to everybody, and back if it is not better.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Version = Annotated[str, typer.Argument(help="The name of a registered version.")]
Percent = Annotated[int | None, typer.Option(min=1, max=100, help="So many of 100 customers.")]
Reason = Annotated[str, typer.Option(help="Why, for whoever asks later.")]
Force = Annotated[bool, typer.Option("--force", help="Though its offline gates are not passed.")]


@rollout.command("start")
def start(
    version: Version,
    percent: Percent = None,
    force: Force = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Begin in the shadow, or at a percentage: then by itself from step to step."""
    with Explained():
        from app import rollout_desk

        work = rollout_desk.start(settings(), shop, version, percent, force=force, as_json=json)
        awaited(work)


@rollout.command("status")
def status(shop: Shop = "", json: Json = False) -> None:
    """Where the newest rollout stands, and what its customers say."""
    with Explained():
        from app import rollout_desk

        awaited(rollout_desk.status(settings(), shop, as_json=json))


@rollout.command("advance")
def advance(percent: Percent = None, shop: Shop = "", json: Json = False) -> None:
    """To the next step, or to any percentage; 100 is everybody."""
    with Explained():
        from app import rollout_desk

        awaited(rollout_desk.advance(settings(), shop, percent, as_json=json))


@rollout.command("pause")
def pause(shop: Shop = "", json: Json = False) -> None:
    """Nobody gets the candidate for now."""
    with Explained():
        from app import rollout_desk

        awaited(rollout_desk.pause(settings(), shop, paused=True, as_json=json))


@rollout.command("resume")
def resume(shop: Shop = "", json: Json = False) -> None:
    """The same customers get it again; they are counted anew."""
    with Explained():
        from app import rollout_desk

        awaited(rollout_desk.pause(settings(), shop, paused=False, as_json=json))


@rollout.command("stop")
def stop(reason: Reason = "", shop: Shop = "", json: Json = False) -> None:
    """End it without a verdict: the version stays a candidate."""
    with Explained():
        from app import rollout_desk

        awaited(rollout_desk.stop(settings(), shop, reason, as_json=json))


@rollout.command("rollback")
def rollback(reason: Reason = "", shop: Shop = "", json: Json = False) -> None:
    """Take the candidate back, also from everybody: who answered before does so again."""
    with Explained():
        from app import rollout_desk

        awaited(rollout_desk.rollback(settings(), shop, reason, as_json=json))


@rollout.command("activate")
def activate(version: Version, force: Force = False, shop: Shop = "", json: Json = False) -> None:
    """Have a version answer everybody at once."""
    with Explained():
        from app import rollout_desk

        awaited(rollout_desk.activate(settings(), shop, version, force=force, as_json=json))


@rollout.command("history")
def history(shop: Shop = "", json: Json = False) -> None:
    """Every step of every rollout: from where to where, why, by whom."""
    with Explained():
        from app import rollout_desk

        awaited(rollout_desk.history(settings(), shop, as_json=json))
