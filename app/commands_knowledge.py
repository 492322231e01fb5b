"""The commands about what the bot knows; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

documents = typer.Typer(help="What the bot reads, and what of it stands in its answers.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]


@documents.command("list")
def documents_list(shop: Shop = "", json: Json = False) -> None:
    """Every document: whether it is read, stands in answers, and what looks suspicious in it."""
    with Explained():
        from app.documents import show

        awaited(show(settings(), shop, as_json=json))


@documents.command("on")
def documents_on(name: str, shop: Shop = "", json: Json = False) -> None:
    """Let answers rest on it again."""
    with Explained():
        from app.documents import switch

        awaited(switch(settings(), shop, name, active=True, as_json=json))


@documents.command("off")
def documents_off(name: str, shop: Shop = "", json: Json = False) -> None:
    """Take it out of answers, at once; it is kept."""
    with Explained():
        from app.documents import switch

        awaited(switch(settings(), shop, name, active=False, as_json=json))


@documents.command("remove")
def documents_remove(name: str, shop: Shop = "", json: Json = False) -> None:
    """Forget what it says."""
    with Explained():
        from app.documents import remove

        awaited(remove(settings(), shop, name, as_json=json))


@documents.command("reembed")
def documents_reembed(
    shop: Shop = "",
    queue: Annotated[bool, typer.Option(help="Leave it to the worker of a running bot.")] = False,
    json: Json = False,
) -> None:
    """Move to the vectors of the settings; the old ones answer until the last new one is there."""
    with Explained():
        from app.documents import reembed

        awaited(reembed(settings(), shop, queue=queue, as_json=json))
