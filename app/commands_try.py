"""The commands of `try`: one piece of the bot each; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import USAGE, Explained, Json, awaited, refuse, settings

tries = typer.Typer(help="One piece of the bot, from standard input to JSON.")


@tries.command("score")
def try_score(
    shop: Annotated[
        str, typer.Option(help="A shop's key: with the scorer it trained, if it has one.")
    ] = "",
    judge: Annotated[
        bool, typer.Option(help="Ask the configured model about what is uncertain, too.")
    ] = False,
) -> None:
    """What a customer's next message says about the reply before it; a line, or a JSON a line."""
    with Explained():
        from app import plugins, verdicts

        chosen = settings()
        if shop or judge:
            awaited(verdicts.try_with(chosen, shop, judge=judge))
            return
        extension = plugins.load(chosen.app.plugins)
        pack = plugins.find_pack(chosen.app.pack, extension)
        verdicts.try_score(plugins.signals(pack, extension))


@tries.command("scrub")
def try_scrub() -> None:
    """Mask personal data."""
    with Explained():
        from app import trials

        trials.try_scrub()


@tries.command("parse")
def try_parse(
    pack: Annotated[
        str, typer.Option(help="A pack's name or folder; else the configured one.")
    ] = "",
    shop: Annotated[
        str, typer.Option(help="A shop's key: with its pack, and what it was taught.")
    ] = "",
) -> None:
    """What a customer wants: intent, slots, confidence and who decided, a message a line."""
    with Explained():
        from app import plugins, teaching, trials
        from config.opening import zone_of

        chosen = settings()
        learned = None
        if shop:
            found, learned = awaited(teaching.classifier_of(chosen, shop))
        else:
            extension = plugins.load(chosen.app.plugins)
            found = plugins.find_pack(pack or chosen.app.pack, extension)
        trials.try_parse(found, zone_of(chosen.hours.timezone), learned)


@tries.command("normalise")
def try_normalise(channel: Annotated[str, typer.Option()] = "telegram") -> None:
    """Raw updates of a network as domain events."""
    with Explained():
        from app import trials

        trials.try_normalise(channel, settings())


@tries.command("ask")
def try_ask(question: str, json: Json = False) -> None:
    """One question to the bot, with the sources of its answer."""
    with Explained():
        from app.asking import ask

        awaited(ask(settings(), question, as_json=json))


@tries.command("search")
def try_search(
    question: Annotated[str, typer.Argument()] = "",
    shop: Annotated[str, typer.Option(help="The shop's key; the one of the settings.")] = "",
    k: Annotated[int, typer.Option("--k", min=1, max=20)] = 5,
    stdin: Annotated[bool, typer.Option(help="A question a line.")] = False,
    json: Json = False,
) -> None:
    """What a question finds in a shop's documents."""
    with Explained():
        from app.searching import search

        if stdin and question:
            refuse("a question and --stdin", "name one question, or send one a line", code=USAGE)
        asked = [question] if question else []
        awaited(search(settings(), shop, asked, k, as_json=json))
