"""The bot's front door: every command, each a few lines that call one function."""

from typing import Annotated, Literal

import typer

from app.commands import channels, outreach
from app.commands_knowledge import documents
from app.commands_nlu import nlu
from app.commands_try import tries
from app.console import Explained, Json, awaited, settings
from app.record_commands import fields, lending
from app.shop_commands import catalogue, dictionary

cli = typer.Typer(
    name="main.py",
    help="""Aprendiz: a WhatsApp and Telegram bot that learns from its own conversations.

    Try: `main.py demo` · `main.py simulate --conversations 50` · `main.py try ask "¿tienen tazas?"`
    """,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
datasets = typer.Typer(help="What the bot learned, as files to train on.")
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
    "lending": lending,
    "fields": fields,
    "try": tries,
    "dataset": datasets,
    "dead": dead,
    "groups": groups,
    "config": config,
}.items():
    cli.add_typer(part, name=name, no_args_is_help=True)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the pages; a busy one moves on.")] = 8765,
    reset: Annotated[bool, typer.Option(help="Begin with empty data.")] = False,
) -> None:
    """A bot with a sample shop in your browser: no keys, no servers, nothing to configure."""
    with Explained():
        from app.demo import demo as start

        awaited(start(settings(), port=port, reset=reset))


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
def migrate() -> None:
    """Bring the database to this release."""
    with Explained():
        from app.upkeep import migrate as start

        awaited(start(settings()))


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


@datasets.command("build")
def dataset_build(
    shop: Annotated[str, typer.Option(help="The shop's key.")],
    out: Annotated[str, typer.Option(help="An empty or new folder.")],
    json: Json = False,
) -> None:
    """Curate a shop's rows into an immutable dataset."""
    with Explained():
        from app.upkeep import build_dataset

        awaited(build_dataset(settings(), shop, out, as_json=json))


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
def dead_replay(letters: list[str]) -> None:
    """Deliver again to the group that parked them; `all` takes every one."""
    with Explained():
        from app import inspection

        awaited(inspection.replay_dead(settings(), letters))


@dead.command("drop")
def dead_drop(letters: list[str]) -> None:
    """Forget them for good; `all` takes every one."""
    with Explained():
        from app import inspection

        awaited(inspection.drop_dead(settings(), letters))


@groups.command("list")
def groups_list(json: Json = False) -> None:
    with Explained():
        from app import inspection

        awaited(inspection.list_groups(settings(), as_json=json))


@groups.command("drop")
def groups_drop(group: str) -> None:
    """Forget a group that no configuration names any more."""
    with Explained():
        from app import inspection

        awaited(inspection.drop_group(settings(), group))


@config.command("show")
def config_show(json: Json = False) -> None:
    """Each setting with its source; secrets masked."""
    with Explained():
        from app.configuration import show

        show(settings(), as_json=json)


if __name__ == "__main__":
    cli()
