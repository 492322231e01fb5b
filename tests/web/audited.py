"""Reads from our own code what the lines of the audit are written with: their keys."""

import ast
from collections.abc import Iterator
from pathlib import Path

from config.settings import ROOT

PLACES = ("app", "handlers", "jobs", "knowledge", "learning", "store", "web")
WRITERS = {"record", "record_by", "note", "tell", "audit"}


def keys() -> tuple[set[str], set[str]]:
    """Those that stand there as words, and the functions that make theirs on the way."""
    known, unread = set[str](), set[str]()
    for folder in PLACES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for place, function in _functions(path):
                found, all_of_them = _written(function)
                known |= found
                if not all_of_them:
                    unread.add(place)
    return known, unread


def _functions(path: Path) -> Iterator[tuple[str, ast.AsyncFunctionDef | ast.FunctionDef]]:
    name = path.relative_to(ROOT).with_suffix("").as_posix()
    module = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    for node in (*module.body, *(one for a_class in classes for one in a_class.body)):
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
            yield f"{name}:{node.name}", node


def _written(function: ast.AST) -> tuple[set[str], bool]:
    found, every = set[str](), True
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func).rpartition(".")[2]
        if name not in WRITERS or not _is_of_the_audit(call):
            continue
        for value in _told(call, name):
            names = _names(value, function)
            found |= names or set()
            every = every and names is not None
    return found, every


def _is_of_the_audit(call: ast.Call) -> bool:
    """Others note and tell things, too: an audit's action has a dot, or is called so."""
    words = [one for one in call.args if isinstance(one, ast.Constant | ast.JoinedStr | ast.Name)]
    return any(
        (isinstance(one, ast.Constant) and isinstance(one.value, str) and "." in one.value)
        or (isinstance(one, ast.JoinedStr) and "." in ast.unparse(one))
        or (isinstance(one, ast.Name) and one.id == "action")
        for one in words
    )


def _told(call: ast.Call, name: str) -> Iterator[ast.expr]:
    """What may be a mapping: named ones, and those that stand after the action and its object."""
    for word in call.keywords:
        if word.arg in {"before", "after"} or (name == "note" and word.arg is None):
            yield word.value
        elif name == "note" and word.arg != "clock":
            yield ast.Dict([ast.Constant(word.arg)], [word.value])
    if name in {"tell", "audit"}:
        yield from call.args[3:]


def _names(value: ast.expr, function: ast.AST) -> set[str] | None:
    """None where the keys are not written there."""
    match value:
        case ast.Constant(value=None):
            return set()
        case ast.Dict(keys=keys) if all(isinstance(one, ast.Constant) for one in keys):
            return {str(one.value) for one in keys if isinstance(one, ast.Constant)}
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            return _both(_names(one, function), _names(other, function))
        case ast.BoolOp(values=[first, *_]):
            return _names(first, function)
        case ast.Name(id=name):
            return _assigned(name, function)
        case _:
            return None


def _assigned(name: str, function: ast.AST) -> set[str] | None:
    found: set[str] | None = None
    for target, value in _assignments(function):
        if ast.unparse(target) == name:
            found = _both(found or set(), _names(value, function))
            if found is None:
                return None
    return found


def _assignments(function: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in ast.walk(function):
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield node.target, node.value
        elif isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                yield from zip(target.elts, value.elts, strict=True)
            else:
                yield target, value


def _both(one: set[str] | None, other: set[str] | None) -> set[str] | None:
    return None if one is None or other is None else one | other
