"""The commands of `lending` and `fields`; main.py joins them to the others."""

from typing import Annotated, Any

import typer

from app.console import Explained, Json, awaited, readable, settings

lending = typer.Typer(help="A lender's clients, loans, instalments and payments.")
fields = typer.Typer(help="What the columns of the business tables are, and mean.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]


@lending.callback()
def _lending() -> None:
    """A lender's clients, loans, instalments and payments."""


@lending.command("import")
def bring(
    folder: Annotated[str, typer.Argument(help="With clients.csv, loans.csv and so on.")],
    *,
    shop: Shop = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the files.")] = False,
    json: Json = False,
) -> None:
    """Read records from files: all of them or none, replaced by their own keys."""
    with Explained():
        from app import records

        awaited(records.bring(settings(), folder, shop, dry=dry_run, as_json=json))


@fields.command("sync")
def sync(shop: Shop = "", json: Json = False) -> None:
    """Read the catalogue of fields from the database again; descriptions stay."""
    with Explained():
        from app import records

        awaited(records.sync(settings(), shop, as_json=json))


@fields.command("list")
def show(shop: Shop = "", json: Json = False) -> None:
    """Every field: its type, what it points to, its values, what people say of it."""
    with Explained():
        from app import records

        awaited(records.show(settings(), shop, as_json=json))


@fields.command("describe")
def describe(  # noqa: PLR0913  each is an option of the command
    name: Annotated[str, typer.Argument(metavar="TABLE.FIELD")],
    text: Annotated[str, typer.Argument(help="What it means.")],
    *,
    shop: Shop = "",
    example: Annotated[list[str] | None, typer.Option(help="A question about it.")] = None,
    value: Annotated[list[str] | None, typer.Option(help="VALUE: what it means.")] = None,
    notes: Annotated[str | None, typer.Option(help="What else there is to know.")] = None,
    json: Json = False,
) -> None:
    """Say what a field means."""
    said: dict[str, Any] = {"description": text}
    said |= {"examples": example} if example else {}
    said |= {"values": value} if value else {}
    said |= {"notes": notes} if notes is not None else {}
    with Explained():
        from app import records

        readable(name, text, *(example or ()), *(value or ()), notes or "")
        awaited(records.describe(settings(), shop, name, said, as_json=json))
