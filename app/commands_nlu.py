"""The commands of `nlu`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

nlu = typer.Typer(help="What messages mean: labels by people, and what is learned of them.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]


@nlu.command("train")
def train(
    shop: Shop = "",
    pack: Annotated[str, typer.Option(help="Of its labels alone, into its folder.")] = "",
    json: Json = False,
) -> None:
    """Learn from the labels of the pack and of the shop; in use at once."""
    with Explained():
        from app import teaching

        if pack:
            teaching.bring(pack, as_json=json)
            return
        awaited(teaching.train(settings(), shop, as_json=json))


@nlu.command("eval")
def evaluate(shop: Shop = "", json: Json = False) -> None:
    """How much the rules, a classifier and both together understand."""
    with Explained():
        from app import teaching

        awaited(teaching.evaluate(settings(), shop, as_json=json))


@nlu.command("annotate")
def annotate(
    shop: Shop = "",
    by: Annotated[str, typer.Option(help="Who says so; else who types.")] = "",
    json: Json = False,
) -> None:
    """Say what messages mean: a JSON a line with text and intent; slots and gold if you like."""
    with Explained():
        from app import teaching

        awaited(teaching.annotate(settings(), shop, by, as_json=json))


@nlu.command("uncertain")
def uncertain(
    below: Annotated[float, typer.Option(min=0, max=1, help="So sure or less.")] = 0.6,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """What was hardly understood and has no label yet; each JSON line is one for `annotate`."""
    with Explained():
        from app import uncertain as doubtful

        awaited(doubtful.show(settings(), shop, below, limit, as_json=json))


@nlu.command("list")
def show(shop: Shop = "", json: Json = False) -> None:
    """Every classifier of a shop, the newest first."""
    with Explained():
        from app import teaching

        awaited(teaching.show(settings(), shop, as_json=json))
