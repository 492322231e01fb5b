"""The bot's front door: every command, each a few lines that call one function."""

from typing import Annotated, Literal

import typer

from app.commands import channels, outreach
from app.commands_alerts import alerts
from app.commands_api import openapi
from app.commands_backup import backup, restore
from app.commands_datasets import datasets
from app.commands_eval import evals
from app.commands_knowledge import documents
from app.commands_local import local
from app.commands_nlu import nlu
from app.commands_people import audits, keys, users
from app.commands_privacy import customer, privacy
from app.commands_ratings import corrections, improve, ratings
from app.commands_report import report
from app.commands_risk import risk
from app.commands_rollout import rollout
from app.commands_scoring import labels, rescore, scores
from app.commands_train import models, train
from app.commands_try import tries
from app.console import Explained, Json, awaited, settings
from app.guessing import Guessing
from app.record_commands import fields, lending
from app.shop_commands import catalogue, dictionary

cli = typer.Typer(
    name="main.py",
    cls=Guessing,
    help="""Aprendiz: a WhatsApp and Telegram bot that learns from its own conversations.

    Try: `main.py demo` · `main.py simulate --conversations 50` · `main.py try ask "¿tienen tazas?"`
    """,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
dead = typer.Typer(help="Events that no delivery could handle.")
groups = typer.Typer(help="Who reads the stream.")
config = typer.Typer(help="What the bot is configured with.")
for name, part in {
    "channels": channels,
    "outreach": outreach,
    "documents": documents,
    "catalogue": catalogue,
    "dictionary": dictionary,
    "nlu": nlu,
    "eval": evals,
    "train": train,
    "models": models,
    "local": local,
    "label": labels,
    "scores": scores,
    "rollout": rollout,
    "risk": risk,
    "alerts": alerts,
    "lending": lending,
    "fields": fields,
    "try": tries,
    "ratings": ratings,
    "corrections": corrections,
    "dataset": datasets,
    "user": users,
    "key": keys,
    "audit": audits,
    "customer": customer,
    "privacy": privacy,
    "dead": dead,
    "groups": groups,
    "config": config,
}.items():
    cli.add_typer(part, name=name, no_args_is_help=True)
for command in (improve, rescore, report, openapi, backup, restore):
    cli.command()(command)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the pages; a busy one moves on.")] = 8765,
    reset: Annotated[bool, typer.Option(help="Begin with empty data.")] = False,
    empty: Annotated[bool, typer.Option(help="A shop without a past.")] = False,
) -> None:
    """A bot with a sample shop in your browser: no keys, no servers, nothing to configure."""
    with Explained():
        from app.demo import demo as start

        awaited(start(settings(), port=port, reset=reset, empty=empty))


@cli.command()
def run(
    web: Annotated[bool, typer.Option(help="Serve the pages.")] = True,
    jobs: Annotated[bool, typer.Option(help="Run the job worker and its schedule.")] = True,
    console: Annotated[bool, typer.Option(help="Chat in this terminal too.")] = False,
) -> None:
    """The bot: every configured channel, until Ctrl+C or SIGTERM."""
    with Explained():
        from app.running import Wanted
        from app.running import run as start

        wanted = Wanted(web=web, jobs=jobs, console=console)
        raise typer.Exit(awaited(start(settings(), wanted)))


@cli.command()
def migrate(json: Json = False) -> None:
    """Bring the database to this release."""
    with Explained():
        from app.upkeep import migrate as start

        awaited(start(settings(), as_json=json))


@cli.command()
def doctor(json: Json = False) -> None:
    """Check everything the bot needs; exits 1 when something is wrong."""
    with Explained():
        from app.doctor import examine

        raise typer.Exit(awaited(examine(settings(), as_json=json)))


@cli.command()
def ingest(
    paths: Annotated[list[str], typer.Argument(help="Files or folders: PDF, DOCX, TXT, MD.")],
    shop: Annotated[str, typer.Option(help="The shop's key; the one of the settings.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Only say what would be read.")] = False,
    queue: Annotated[bool, typer.Option(help="Leave them to the worker of a running bot.")] = False,
    json: Json = False,
) -> None:
    """Teach the bot what documents say; the same name again replaces what it said."""
    with Explained():
        from app.ingesting import ingest as start

        how: Literal["dry", "queue", "now"] = "dry" if dry_run else "queue" if queue else "now"
        work = start(settings(), shop, paths, how, as_json=json)
        raise typer.Exit(awaited(work))


@cli.command()
def why(
    message: Annotated[str, typer.Argument(help="The id of a reply; `last` is the newest.")],
    shop: Annotated[str, typer.Option(help="The shop's key; the one of the settings.")] = "",
    json: Json = False,
) -> None:
    """How a reply came about: what was understood and found, who wrote it, what was checked."""
    with Explained():
        from app.why import why as tell

        awaited(tell(settings(), shop, message, as_json=json))


@cli.command()
def simulate(
    conversations: Annotated[int, typer.Option(min=1)] = 20,
    concurrency: Annotated[int, typer.Option(min=1)] = 20,
    file: Annotated[str, typer.Option(help="Scripts, one JSON a line; or personas.")] = "",
    personas: Annotated[
        int, typer.Option(min=0, help="So many customers of every persona instead.")
    ] = 0,
    json: Json = False,
) -> None:
    """Scripted customers through the whole pipeline; exits 1 when anything went wrong."""
    with Explained():
        if personas:
            from app.rehearsal import rehearse

            life = rehearse(settings(), personas, file or None, as_json=json)
            raise typer.Exit(awaited(life))
        from app.simulation import simulate as start

        run = start(settings(), conversations, concurrency, file or None, as_json=json)
        raise typer.Exit(awaited(run))


@cli.command()
def bench(json: Json = False, quick: Annotated[bool, typer.Option()] = False) -> None:
    """Figures of speed and memory, each beside its raw baseline of the same run."""
    with Explained():
        from benchmarks.suite import bench as start

        awaited(start(as_json=json, quick=quick))


@dead.command("list")
def dead_list(json: Json = False) -> None:
    with Explained():
        from app import inspection

        awaited(inspection.list_dead(settings(), as_json=json))


@dead.command("show")
def dead_show(letter: str, json: Json = False) -> None:
    with Explained():
        from app import inspection

        awaited(inspection.show_dead(settings(), letter, as_json=json))


@dead.command("replay")
def dead_replay(letters: list[str], json: Json = False) -> None:
    """Deliver again to the group that parked them; `all` takes every one."""
    with Explained():
        from app import inspection

        awaited(inspection.replay_dead(settings(), letters, as_json=json))


@dead.command("drop")
def dead_drop(letters: list[str], json: Json = False) -> None:
    """Forget them for good; `all` takes every one."""
    with Explained():
        from app import inspection

        awaited(inspection.drop_dead(settings(), letters, as_json=json))


@groups.command("list")
def groups_list(json: Json = False) -> None:
    with Explained():
        from app import inspection

        awaited(inspection.list_groups(settings(), as_json=json))


@groups.command("drop")
def groups_drop(group: str, json: Json = False) -> None:
    """Forget a group that no configuration names any more."""
    with Explained():
        from app import inspection

        awaited(inspection.drop_group(settings(), group, as_json=json))


@config.command("show")
def config_show(json: Json = False) -> None:
    """Each setting with its source; secrets masked."""
    with Explained():
        from app.configuration import show

        show(settings(), as_json=json)


if __name__ == "__main__":
    cli()
