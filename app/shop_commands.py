"""The commands of `catalogue`: what a shop sells; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

catalogue = typer.Typer(help="What a shop sells: a file taken in, and taken back.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]


@catalogue.command("import")
def catalogue_import(  # noqa: PLR0913  each is an option of the command
    file: Annotated[str, typer.Argument(help="A CSV or an .xlsx workbook.")],
    *,
    shop: Shop = "",
    column: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=COLUMN, where the guess is wrong.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only the preview.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out lines that cannot be taken.")
    ] = False,
    deactivate_missing: Annotated[
        bool, typer.Option("--deactivate-missing", help="Switch off what is not in the file.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Show what a file changes in the catalogue, and apply it; a running bot follows at once."""
    with Explained():
        from app import importing as desk

        wanted = desk.Wanted(
            file, shop, tuple(column or ()), dry_run, skip_bad, deactivate_missing, yes
        )
        awaited(desk.take(settings(), wanted, as_json=json))


@catalogue.command("imports")
def catalogue_imports(shop: Shop = "", json: Json = False) -> None:
    """Every file that was applied, the newest first."""
    with Explained():
        from app import importing as desk

        awaited(desk.every(settings(), shop, as_json=json))


@catalogue.command("undo")
def catalogue_undo(
    which: Annotated[str, typer.Argument(help="The beginning of its id.")],
    shop: Shop = "",
    force: Annotated[
        bool, typer.Option("--force", help="Products that changed again since, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Take an import back, within 24 hours; what was sold in between stays sold."""
    with Explained():
        from app import importing as desk

        awaited(desk.take_back(settings(), shop, which, force=force, as_json=json))


@catalogue.command("show")
def catalogue_show(
    shop: Shop = "",
    find: Annotated[str, typer.Option(help="As a customer would ask for it.")] = "",
    json: Json = False,
) -> None:
    """What is on sale now; with --find, what the bot finds for a text."""
    with Explained():
        from app import shelves

        awaited(shelves.show(settings(), shop, find, as_json=json))
