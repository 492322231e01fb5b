"""`backup` and `restore`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings


def backup(
    file: Annotated[str, typer.Argument(help="Where it goes; nothing is written over.")],
    json: Json = False,
) -> None:
    """The whole database as one file, for `restore`; a running bot goes on."""
    with Explained():
        from app import backups

        awaited(backups.backup(settings(), file, as_json=json))


def restore(
    file: Annotated[str, typer.Argument(help="What `backup` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace all there is now.")] = False,
    json: Json = False,
) -> None:
    """Put the database back as a backup has it. Stop the bot before."""
    with Explained():
        from app import backups

        awaited(backups.restore(settings(), file, force=force, as_json=json))
