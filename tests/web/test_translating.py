"""Every Spanish text of the pages has its English, and nothing is half translated."""

import ast
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from config.settings import Settings
from web import checkwords
from web.fixed import fixed
from web.importwords import SAID
from web.navigation import ITEMS
from web.pages.orders import DECIDED
from web.refusals import OTHERWISE
from web.refusals import SAID as REFUSED
from web.rendering import HERE as WEB
from web.timetable import NAMES
from web.translating import HERE, chosen, words
from web.wording import LISTS

FILES = sorted(HERE.glob("en/*.po"))
METHODS = [("templates/**.html", "jinja2.ext:babel_extract")]


def written() -> set[str | tuple[str, ...]]:
    """What templates ask to be said, singular or with its plural."""
    found = extract_from_dir(WEB, METHODS, {"**": {"silent": "false"}}, comment_tags=())
    texts = {ids if isinstance(ids, str) else tuple(ids) for _, _, ids, _, _ in found}
    texts |= {text for item in ITEMS for text in (item.label, item.short)}
    texts |= {spanish for _, spanish in SAID} | set(NAMES)
    texts |= {one.name for one in fixed(Settings())} | set(checkwords.NAMES.values())
    texts |= {spanish for _, spanish in checkwords.SAID}
    return texts | {word for listed in LISTS.values() for word in listed.values()}


def refusals() -> set[str]:
    """What a page says in place of another one: the words of `aviso.html`, wherever it is shown."""
    found = {text for pair in (*REFUSED.values(), OTHERWISE) for text in pair} | {DECIDED}
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _says(node):
                given = (*node.args, *(one.value for one in node.keywords))
                found |= {one.value for one in given if _is_text(one)}  # type: ignore[attr-defined]
    return found


def _says(call: ast.Call) -> bool:
    named = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    shown = any(isinstance(one, ast.Constant) and one.value == "aviso.html" for one in call.args)
    return named == "_not" or shown


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def test_every_refusal_has_its_english() -> None:
    assert len(refusals()) > 20
    assert sorted(refusals() - set(words("en").single)) == []


def test_every_text_has_its_english() -> None:
    english = words("en")
    asked = {text for text in written() if text}

    missing = asked - set(english.single) - set(english.plural)
    assert sorted(map(str, missing)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_half_translated(path: Path) -> None:
    with path.open("rb") as file:
        listed = [message for message in read_po(file, locale="en") if message.id]

    assert [one.id for one in listed if one.fuzzy or not all(said(one.string))] == []
    assert all(holes(one.id) <= holes(one.string) for one in listed)


def said(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]


def holes(text: object) -> set[str]:
    """The names a text is filled in with."""
    return {part.split(")")[0] for one in said(text)[-1:] for part in one.split("%(")[1:]}


def test_two_files_never_say_different_things() -> None:
    heard: dict[object, object] = {}
    for path in FILES:
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                assert (
                    heard.setdefault(message.id, message.string) == message.string or not message.id
                )


def test_the_language_is_the_chosen_one_else_the_browsers() -> None:
    assert chosen("en", "es-CL,es;q=0.9") == "en"
    assert chosen(None, "pt-BR, en-US;q=0.8") == "en"
    assert chosen("fr", "") == "es"
