"""The commands of `channels`; main.py lists the others and joins these to them."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

channels = typer.Typer(help="Accounts on Telegram and WhatsApp; a running bot follows at once.")
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
    account: Account, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Stop an account and delete its secrets; what was said there stays."""
    with Explained():
        from app import channels as desk

        awaited(desk.remove(settings(), account, sure=yes))


@channels.command("rekey")
def rekey() -> None:
    """Seal every stored secret again, with the first of the configured keys."""
    with Explained():
        from app import channels as desk

        awaited(desk.rekey(settings()))
