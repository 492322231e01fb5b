"""What some resources need besides the house: handed in by who puts the web together."""

from dataclasses import dataclass
from pathlib import Path

from config.manners import BudgetSettings
from evaluation.seen import Seen
from handlers.pausing import Pause
from handlers.payments import Payments
from handlers.word import Word
from jobs.rights import Rights
from web.chatting import Chatting
from web.entering import Doorman
from web.live import Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """`terms` is what rules know besides history, `budget` what the configuration says of money;
    `var` is where copies of customers' data lie, `links` where customers may be sent."""

    word: Word
    payments: Payments
    pause: Pause
    lines: Lines
    terms: Seen
    budget: BudgetSettings
    rights: Rights
    var: Path
    chatting: Chatting
    doorman: Doorman
    links: tuple[str, ...] = ()
