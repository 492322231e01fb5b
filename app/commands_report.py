"""The command `report`; main.py joins it to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings


def report(
    shop: Annotated[str, typer.Option(help="The shop's key; the one of the settings.")] = "",
    days: Annotated[int, typer.Option(min=1, max=366, help="Until yesterday.")] = 14,
    send: Annotated[
        bool, typer.Option("--send", help="A running bot tells it to the shop's people.")
    ] = False,
    json: Json = False,
) -> None:
    """What the bot learned, sold and cost in the last days."""
    with Explained():
        from app import report_desk

        awaited(report_desk.show(settings(), shop, days, send=send, as_json=json))
