"""Links, however they are written: what a person would read as an address is one.

A text is cleaned of what hides before it is looked at (`text.folding.clean`).
"""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

_ENDS: Final = (
    "com|net|org|cl|ve|co|mx|ar|pe|ec|me|io|app|shop|store|link|ly|gl|es|dev|xyz|info|online|site"
    "|top|club|biz|to|cc|tk|us|tv|uk|ru|tienda|br|uy|bo|py|cr|gt|hn|cu|pr|fr|pt|eu|cn|asia|pro|live"
    "|page|web|ai|gg|gd|click|digital|website|space|fun|icu|vip|win|bid|loan|work|world|today|cf|ga"
    "|gq|ml|pw|su|sh|st|vc|im|lol|buzz|cam|mobi|cash|money|pay|finance|zip|mov|cloud|tech"
    "|example|test|onion|local|agency|art|best|bio|blog|business|care|center|chat|codes|company"
    "|deals|delivery|design|direct|discount|email|events|exchange|express|fashion|fit|games|gift"
    "|gifts|global|group|guide|guru|help|host|ink|land|life|love|ltd|market|marketing|media|network"
    "|news|ninja|one|ooo|partners|party|photos|plus|press|promo|rent|rest|review|rip|rocks|sale"
    "|school|services|show|social|solutions|studio|style|support|systems|team|tips|tools|trade"
    "|training|ventures|video|watch|wiki|works|wtf|zone|lat|red|bet|casino|bank|app"
)
_REST: Final = r"[^\s<>\"'()\[\]{}«»]"
_PATTERNS: Final = (
    re.compile(
        rf"\b(?:h[tx]{{2}}ps?|ftp|file)\s?:\s?//{_REST}+|\bwww\d?\.{_REST}+"
        rf"|\b(?:tel|sms|mailto|javascript|vbscript|intent|geo|whatsapp|tg|bitcoin|callto):(?=\S)"
        rf"{_REST}+|\bdata:[\w.+-]*[/,;]{_REST}*|//[\w-]+\.[\w.-]+{_REST}*",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\w@.-])(?:\w(?:[\w-]*\w)?[.\u3002\uff0e])+"
        rf"(?!(?-i:Es|Me|To|Im)\b)(?:(?:{_ENDS})(?![\w@-])(?:[:/?#]{_REST}*)?|xn--[\w-]+(?:/{_REST}*)?"
        rf"|[a-z]{{2,24}}[/]{_REST}+)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\w@.-])[\w-]{{2,}}(?: ?[(\[{{] ?(?:punto|dot|\.) ?[)\]}}] ?| (?:punto|dot) | \. ?)"
        rf"(?:{_ENDS})\b(?:/{_REST}*)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<![\d.,$])(?!\d{{1,3}}(?:\.\d{{3}}){{3}})(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\d.,]\d)"
        rf"(?:[:/]{_REST}*)?",
        re.ASCII,
    ),
    re.compile(r"(?<![\w.@/+-])@[a-z][\w.]{2,}", re.IGNORECASE | re.ASCII),
)
_SIGNS: Final = tuple(
    re.compile(sign, re.IGNORECASE)
    for sign in (
        r":|//|www",
        r"[.\u3002\uff0e][^\W\d]",
        r"[(\[{] ?\.|\. ?[)\]}]| \. |\b(?:punto|dot)\b",
        r"\d\.\d{1,3}\.\d",
        "@",
    )
)
"""Without its sign a pattern need not be tried."""
_TAIL: Final = ".,;:!?…*_»"
_FORGED: Final = re.compile(r"[\\@\s]|%(?:00|2f|5c|40)", re.IGNORECASE)
"""What makes an address lead elsewhere than it seems to."""


def found(text: str) -> list[str]:
    """Every link, as it is written."""
    return [text[start:end] for start, end in places(text)]


def places(text: str) -> list[tuple[int, int]]:
    """Where they stand, none inside another."""
    taken: list[tuple[int, int]] = []
    for sign, pattern in zip(_SIGNS, _PATTERNS, strict=True):
        for match in pattern.finditer(text) if sign.search(text) else ():
            start, end = match.start(), match.start() + len(match[0].rstrip(_TAIL))
            if not any(start < other and one < end for one, other in taken):
                taken.append((start, end))
    return sorted(taken)


def site(link: str) -> str:
    """The host it leads to; "" where that is not certain."""
    address = link if "//" in link else f"//{link}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    plain = parts.scheme.lower() in {"", "http", "https"} and host.isascii()
    forged = _FORGED.search(parts.netloc) or "\\" in link
    return host.lower().rstrip(".") if plain and not forged else ""


def leads_to(link: str, sites: Collection[str]) -> bool:
    """Whether it leads to one of these sites, or below it."""
    host = site(link)
    return bool(host) and any(host == one or host.endswith(f".{one}") for one in sites)


def without(text: str, sites: Collection[str] = ()) -> str:
    """The text without the links that lead anywhere else."""
    for start, end in reversed(places(text)):
        if not leads_to(text[start:end], sites):
            text = text[:start] + text[end:]
    return text
