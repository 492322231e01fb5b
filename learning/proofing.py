"""What code finds in a proposed answer: five checks, each of which explains itself. Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from config.insults import insults
from config.packs import Pack
from knowledge.policies import ruled
from knowledge.validators import validate
from knowledge.verify import UNSAID, Evidence
from text.injection import suspicions
from text.rudeness import rude

SHORTEST, LONGEST = 2, 1_000
"""Letters of an answer; a longer one is read by nobody in a chat."""
VOUCHED: Final = "facts"
"""The one check that a person may overrule: they know their shop better than its files do."""
CLAIMS: Final = {
    "price": "a price or amount",
    "percent": "a percentage",
    "date": "a date",
    "phone": "a phone number",
    "link": "a link to where nobody may be sent",
    "email": "an e-mail address",
    "stock": "how many are left",
    "identity": "a number of somebody's papers, card or account",
    "instalments": "a number of instalments",
    "measure": "how large or heavy something is",
    "promise": "that money is given back",
    "mark": "data of the customer's where they are not meant",
    "action": "something the bot cannot have done",
}
KINDS: Final = {"clp": "an amount", "uf": "an amount in UF", "date": "a date", "sum": "a sum"}
_TAG: Final = re.compile(r"\[[A-Z][A-Z_]{0,30}_[0-9]{1,6}\]")


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    why: str = ""

    def told(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a proposal is held against. `tags` stand for personal data that the conversation itself
    holds, so that they may be repeated."""

    pack: Pack
    evidence: Evidence
    locale: str = "es"
    tags: Collection[str] = ()


def proofread(text: str, known: Grounds) -> list[Check]:
    """Of a text whose personal data is masked already."""
    found = {
        "length": _length(text),
        "injection": _injected(text, known),
        "privacy": _personal(text, known),
        "policies": _forbidden(text, known),
        "facts": _unsupported(text, known),
    }
    return [_check(name, why) for name, why in found.items()]


def failed(checks: list[Check], *, vouched: bool = False) -> list[Check]:
    """Those that stand in the way."""
    return [one for one in checks if not one.ok and not (vouched and one.name == VOUCHED)]


def _check(name: str, why: Iterator[str]) -> Check:
    told = "; ".join(why)
    return Check(name, not told, told)


def _length(text: str) -> Iterator[str]:
    letters = len(text.strip())
    if letters < SHORTEST:
        yield "it says nothing"
    elif letters > LONGEST:
        yield f"it has {letters} letters, {LONGEST} are the most that anybody reads in a chat"


def _injected(text: str, known: Grounds) -> Iterator[str]:
    for one in suspicions(text):
        yield f"it reads like an order to a model ({one.rule}): «{one.text}»"
    if known.evidence.guard.leaks(text, [one.text for one in known.evidence.sources]):
        yield "it tells the instructions of the bot"


def _personal(text: str, known: Grounds) -> Iterator[str]:
    strange = sorted(set(_TAG.findall(text)) - set(known.tags))
    if strange:
        yield (
            f"it holds personal data ({', '.join(strange)}) that the conversation does not: every"
            " customer with the same question would get it"
        )


def _forbidden(text: str, known: Grounds) -> Iterator[str]:
    broken = ruled(text, known.pack, known.locale).broken
    if broken:
        yield f"the policy «{broken}» of the pack {known.pack.name} forbids it"
    wares = [one.title for one in known.evidence.sources if one.kind == "product"]
    for word in rude(text, insults(), wares):
        yield f"no customer may be told «{word}»"
    for word in known.evidence.unsaid(text):
        yield f"the glossary says never to say «{word}»"


def _unsupported(text: str, known: Grounds) -> Iterator[str]:
    text = _TAG.sub("", text)
    for claim in known.evidence.unsupported(text):
        if claim == UNSAID:
            continue
        what = CLAIMS.get(claim, claim)
        yield f"it states {what} that neither the catalogue nor the documents of the reply hold"
    for fault in validate(text, known.pack, known.evidence.sources):
        if fault.rule in {"sum", "date"}:
            yield f"{KINDS[fault.rule]} is wrong: «{fault.text}»: {fault.why}"
