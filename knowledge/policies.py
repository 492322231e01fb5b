"""The rules of a business over what a model wrote: what may not be said, and what must be added."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from config.packs import Pack
from config.shapes import Policy
from text.folding import fold

_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Ruled:
    """`broken` names the policy for which the answer `said` takes the text's place; `applied`
    those that added to it."""

    text: str
    broken: str = ""
    said: str = ""
    applied: tuple[str, ...] = ()


def ruled(text: str, pack: Pack, locale: str, *, own: bool = False) -> Ruled:
    """A reply as it may be sent; the business's `own` words are added to, never forbidden."""
    plain = _SPACE.sub(" ", fold(text))
    for policy in pack.policies if not own else ():
        if any(_pattern(pattern).search(plain) for pattern in policy.forbids):
            said = policy.instead or "unknown"
            return Ruled(_said(pack, said, locale), policy.name, said)
    added = [policy for policy in pack.policies if _wanted(policy, plain)]
    extra = [said for policy in added if (said := _said(pack, policy.adds or "", locale))]
    missing = [said for said in dict.fromkeys(extra) if _SPACE.sub(" ", fold(said)) not in plain]
    applied = tuple(policy.name for policy in added)
    return Ruled("\n\n".join([text, *missing]), applied=applied)


def instructions(pack: Pack) -> Iterator[str]:
    """What a model is told of them."""
    return (policy.instruction for policy in pack.policies if policy.instruction)


def _wanted(policy: Policy, plain: str) -> bool:
    return policy.about is not None and _pattern(policy.about).search(plain) is not None


def _said(pack: Pack, name: str, locale: str) -> str:
    saying = pack.answers.get(name)
    return saying.say(locale, {"shop": pack.identity.shop.name}) if saying is not None else ""


@lru_cache(maxsize=500)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
