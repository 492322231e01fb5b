"""What the doctor finds is told in Spanish, whatever it finds, and in its own words in English."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.checkwords import NAMES, named, told
from web.translating import words

ROOT = Path(__file__).parents[2]
DOCTOR = ROOT / "app/doctor.py"
TOLD = {
    "app/doctor.py": ("Finding",),
    "app/backups.py": ("Finding",),
    "app/keyfile.py": ("Finding",),
    "app/examination.py": ("Verdict", "ChannelRefused", "ChannelUnavailable"),
    "app/accounts.py": ("AccountRefused",),
    "services/vault.py": ("NotOpened", "KeyRefused"),
    "bot/channels/telegram/checkup.py": ("ChannelRefused", "Unfit"),
    "bot/channels/telegram/transport.py": ("Unauthorized", "Unreached"),
    "bot/channels/telegram/aiogram_client.py": ("Unreached", "AnswerLost"),
    "bot/channels/whatsapp_cloud/channel.py": ("ChannelRefused",),
    "bot/channels/whatsapp_cloud/errors.py": ("AnswerLost", "Limited", "Unauthorized", "Troubled"),
    "bot/channels/whatsapp_cloud/transport.py": ("Unreached",),
    "bot/channels/whatsapp/health.py": ("Told",),
    "bot/channels/whatsapp/process.py": ("Told",),
    "bot/channels/whatsapp/holder.py": ("Told",),
    "bot/channels/whatsapp/session.py": ("Told",),
}
"""Where what is found is worded, and by which calls."""
RETURNED = {
    "app/examination.py": ("_whatsapp", "_whatsapp_cloud"),
    "bot/channels/telegram/health.py": ("wrong_with",),
}
CODES = {"ok", "error", "warning", "ready", "unwell", "refused", "pairing", "broken", "busy",
         "missing", "banned", "unreachable", "logged_out", "outdated", "replaced",
         "unpaired", "token", "shared", "left", "address", "unreached"}  # fmt: skip
HOLE = "3"


def texts(node: ast.expr | None, known: dict[str, list[ast.expr]]) -> list[str]:
    """What an expression may say, its holes filled in; nothing for what is no text of ours."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=otherwise):
            return texts(body, known) + texts(otherwise, known)
        case ast.BoolOp(values=values):
            return [text for one in values for text in texts(one, known)]
        case ast.Name(id=name):
            return [text for one in known.get(name, ()) for text in texts(one, known)]
        case ast.JoinedStr(values=values):
            found = [""]
            for part in values:
                inner = part.value if isinstance(part, ast.FormattedValue) else part
                ends = texts(inner, known) or [HOLE]
                found = [begin + end for begin in found for end in ends]
            return found
        case _:
            return []


def assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    known: dict[str, list[ast.expr]] = {}
    for one in ast.walk(tree):
        targets = one.targets if isinstance(one, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(one, ast.Assign):
                known.setdefault(target.id, []).append(one.value)
    return known


def scopes(tree: ast.Module) -> Iterator[tuple[ast.AST, dict[str, list[ast.expr]]]]:
    """Each function, and the module around them, with what its names stand for."""
    outside = [one for one in tree.body if isinstance(one, ast.Assign)]
    whole = assigned(ast.Module(body=list(outside), type_ignores=[]))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for one in ast.walk(tree):
        if isinstance(one, functions):
            yield one, whole | assigned(one)
    yield ast.Module(body=list(outside), type_ignores=[]), whole


def worded() -> Iterator[tuple[str, str]]:
    for path in {**TOLD, **RETURNED}:
        for scope, known in scopes(ast.parse((ROOT / path).read_text())):
            yield from ((path, text) for text in _given(path, scope, known))


def _given(path: str, scope: ast.AST, known: dict[str, list[ast.expr]]) -> Iterator[str]:
    returns = getattr(scope, "name", "") in RETURNED.get(path, ())
    for one in ast.walk(scope):
        if returns and isinstance(one, ast.Return):
            yield from texts(one.value, known)
        name = one.func.id if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) else ""
        if isinstance(one, ast.Call) and name in TOLD.get(path, ()):
            skipped = 2 if name == "Finding" else 0
            for given in (*one.args[skipped:], *(word.value for word in one.keywords)):
                yield from texts(given, known)


def is_worded(text: str) -> bool:
    """Versions, numbers and commands are the same in every language."""
    command = text.startswith(("main.py ", "chmod ", "chown ")) and not set(text) & set(",;")
    return text not in CODES and not command and any(map(str.isalpha, text))


SAID = sorted({text for _, text in worded() if is_worded(text)})


def test_many_are_known() -> None:
    assert len(SAID) > 60, "the search has lost its way"
    assert {"not there", "3 wait", "paired and connected"} <= set(SAID)


@pytest.mark.parametrize("text", SAID)
def test_each_is_said_in_spanish_and_in_its_own_english(text: str) -> None:
    assert told(words("es"), text) != text, "say it in web/checkwords.py"
    assert told(words("en"), text) == text


def test_what_is_looked_at_has_a_name() -> None:
    calls = (one for one in ast.walk(ast.parse(DOCTOR.read_text())) if isinstance(one, ast.Call))
    found = {
        one.args[0].value
        for one in calls
        if isinstance(one.func, ast.Name)
        and one.func.id == "Finding"
        and isinstance(one.args[0], ast.Constant)
    }
    assert {str(one) for one in found} - set(NAMES) == {"python", "redis", "pgvector"}
    assert [named(words("en"), one) for one in NAMES] == list(NAMES)


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        ("not paired any more (5 min ago)", "ya no está vinculado (hace 5 min)"),
        ("Bad Gateway (3 h ago)", "Bad Gateway (hace 3 h)"),
        ("none but the web chat (main.py channels add telegram)",
         "ninguno, salvo el chat web (main.py channels add telegram)"),
        ("100 % of it", "100 % of it"),
        ("7.2.4, allkeys-lru", "7.2.4, allkeys-lru"),
    ],
)  # fmt: skip
def test_what_others_said_stands_as_it_is(text: str, spanish: str) -> None:
    assert told(words("es"), text) == spanish
