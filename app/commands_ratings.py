"""The commands of `ratings`, `corrections` and `improve`; main.py joins them to the others."""

from typing import Annotated, Literal

import typer

from app.console import Explained, Json, awaited, settings

ratings = typer.Typer(help="What customers and your people say of answers, and what went wrong.")
corrections = typer.Typer(help="Better answers that were proposed, and what became of them.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]
Reply = Annotated[str, typer.Argument(help="The id of an answer, as `ratings pending` shows it.")]
Which = Annotated[str, typer.Argument(help="The beginning of its id.")]
Limit = Annotated[int, typer.Option(min=1, max=500)]


@ratings.command("list")
def ratings_list(reply: str = "", shop: Shop = "", limit: Limit = 50, json: Json = False) -> None:
    """What was said of answers, or of one `--reply`: the newest first."""
    with Explained():
        from app import grades

        awaited(grades.show(settings(), shop, reply, limit, as_json=json))


@ratings.command("give")
def ratings_give(  # noqa: PLR0913  each is an option of the command
    reply: Reply,
    *,
    stars: Annotated[int | None, typer.Option(help="1 to 5; they go before any score.")] = None,
    up: Annotated[bool, typer.Option("--up", help="A thumb up.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Nothing is learned from it.")] = False,
    comment: Annotated[str | None, typer.Option(help="What was good or wrong.")] = None,
    take_back: Annotated[
        bool, typer.Option("--take-back", help="As if you had said nothing.")
    ] = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Rate an answer: stars, a thumb, a comment; saying it again changes it."""
    with Explained():
        from app import grades
        from learning.grading import Grade

        if take_back:
            awaited(grades.take_back(settings(), shop, reply, as_json=json))
            return
        thumb = -1 if down else 1 if up else None
        said = Grade(stars, None if up and down else thumb, comment)
        awaited(grades.give(settings(), shop, reply, said, as_json=json))


@ratings.command("pending")
def ratings_pending(
    order: Annotated[
        Literal["worst", "newest", "costly"], typer.Option("--by", help="What comes first.")
    ] = "worst",
    shop: Shop = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """Answers with bad scores, few stars or thumbs down that nobody has dealt with."""
    with Explained():
        from app import grades

        awaited(grades.pending(settings(), shop, order, limit, as_json=json))


@ratings.command("process")
def ratings_process(
    reply: Reply,
    notes: Annotated[str, typer.Option(help="What was done about it.")] = "",
    improved: Annotated[bool, typer.Option("--improved", help="It is better now.")] = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Say that a bad answer was dealt with: it waits no longer."""
    with Explained():
        from app import grades

        work = grades.process(settings(), shop, reply, notes, improved=improved, as_json=json)
        awaited(work)


@corrections.command("list")
def corrections_list(
    state: Annotated[
        Literal["proposed", "accepted", "refused", "all"], typer.Option(help="Which ones.")
    ] = "proposed",
    shop: Shop = "",
    limit: Limit = 50,
    json: Json = False,
) -> None:
    """Proposals with what would change, the newest first."""
    with Explained():
        from app import improving

        awaited(improving.show(settings(), shop, state, limit, as_json=json))


@corrections.command("accept")
def corrections_accept(
    which: Which,
    sure: Annotated[
        bool, typer.Option("--sure", help="You vouch for facts that no source holds.")
    ] = False,
    shop: Shop = "",
    json: Json = False,
) -> None:
    """From now on the bot learns this answer; what the checks found stands in the way."""
    with Explained():
        from app import improving

        awaited(improving.accept(settings(), shop, which, sure=sure, as_json=json))


@corrections.command("refuse")
def corrections_refuse(
    which: Which,
    why: Annotated[str, typer.Option(help="For whoever proposed it.")] = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Leave the answer as it is."""
    with Explained():
        from app import improving

        awaited(improving.decline(settings(), shop, which, why, as_json=json))


def improve(
    reply: Reply,
    *,
    text: Annotated[str, typer.Option(help="The better answer, in your words.")] = "",
    ai: Annotated[bool, typer.Option("--ai", help="Have a model propose one.")] = False,
    why: Annotated[str, typer.Option(help="What is better about it.")] = "",
    shop: Shop = "",
    json: Json = False,
) -> None:
    """Propose a better answer: what would change, and what the checks find in it."""
    with Explained():
        from app import improving
        from app.console import somebody
        from learning.correcting import Proposed

        wanted = Proposed(text.strip(), somebody(), why=why)
        awaited(improving.improve(settings(), shop, reply, wanted, ai=ai, as_json=json))
