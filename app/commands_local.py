"""The commands of `local`; main.py joins them to the others."""

from pathlib import Path
from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

local = typer.Typer(help="Models of one's own: made here, put on Ollama, compared with it.")
Folder = Annotated[Path, typer.Argument(help="The folder of a training that has succeeded.")]


@local.command("tiny")
def tiny(
    folder: Annotated[Path, typer.Argument(help="Where it is written.")],
    lessons: Annotated[
        Path, typer.Option(help="What it knows: a JSONL of conversations, as a dataset has them.")
    ],
    seconds: Annotated[
        float, typer.Option(min=1, help="It learns no longer, however much it has learned.")
    ] = 60.0,
    json: Json = False,
) -> None:
    """Make a base model of two layers on the spot, to try a whole training in a minute."""
    with Explained():
        from app import local as work

        work.tiny(folder, lessons, seconds, as_json=json)


@local.command("deploy")
def deploy(
    folder: Folder,
    alias: Annotated[str, typer.Option(help="A name that answers with it from now on.")] = "",
    system: Annotated[str, typer.Option(help="What it is told when nobody else does.")] = "",
    question: Annotated[str, typer.Option(help="What it is asked before it is trusted.")] = "hola",
    json: Json = False,
) -> None:
    """Put a trained adapter on Ollama; a model that is asked in other tokens is refused."""
    with Explained():
        from app import local as work
        from learning.deploying import Wishes

        wishes = Wishes(system, question)
        awaited(work.deploy(settings(), folder, alias, wishes, as_json=json))


@local.command("check")
def check(
    folder: Folder,
    url: Annotated[str, typer.Option(help="A llama-server with the model; else Ollama.")] = "",
    json: Json = False,
) -> None:
    """Compare, token by token, how a model was trained with how a server asks it."""
    with Explained():
        from app import local as work

        awaited(work.check(settings(), folder, url, as_json=json))
