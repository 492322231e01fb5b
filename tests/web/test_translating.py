"""Every Spanish text of the pages has its English, and nothing is half translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard
from uuid import uuid4

import httpx2
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

from bot.channels.web import WebChannel
from config.settings import Settings
from web import checkwords, refusals
from web.chatting import chat_of
from web.fixed import fixed
from web.importwords import SAID
from web.navigation import ITEMS
from web.pages import chat, customers, orders, thumbs
from web.rendering import HERE as WEB
from web.timetable import NAMES
from web.translating import HERE, chosen, words
from web.wording import LISTS

FILES = sorted(HERE.glob("en/*.po"))
SHOWN = {"title", "text"}
WORD = re.compile(r"[A-Za-zÁÉÍÓÚáéíóúñ]{3,}")
SAME = {
    "Aprendiz", "CSV", "JSONL", "OpenAPI", "PSI", "Python", "Request", "SKU", "Stock", "UTC",
    "curl", "epochs", "min", "request",
}  # fmt: skip
"""Names, and what is called the same in either language."""
METHODS = [("templates/**.html", "jinja2.ext:babel_extract")]


def written() -> set[str | tuple[str, ...]]:
    """What templates ask to be said, singular or with its plural."""
    found = extract_from_dir(WEB, METHODS, {"**": {"silent": "false"}}, comment_tags=())
    texts = {ids if isinstance(ids, str) else tuple(ids) for _, _, ids, _, _ in found}
    texts |= {text for item in ITEMS for text in (item.label, item.short)}
    texts |= {spanish for _, spanish in SAID} | set(NAMES)
    texts |= {one.name for one in fixed(Settings())} | set(checkwords.NAMES.values())
    texts |= {spanish for _, spanish in checkwords.SAID}
    texts |= set(refused())
    return texts | {word for listed in LISTS.values() for word in listed.values()}


def refused() -> Iterator[str]:
    """What a page says instead of itself: written in code, put into words by a template."""
    for pair in (*refusals.SAID.values(), refusals.ELSE):
        yield from pair
    yield from (customers.GONE, orders.CLOSED, chat.LONG, chat.CALM, thumbs.CALM)
    for path in sorted(WEB.rglob("*.py")):
        for call in (one for one in ast.walk(ast.parse(path.read_text())) if is_refusal(one)):
            values = [*call.args, *(one.value for one in call.keywords if one.arg in SHOWN)]
            found = [one.value for one in values if isinstance(one, ast.Constant)]
            yield from (one for one in found if isinstance(one, str) and one[-5:] != ".html")


def is_refusal(one: ast.AST) -> TypeGuard[ast.Call]:
    if not isinstance(one, ast.Call):
        return False
    name = ast.unparse(one.func).rpartition(".")[2]
    notice = any(isinstance(arg, ast.Constant) and arg.value == "aviso.html" for arg in one.args)
    return notice or name in {"_not", "Refusal"}


def test_no_template_says_anything_that_is_not_translated() -> None:
    bare = {
        path.name: found
        for path in sorted((WEB / "templates").glob("*.html"))
        if (found := set(spoken(path.read_text(encoding="utf-8"))) - SAME)
    }
    assert bare == {}, 'write {{ _("…") }}'


def spoken(source: str) -> Iterator[str]:
    """Words of a page that stand there as they are, between tags or in what is read out."""
    source = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", " ", source)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", " ", source, flags=re.DOTALL)
    tokens = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).lex(source)
    text = "".join(value if kind == "data" else "\0" for _, kind, value in tokens)
    for attribute in re.findall(r'\b(?:alt|title|aria-label|placeholder)="([^"]*)"', text):
        yield from WORD.findall(attribute)
    text = re.sub(r"<(script|style|svg|kbd|code|pre)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r'[\w-]+="[^"]*"|\bautofocus\b', " ", re.sub(r"<[^>]*>", " ", text))
    yield from WORD.findall(text)


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


async def test_who_reads_english_is_refused_and_answered_in_english(
    seller: httpx2.AsyncClient, channel: WebChannel
) -> None:
    seller.headers["Accept-Language"] = "en"
    gone = await seller.get("/no-hay")
    assert "This page does not exist" in gone.text
    assert ">Back<" in gone.text
    assert "That conversation is not there" in (await seller.get(f"/conversaciones/{uuid4()}")).text
    chat = await seller.get("/chat")
    assert 'name="idioma" value="es"' in chat.text

    empty = await seller.post("/chat/messages", data={"texto": " "})
    assert "Write a message before you send it." in empty.text
    long = await seller.post("/chat/messages", data={"texto": "a" * 4001})
    assert "Your message has 4001 characters" in long.text
    await channel.show(chat_of(seller.cookies["chat"]), "customer:1", "customer", "hi")
    assert "The answer is taking long" in (await seller.get("/chat")).text
