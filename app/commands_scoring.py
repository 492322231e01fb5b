"""The commands of `label` and `scores`, and `rescore`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

labels = typer.Typer(help="What replies were worth, said by people.")
scores = typer.Typer(help="How replies are judged, and by whom.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
By = Annotated[str, typer.Option(help="Who says so; else who types.")]
Frozen = Annotated[
    bool, typer.Option("--frozen", help="To measure on: never trained on.", show_default=False)
]


@labels.command("next")
def label_next(shop: Shop = "", by: By = "", frozen: Frozen = False, json: Json = False) -> None:
    """Label one reply after another; with --json only show the next one."""
    with Explained():
        from app import labelling

        awaited(labelling.next_(settings(), shop, by, frozen=frozen, as_json=json))


@labels.command("add")
def label_add(
    reply: Annotated[str, typer.Argument(help="The reply's id.")],
    score: Annotated[str, typer.Argument(help="1 to 5; 0: its next message says nothing.")],
    shop: Shop = "",
    by: By = "",
    frozen: Frozen = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Say what one reply was worth; it is its score at once."""
    with Explained():
        from app import labelling

        given = (by, frozen)
        awaited(labelling.add(settings(), shop, (reply, score), given, as_json=json))


@labels.command("import")
def label_import(shop: Shop = "", by: By = "", frozen: Frozen = False, json: Json = False) -> None:
    """A JSON a line on standard input: score, and training_id or reply and next."""
    with Explained():
        from app import labelling

        awaited(labelling.take_in(settings(), shop, by, frozen=frozen, as_json=json))


@labels.command("export")
def label_export(shop: Shop = "") -> None:
    """Every label, a JSON a line."""
    with Explained():
        from app import labelling

        awaited(labelling.give_out(settings(), shop))


@labels.command("agreement")
def label_agreement(shop: Shop = "", json: Json = False) -> None:
    """How far the lexicon, the judge and the trained scorer agree with people: Cohen's kappa."""
    with Explained():
        from app import labelling

        awaited(labelling.agree(settings(), shop, as_json=json))


@scores.command("update")
def scores_update(shop: Shop = "", json: Json = False) -> None:
    """What the worker does every few hours, now: signals, the judge, and what can be learned."""
    with Explained():
        from app import scores as work

        awaited(work.update(settings(), shop, as_json=json))


@scores.command("train")
def scores_train(shop: Shop = "", json: Json = False) -> None:
    """Train the shop's own scorer; it is used only where frozen labels prove it better."""
    with Explained():
        from app import scores as work

        awaited(work.train(settings(), shop, as_json=json))


@scores.command("list")
def scores_list(shop: Shop = "", json: Json = False) -> None:
    """Every scorer a shop trained, the newest first."""
    with Explained():
        from app import scores as work

        awaited(work.show_models(settings(), shop, as_json=json))


@scores.command("show")
def scores_show(
    reply: Annotated[str, typer.Argument(help="The id of a reply; `last` is the newest.")],
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Every judgement of one reply, and what counts of them."""
    with Explained():
        from app import scores as work

        awaited(work.show(settings(), shop, reply, as_json=json))


def rescore(
    shop: Shop = "",
    scorer: Annotated[str, typer.Option(help="lexicon, trained or all.")] = "all",
    queue: Annotated[bool, typer.Option(help="Leave it to the worker of a running bot.")] = False,
    json: Json = False,
) -> None:
    """Judge a shop's whole history again; cut off, it goes on where it was."""
    with Explained():
        from app import scores as work

        awaited(work.rescore(settings(), shop, scorer, later=queue, as_json=json))
