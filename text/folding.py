"""What makes two spellings the same: case, accents, stretched letters, hidden characters."""

import re
import unicodedata
from functools import lru_cache

# One character for one character, so that places in the levelled text are places in the original.
_SIMILAR = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " "
    ),
    **dict.fromkeys("\u202f\u205f\u3000\t", " "),
    **dict.fromkeys("\u2018\u2019\u00b4`\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"'),
}
_LETTER_BLOCKS = (
    range(0x41, 0x5B),
    range(0xC0, 0x250),
    range(0x1E00, 0x1F00),
    range(0xFF01, 0xFF5F),
    range(0x1D400, 0x1D800),
)


def _levels() -> dict[int, str]:
    table = {ord(sign): plain for sign, plain in _SIMILAR.items()}
    for block in _LETTER_BLOCKS:
        for code in block:
            base = unicodedata.normalize("NFKD", chr(code))[:1].lower()
            if len(base) == 1 and base.isascii():
                table.setdefault(code, base)
    return table


_LEVELS = _levels()
_LATIN = bytes(ord(_LEVELS.get(code, chr(code))) for code in range(256))
_MARKS = re.compile("[\u0300-\u036f]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}|([abdfghijkmpqstuvwxyz])\2|([a-z])\3\b")
_EMOJI_BASE = (
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf"
    "\u2b05-\u2b55\u2190-\u21ff\u231a-\u23ff\u25aa-\u25fe\u203c\u2049\u3030\u303d]"
)
EMOJI = f"{_EMOJI_BASE}(?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d{_EMOJI_BASE})*"
_TOKEN = re.compile(rf"[^\W_]+(?:'[^\W_]+)*|{EMOJI}")
# The same where there are no emoji: three times as fast, because every sign is in one small table.
_LETTER = f"[{re.escape(''.join(filter(str.isalnum, map(chr, range(256)))))}]"
_LATIN_TOKEN = re.compile(f"{_LETTER}+(?:'{_LETTER}+)*")

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]|[\u0300-\u036f]"
)
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
# A joiner or a style sign has a meaning only right after an emoji (or a keycap's digit).
_STRAY_STYLE = re.compile(rf"(?<!{_EMOJI_BASE})(?<![0-9#*\u00a9\u00ae])[\ufe0e\ufe0f]+")
_REPEATED_STYLE = re.compile("(?<=[\ufe0e\ufe0f])[\ufe0e\ufe0f]+")
_STRAY_JOINER = re.compile(
    f"(?<![\ufe0f\U0001f3fb-\U0001f3ff])(?<!{_EMOJI_BASE})\u200d+|\u200d+(?!{_EMOJI_BASE})"
)
_PILED_MARKS = re.compile("(?<=[\u0300-\u036f]{4})[\u0300-\u036f]+")
_ACCENTED = re.compile("[A-Za-z\u00c0-\u024f][\u0300-\u036f]{1,4}")
_CONTINUES = re.compile("[\u0300-\u036f\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")


@lru_cache(maxsize=500)
def level(text: str) -> str:
    """Lower case without accents, of the same length, place by place."""
    if text.isascii():
        return text.lower().replace("\t", " ")
    try:
        return text.encode("latin-1").translate(_LATIN).decode("latin-1")
    except UnicodeEncodeError:
        return text.translate(_LEVELS)


def fold(text: str) -> str:
    """Lower case without accents; ñ becomes n, as half of the customers type it."""
    folded = level(text)
    return folded if folded.isascii() else _MARKS.sub("", folded)


def squeeze(folded: str) -> str:
    """`graciasss` and `siiii` as they are in the dictionary; ll, rr, cc, nn, ee and oo may stay."""
    return _STRETCHED.sub(lambda run: run[0][0], folded)


def tokenise(text: str) -> list[str]:
    """Folded words and emoji, in order; emoji without skin tone or style."""
    folded = fold(text)
    if _is_latin(folded):
        return _LATIN_TOKEN.findall(folded)
    tokens = _TOKEN.findall(folded)
    return [token if token[0].isalnum() else plain_emoji(token) for token in tokens]


def _is_latin(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def plain_emoji(sequence: str) -> str:
    return sequence[0]


def clean(text: str, limit: int = 4000) -> str:
    """Valid UTF-8 without characters that hide or reorder text, at most `limit` long."""
    if _HIDDEN.search(text) is not None:
        text = _revealed(text)
    return text if len(text) <= limit else _clipped(text, limit)


def _revealed(text: str) -> str:
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _DROPPED.sub("", _LINE_ENDS.sub("\n", text))
    text = _STRAY_JOINER.sub("", _REPEATED_STYLE.sub("", _STRAY_STYLE.sub("", text)))
    text = _PILED_MARKS.sub("", text)
    return _ACCENTED.sub(lambda letter: unicodedata.normalize("NFC", letter[0]), text)


def _clipped(text: str, limit: int) -> str:
    """Not through the middle of an emoji or of an accented letter."""
    end = max(limit, 0)
    start = max(end - 16, 0)
    while end > start and (_CONTINUES.match(text, end) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end]
