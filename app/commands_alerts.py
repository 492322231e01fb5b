"""The commands of `alerts`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

alerts = typer.Typer(help="What a running bot is watched for, and what somebody was told of.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Kind = Annotated[str, typer.Argument(help="A rule, as `alerts list` names it.")]


@alerts.command("list")
def list_alerts(
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """What is open, and how each rule stands."""
    with Explained():
        from app import alert_desk

        awaited(alert_desk.listed(settings(), shop, every=every, as_json=json))


@alerts.command("ack")
def ack(
    alert: Annotated[str, typer.Argument(help="The id of an alert, or the rule it is of.")],
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Say that somebody looks after it."""
    with Explained():
        from app import alert_desk

        awaited(alert_desk.acknowledge(settings(), shop, alert, as_json=json))


@alerts.command("mute")
def mute(
    kind: Kind,
    hours: Annotated[float, typer.Option(min=0, max=24 * 30, help="0 ends it.")] = 1.0,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Tell nobody of a rule for a while; its alerts are kept all the same."""
    with Explained():
        from app import alert_desk

        awaited(alert_desk.mute(settings(), shop, kind, hours, as_json=json))


@alerts.command("backtest")
def backtest(
    kind: Kind,
    days: Annotated[int, typer.Option(min=1, max=30)] = 14,
    threshold: Annotated[float, typer.Option(min=0, help="Another one, to try it.")] = 0.0,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """How often a rule would have been told, on what was stored."""
    with Explained():
        from app import alert_desk

        work = alert_desk.backtest(settings(), shop, kind, (days, threshold), as_json=json)
        awaited(work)
