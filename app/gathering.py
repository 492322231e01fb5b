"""What an account is made of: from the command line, the environment, what is stored, or asked for.

Secrets never come from the command line, where every process of the machine can read them.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import typer

from app.console import USAGE, asking, refuse, talk
from app.networks import Network
from text.guessing import meant


@dataclass(frozen=True, slots=True)
class Gathered:
    """`found` says where each came from, for the person at the terminal."""

    options: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, str]:
        return self.options | self.secrets


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands on the command line: `FIELD=VALUE` and `FIELD=VARIABLE`."""

    options: Sequence[str] = ()
    variables: Sequence[str] = ()


def gather(network: Network, account: str, asked: Asked, before: Gathered) -> Gathered:
    """An option without a value is taken back. Refuses with what is missing and how to give it."""
    given = Gathered(dict(before.options), dict(before.secrets))
    for name, value in _pairs(asked.options, "--option", network.options, network).items():
        _put(network, given, name, (value, "the command line"))
    named = _pairs(asked.variables, "--secret-env", network.options | network.secrets, network)
    for name in network.needs:
        if name not in named and name not in given.options:
            named |= {name: usual} if os.environ.get(usual := network.variable(name)) else {}
    for name, variable in named.items():
        if not (value := os.environ.get(variable, "").strip()):
            why = f"it should hold {name} of {account}"
            refuse(f"{variable} is empty", why, f"export {variable}=…", code=USAGE)
        _put(network, given, name, (value, variable))
    _ask(network, account, given)
    return given


def _pairs(
    words: Sequence[str], option: str, known: frozenset[str], network: Network
) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if name in network.secrets and name not in known:
            why = "other programs can read a command line"
            hint = f"--secret-env {name}=VARIABLE, or let yourself be asked"
            refuse(f"{name} is a secret", why, hint, code=USAGE)
        if name not in known:
            hint = f"{option} FIELD=…, where FIELD is one of: {', '.join(sorted(known))}"
            why = meant(name, known)
            refuse(f"{option} {name} says nothing to {network.name}", why, hint, code=USAGE)
        if not equals:
            refuse(f"{option} {name} has no value", hint=f"{option} {name}=…", code=USAGE)
        found[name] = value.strip()
    return found


def _put(network: Network, given: Gathered, name: str, origin: tuple[str, str]) -> None:
    value, place = origin
    part = given.secrets if name in network.secrets else given.options
    part.pop(name, None)
    if value:
        part[name] = value
        given.found[name] = place


def _ask(network: Network, account: str, given: Gathered) -> None:
    missing = [name for name in network.needs if name not in given.all]
    if missing and not sys.stdin.isatty():
        names = ", ".join(network.variable(name) for name in missing)
        why = f"not set: {names}; and there is no terminal to ask on"
        hint = f"set it, or name another variable: --secret-env {missing[0]}=VARIABLE"
        refuse(f"{account} needs its {', '.join(missing)}", why, hint, code=USAGE)
    for name in missing:
        hidden = name in network.secrets
        with asking():
            what = f"{account}: {network.needs[name]}"
            value = typer.prompt(what, hide_input=hidden, err=True)
        _put(network, given, name, (value.strip(), "you"))


def tell_origins(given: Gathered, before: Mapping[str, str]) -> None:
    for name, place in given.found.items():
        talk.print(f"  {name} from {place}", markup=False)
    for name in sorted(before.keys() - given.found.keys()):
        talk.print(f"  {name} as it was", markup=False)
