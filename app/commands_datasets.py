"""The commands of `dataset`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

datasets = typer.Typer(help="What the bot learned, as files to train on.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Which = Annotated[str, typer.Argument(help="Its week, like 2026-W47, or the beginning of its id.")]
By = Annotated[str, typer.Option(help="Who says so; else who types.")]


@datasets.command("build")
def build(
    shop: Shop = "",
    out: Annotated[str, typer.Option(help="A folder; the one of weekly datasets.")] = "",
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="Also openai, openai-dpo, ollama, sharegpt, csv, parquet, nlu…; repeatable.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Curate a shop's rows into an immutable dataset."""
    with Explained():
        from app import dataset_desk as desk

        awaited(desk.build(settings(), shop, out, formats or (), as_json=json))


@datasets.command("list")
def every(shop: Shop = "", json: Json = False) -> None:
    """Every dataset of a shop, the newest first."""
    with Explained():
        from app import dataset_desk as desk

        awaited(desk.every(settings(), shop, as_json=json))


@datasets.command("show")
def show(which: Which, shop: Shop = "", json: Json = False) -> None:
    """What is in one, what was left out and why, and whether it is stale."""
    with Explained():
        from app import dataset_desk as desk

        awaited(desk.show(settings(), shop, which, as_json=json))


@datasets.command("verify")
def verify(which: Which, shop: Shop = "", json: Json = False) -> None:
    """Is every byte and every row what it was? Exits 1 when something changed."""
    with Explained():
        from app import dataset_looks as looks

        raise typer.Exit(awaited(looks.verify(settings(), shop, which, as_json=json)))


@datasets.command("rebuild")
def rebuild(
    which: Which,
    out: Annotated[str, typer.Option(help="A new folder; where it lay if that is gone.")] = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Write one again, byte for byte, from the rows it used."""
    with Explained():
        from app import dataset_looks as looks

        awaited(looks.rebuild(settings(), shop, which, out, as_json=json))


@datasets.command("export")
def export(
    which: Which,
    wanted: Annotated[
        str,
        typer.Option(
            "--format",
            help="openai, openai-dpo, ollama, sharegpt, csv, parquet, nlu, nlu-csv or nlu-parquet",
        ),
    ],
    out: Annotated[str, typer.Option(help="A new folder; beside the dataset.")] = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """One in another format; what was built once is never built anew."""
    with Explained():
        from app import dataset_looks as looks

        awaited(looks.export_one(settings(), shop, which, (wanted, out), as_json=json))


@datasets.command("validate")
def validate(
    files: Annotated[list[str], typer.Argument(help="Of one training: the first is trained on.")],
    provider: Annotated[str, typer.Option("--for", help="openai, openai-dpo or ollama")] = "openai",
    pack: Annotated[str, typer.Option(help="Whose kinds of personal data; of the settings.")] = "",
    json: Json = False,
) -> None:
    """Would a provider take these files? Exits 1 when not, with the lines."""
    with Explained():
        from app import dataset_looks as looks

        raise typer.Exit(looks.validate(settings(), files, provider, pack, as_json=json))


@datasets.command("accept")
def accept(
    rows: Annotated[list[str], typer.Argument(help="Ids of replies.")],
    reject: Annotated[bool, typer.Option("--reject", help="They may never be.")] = False,
    by: By = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Say that rows may be learned from."""
    with Explained():
        from app import dataset_desk as desk

        said = desk.Said(by, accepted=not reject)
        awaited(desk.accept(settings(), shop, rows, said, as_json=json))


@datasets.command("demand")
def demand(
    wanted: Annotated[bool, typer.Option("--on/--off", help="Is a person asked for each row?")],
    by: By = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Whether a shop learns only from rows that a person accepted, corrected or wrote."""
    with Explained():
        from app import dataset_desk as desk

        awaited(desk.demand(settings(), shop, by, wanted=wanted, as_json=json))
