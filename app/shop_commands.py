"""The commands of `catalogue` and `dictionary`; main.py joins them to the others."""

from typing import Annotated

import typer

from app.console import Explained, Json, awaited, settings

catalogue = typer.Typer(help="What a shop sells: a file taken in, and taken back.")
dictionary = typer.Typer(help="What the words of a shop mean, and what customers say for them.")
Shop = Annotated[str, typer.Option(help="The shop's key; the one of the settings.")]


@catalogue.command("import")
def catalogue_import(  # noqa: PLR0913  each is an option of the command
    file: Annotated[str, typer.Argument(help="A CSV or an .xlsx workbook.")],
    *,
    shop: Shop = "",
    column: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=COLUMN, where the guess is wrong.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only the preview.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out lines that cannot be taken.")
    ] = False,
    deactivate_missing: Annotated[
        bool, typer.Option("--deactivate-missing", help="Switch off what is not in the file.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Show what a file changes in the catalogue, and apply it; a running bot follows at once."""
    with Explained():
        from app import importing as desk

        wanted = desk.Wanted(
            file, shop, tuple(column or ()), dry_run, skip_bad, deactivate_missing, yes
        )
        awaited(desk.take(settings(), wanted, as_json=json))


@catalogue.command("imports")
def catalogue_imports(shop: Shop = "", json: Json = False) -> None:
    """Every file that was applied, the newest first."""
    with Explained():
        from app import importing as desk

        awaited(desk.every(settings(), shop, as_json=json))


@catalogue.command("undo")
def catalogue_undo(
    which: Annotated[str, typer.Argument(help="The beginning of its id.")],
    shop: Shop = "",
    force: Annotated[
        bool, typer.Option("--force", help="Products that changed again since, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Take an import back, within 24 hours; what was sold in between stays sold."""
    with Explained():
        from app import importing as desk

        awaited(desk.take_back(settings(), shop, which, force=force, as_json=json))


@catalogue.command("show")
def catalogue_show(
    shop: Shop = "",
    find: Annotated[str, typer.Option(help="As a customer would ask for it.")] = "",
    json: Json = False,
) -> None:
    """What is on sale now; with --find, what the bot finds for a text."""
    with Explained():
        from app import shelves

        awaited(shelves.show(settings(), shop, find, as_json=json))


Word = Annotated[str, typer.Argument(help="The word.")]
Synonym = Annotated[list[str] | None, typer.Option(help="What customers say for it; repeat it.")]
Example = Annotated[list[str] | None, typer.Option(help="A question that uses it; repeat it.")]
Never = Annotated[list[str] | None, typer.Option(help="What no reply may say; repeat it.")]
Table = Annotated[str | None, typer.Option(help="Where its value stands in your records.")]
Field = Annotated[str | None, typer.Option(help="And in which field there.")]
Which = Annotated[str, typer.Argument(help="The beginning of its id, or the word.")]


@dictionary.command("list")
def dictionary_list(
    shop: Shop = "",
    every: Annotated[bool, typer.Option("--all", help="Those that are off, too.")] = False,
    json: Json = False,
) -> None:
    """Every word, what it means, and what is said for it."""
    with Explained():
        from app import word_views

        awaited(word_views.show(settings(), shop, every=every, as_json=json))


@dictionary.command("add")
def dictionary_add(  # noqa: PLR0913  each is an option of the command
    word: Word,
    definition: Annotated[str, typer.Argument(help="What it means here.")],
    *,
    shop: Shop = "",
    synonym: Synonym = None,
    example: Example = None,
    never: Never = None,
    category: str = "",
    table: Table = None,
    field: Field = None,
    json: Json = False,
) -> None:
    """Add a word, or say anew what it means."""
    with Explained():
        from app import words as desk

        given = desk.Given(definition, synonym, example, category, table, field, never)
        awaited(desk.add(settings(), shop, word, given, as_json=json))


@dictionary.command("edit")
def dictionary_edit(  # noqa: PLR0913  each is an option of the command
    word: Word,
    *,
    shop: Shop = "",
    definition: Annotated[str | None, typer.Option(help="What it means here.")] = None,
    synonym: Synonym = None,
    example: Example = None,
    never: Never = None,
    category: Annotated[str | None, typer.Option()] = None,
    table: Table = None,
    field: Field = None,
    json: Json = False,
) -> None:
    """Change what is given; synonyms and examples replace the ones there are."""
    with Explained():
        from app import words as desk

        given = desk.Given(definition, synonym, example, category, table, field, never)
        awaited(desk.edit(settings(), shop, word, given, as_json=json))


@dictionary.command("remove")
def dictionary_remove(word: Word, shop: Shop = "", json: Json = False) -> None:
    """Switch a word off; its pack does not bring it back, `add` does."""
    with Explained():
        from app import words as desk

        awaited(desk.remove(settings(), shop, word, as_json=json))


@dictionary.command("mine")
def dictionary_mine(
    shop: Shop = "",
    least: Annotated[int, typer.Option(min=1, help="Conversations a word occurs in.")] = 3,
    json: Json = False,
) -> None:
    """Look for words in the chats that the bot does not know, and keep them as suggestions."""
    with Explained():
        from app import suggestions as desk

        awaited(desk.mine(settings(), shop, least, as_json=json))


@dictionary.command("improve")
def dictionary_improve(word: Word, shop: Shop = "", json: Json = False) -> None:
    """Ask the configured model what a word means; its proposal waits for `accept`."""
    with Explained():
        from app import suggestions as desk

        awaited(desk.improve(settings(), shop, word, as_json=json))


@dictionary.command("suggestions")
def dictionary_suggestions(shop: Shop = "", json: Json = False) -> None:
    """What waits for a person, the most frequent first."""
    with Explained():
        from app import word_views

        awaited(word_views.suggestions(settings(), shop, as_json=json))


@dictionary.command("accept")
def dictionary_accept(
    which: Which,
    *,
    shop: Shop = "",
    definition: Annotated[str | None, typer.Option(help="What it means here.")] = None,
    same_as: Annotated[str, typer.Option(help="It is only another word for this one.")] = "",
    json: Json = False,
) -> None:
    """Take a suggestion into the dictionary."""
    with Explained():
        from app import suggestions as desk

        awaited(desk.accept(settings(), shop, which, definition, same_as, as_json=json))


@dictionary.command("dismiss")
def dictionary_dismiss(which: Which, shop: Shop = "", json: Json = False) -> None:
    """Never suggest it again."""
    with Explained():
        from app import suggestions as desk

        awaited(desk.dismiss(settings(), shop, which, as_json=json))
