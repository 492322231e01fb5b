"""The commands of `customer` and `privacy`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

customer = typer.Typer(help="What is kept of a customer, and what they ask of it.")
privacy = typer.Typer(help="What customers asked of their data, and what is too old.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Who = Annotated[
    str, typer.Argument(help="An id, a phone, a name on a network, or how their name begins.")
]
Off = Annotated[bool, typer.Option("--off", help="Take it back.")]


@customer.command("show")
def show(who: Who, shop: Shop = "", json: Json = False) -> None:
    """Who that is, and how much is kept of them in each place."""
    with Explained():
        from app import privacy_desk as desk

        awaited(desk.show(settings(), shop, who, as_json=json))


@customer.command("export")
def export(
    who: Who,
    *,
    to: Annotated[str, typer.Option(help="The ZIP that is written.")] = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Everything that is kept of them, in a ZIP: datos.json, datos.html and their files."""
    with Explained():
        from app import privacy_desk as desk

        awaited(desk.export(settings(), shop, who, to, as_json=json))


@customer.command("erase")
def erase(
    who: Who,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Forget them everywhere, for good; what was bought stays without their name."""
    with Explained():
        from app import privacy_desk as desk

        awaited(desk.erase(settings(), shop, who, sure=yes, as_json=json))


@customer.command("block")
def block(who: Who, *, off: Off = False, shop: Shop = "", json: Json = False) -> None:
    """Keep what they write and do nothing else with it: no answer, no learning."""
    with Explained():
        from app import privacy_desk as desk

        awaited(desk.choose(settings(), shop, who, "restriction", on=not off, as_json=json))


@customer.command("oppose")
def oppose(who: Who, *, off: Off = False, shop: Shop = "", json: Json = False) -> None:
    """Teach nothing from what they say any more."""
    with Explained():
        from app import privacy_desk as desk

        awaited(desk.choose(settings(), shop, who, "opposition", on=not off, as_json=json))


@privacy.command("requests")
def requests(shop: Shop = "", json: Json = False) -> None:
    """What customers asked for, and how many days are left."""
    with Explained():
        from app import privacy_desk as desk

        awaited(desk.requested(settings(), shop, as_json=json))


@privacy.command("retention")
def retention(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much.")] = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Mask and delete what is too old, as each night does."""
    with Explained():
        from app import privacy_desk as desk

        awaited(desk.retain(settings(), shop, dry=dry_run, as_json=json))
