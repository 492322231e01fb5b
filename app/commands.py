"""The commands of `channels` and `outreach`; main.py lists the others and joins these to them."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

channels = typer.Typer(help="Accounts on Telegram and WhatsApp; a running bot follows at once.")
outreach = typer.Typer(help="What the bot writes to people who did not ask for it just now.")
Account = Annotated[str, typer.Argument(help="As `channels list` names it: telegram:main")]


@channels.command("add")
def add(  # noqa: PLR0913  each is an option of the command
    network: Annotated[str, typer.Argument(help="telegram, whatsapp_cloud or whatsapp")],
    *,
    name: Annotated[str, typer.Option(help="The account is NETWORK:NAME.")] = "main",
    shop: Annotated[str, typer.Option(help="The shop's key; the one of the settings.")] = "",
    option: Annotated[list[str] | None, typer.Option(help="FIELD=VALUE, no secrets.")] = None,
    secret_env: Annotated[
        list[str] | None, typer.Option(help="FIELD=VARIABLE that holds the secret.")
    ] = None,
    test: Annotated[bool, typer.Option(help="Ask the network before storing.")] = True,
    json: Json = False,
) -> None:
    """Add an account, or change it: its secrets from the environment or a hidden prompt."""
    with Explained():
        from app import channels as desk
        from app.gathering import Asked

        asked = Asked(option or (), secret_env or ())
        wanted = desk.Wanted(network, name, shop, asked, test)
        awaited(desk.add(settings(), wanted, as_json=json))


@channels.command("list")
def show(json: Json = False) -> None:
    """Every account, and how it is now."""
    with Explained():
        from app import channel_views

        awaited(channel_views.show(settings(), as_json=json))


@channels.command("test")
def check(account: Account, json: Json = False) -> None:
    """Is it all right? One line; exits 1 when something is wrong."""
    with Explained():
        from app import channels as desk

        raise typer.Exit(awaited(desk.test(settings(), account, as_json=json)))


@channels.command("pair")
def pair(account: Account) -> None:
    """Show what a phone has to scan, until the account is ready."""
    with Explained():
        from app import channel_views

        awaited(channel_views.pair(settings(), account))


@channels.command("remove")
def remove(
    account: Account,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Stop an account and delete its secrets; what was said there stays."""
    with Explained():
        from app import channels as desk

        awaited(desk.remove(settings(), account, sure=yes, as_json=json))


@channels.command("rekey")
def rekey(json: Json = False) -> None:
    """Seal every stored secret again, with the first of the configured keys."""
    with Explained():
        from app import channels as desk

        awaited(desk.rekey(settings(), as_json=json))


@outreach.command("broadcast")
def broadcast(  # noqa: PLR0913  each is an option of the command
    name: Annotated[str, typer.Argument(help="What you call it.")],
    account: Annotated[str, typer.Option(help="As `channels list` names it: telegram:main")],
    *,
    text: Annotated[str, typer.Option(help="What it says.")] = "",
    template: Annotated[
        str, typer.Option(help="NAME:LANGUAGE:PARAMETER|…, where WhatsApp's window is closed.")
    ] = "",
    active_days: Annotated[int, typer.Option(min=1, help="Whoever spoke since then.")] = 90,
    buyers: Annotated[bool, typer.Option("--buyers", help="Only who paid before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Write to everybody who spoke on an account lately; running bots send it, within the caps."""
    with Explained():
        from app import broadcasting as desk

        wanted = desk.Wanted(
            name, account, text, template or None, active_days, buyers, dry_run, yes
        )
        awaited(desk.begin(settings(), wanted, as_json=json))


@outreach.command("list")
def broadcasts(json: Json = False) -> None:
    """Every broadcast, the newest first."""
    with Explained():
        from app import broadcasting as desk

        awaited(desk.every(settings(), as_json=json))


Which = Annotated[str, typer.Argument(help="The beginning of its id.")]


@outreach.command("show")
def broadcast_show(which: Which, json: Json = False) -> None:
    """How far one got: who got it, who answered, who was passed over and why."""
    with Explained():
        from app import broadcasting as desk

        awaited(desk.show(settings(), which, as_json=json))


@outreach.command("pause")
def broadcast_pause(which: Which, json: Json = False) -> None:
    """Send it to nobody else for now."""
    with Explained():
        from app import broadcasting as desk

        awaited(desk.turn(settings(), which, "paused", as_json=json))


@outreach.command("resume")
def broadcast_resume(which: Which, json: Json = False) -> None:
    """Go on with one that was paused."""
    with Explained():
        from app import broadcasting as desk

        awaited(desk.turn(settings(), which, "running", as_json=json))


@outreach.command("cancel")
def broadcast_cancel(which: Which, json: Json = False) -> None:
    """End it for good."""
    with Explained():
        from app import broadcasting as desk

        awaited(desk.turn(settings(), which, "cancelled", as_json=json))


@outreach.command("report")
def outreach_report(days: Annotated[int, typer.Option(min=1)] = 30, json: Json = False) -> None:
    """Follow-ups and broadcasts: sent, withheld, answered, what they sold and cost."""
    with Explained():
        from app import broadcasting as desk

        awaited(desk.report(settings(), days, as_json=json))
