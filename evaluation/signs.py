"""What customers and the shop's people say of a reply without words about it."""

from collections.abc import Iterable, Sequence
from typing import Final

from evaluation.combining import HAND_OVER, RECONTACT, SILENCE
from evaluation.scoring import NO_SIGNAL, Evidence, Judgement
from text.folding import plain_emoji
from text.lexemes import content_words, lexeme

_LOVED: Final = frozenset("❤🧡💛💚💙💜🖤🤍🤎😍🥰🔥🎉💯🏆🤩🥳💖💕💘")
_LIKED: Final = frozenset("👍👏🙏👌🤝😊😁😀😃😄🙂💪✅🤗😎🤲⚡🙌🫶👊")
_DISLIKED: Final = frozenset("👎😢😭🙁☹😕😞😒🙄😔😤")
_HATED: Final = frozenset("😡🤬💩🤮🤡🖕😠")
_WEIGHTS: Final = {5: 2.5, 4: 1.5, 2: -1.5, 1: -2.5}
_GRADES: Final = {
    **dict.fromkeys(_HATED, 1),
    **dict.fromkeys(_DISLIKED, 2),
    **dict.fromkeys(_LIKED, 4),
    **dict.fromkeys(_LOVED, 5),
    "👎": 1,
}
_SURE: Final = {5: 0.8, 4: 0.7, 2: 0.6, 1: 0.85}
_SAME_AT: Final = 0.75
_LEAST_WORDS: Final = 2

SILENT: Final = Judgement(None, SILENCE, 0.0, successful=False, evidence=())
ASKED_AGAIN: Final = 0.55
CALLED: Final = 0.5
_CORRECTED, _REJECTED = 2, 1


def reacted(emojis: Iterable[str]) -> Judgement:
    """Of several people's reactions the worst counts; laughter and surprise say nothing."""
    signs = (plain_emoji(one) for one in emojis if one)
    graded = [(_GRADES[sign], sign) for sign in signs if sign in _GRADES]
    if not graded:
        return NO_SIGNAL
    score, sign = min(graded)
    evidence = Evidence("reaction", sign, _WEIGHTS[score])
    return Judgement(score, "reaction", _SURE[score], successful=False, evidence=(evidence,))


def asked_again(question: str, later: Sequence[str]) -> Judgement:
    """Who comes back with the same question was not helped by the answer."""
    again = next((one for one in later if same_question(question, one)), None)
    if again is None:
        return NO_SIGNAL
    evidence = Evidence(RECONTACT, again, -1.5)
    return Judgement(2, RECONTACT, ASKED_AGAIN, successful=False, evidence=(evidence,))


def same_question(one: str, other: str) -> bool:
    """By their words without those that every question has; a greeting is no question."""
    left, right = _words(one), _words(other)
    if min(len(left), len(right)) < _LEAST_WORDS:
        return False
    return len(left & right) / len(left | right) >= _SAME_AT


def called(reason: str) -> Judgement:
    """A person was asked for before the bot spoke again."""
    evidence = Evidence(HAND_OVER, reason, -1.2)
    return Judgement(2, "asks_human", CALLED, successful=False, evidence=(evidence,))


def edited(*, corrected: bool, rejected: bool) -> Judgement:
    """What was sent, not what a person would have sent: the correction itself is a good answer."""
    if not (corrected or rejected):
        return NO_SIGNAL
    score, label = (_REJECTED, "rejected") if rejected else (_CORRECTED, "corrected")
    evidence = Evidence(label, "", -2.5 if rejected else -1.5)
    return Judgement(score, label, 1.0, successful=False, evidence=(evidence,))


def labelled(scores: Sequence[int | None]) -> Judgement:
    """What people say, the lower middle of several; no score where most say it tells nothing."""
    given = sorted(score for score in scores if score is not None)
    if 2 * len(given) <= len(scores):
        return Judgement(None, "labelled", 1.0, successful=False, evidence=())
    score = given[(len(given) - 1) // 2]
    told = Evidence("labelled", ", ".join(map(str, given)), float(score - 3))
    return Judgement(score, "labelled", 1.0, successful=False, evidence=(told,))


def _words(text: str) -> frozenset[str]:
    return frozenset(map(lexeme, content_words(text)))
