"""When two spellings of a phone number are one number. For matching only: never send to a key.

Networks keep what a country has changed since: Mexico dropped its 1, Brazil added a 9, Argentina
writes its 9 only from abroad.
"""

import re

_FORMATTING = re.compile(r"[\s().\-/\u2010-\u2015]|^\+|^00")
_NUMBER = re.compile(r"[1-9]\d{6,14}", re.ASCII)
_MEXICO = re.compile(r"521(\d{10})", re.ASCII)
_ARGENTINA = re.compile(r"549(\d{10})", re.ASCII)
_BRAZIL = re.compile(r"55([1-9]\d)([6-9]\d{7})", re.ASCII)


def matching_key(number: str) -> str | None:
    """The same for all spellings of an international number; None when it is not one."""
    digits = _FORMATTING.sub("", _FORMATTING.sub("", number.strip()))
    if _NUMBER.fullmatch(digits) is None:
        return None
    if found := _MEXICO.fullmatch(digits):
        return f"52{found[1]}"
    if found := _ARGENTINA.fullmatch(digits):
        return f"54{found[1]}"
    if found := _BRAZIL.fullmatch(digits):
        return f"55{found[1]}9{found[2]}"
    return digits
