"""How the bot behaves towards people: when it waits, is silent, writes first; what it may spend."""

import re
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from config import opening

FOR_GOOD_S = 30 * 86_400
"""Until somebody gives the bot the word; an abandoned conversation comes back by itself."""


def _hours(week: dict[str, str]) -> dict[str, str]:
    opening.week_of(week)
    return week


def _zone(name: str) -> str:
    return opening.zone_of(name).key


def _unofficial(account: str) -> bool:
    return account.startswith("whatsapp:")


def _staff(chats: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [one for one in chats if re.fullmatch(r"[^:\s]+:[^:\s]+:\S+", one) is None]
    if wrong:
        raise ValueError(f"{wrong[0]!r}: a chat is written network:account:chat")
    return chats


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TurnSettings(Section):
    """How long a turn stays open for more, after its last message. `patience` multiplies all waits;
    0 answers every message at once. `replies_per_minute` bounds the bot's answers in one
    conversation; 0 is no bound.
    """

    patience: float = Field(default=1.0, ge=0, le=5)
    quick_ms: int = Field(default=1950, ge=0)
    usual_ms: int = Field(default=4500, ge=0)
    unfinished_ms: int = Field(default=5700, ge=0)
    typing_ms: int = Field(default=6000, ge=0)
    longest_ms: int = Field(default=60_000, ge=0)
    replies_per_minute: int = Field(default=20, ge=0)


class TakeoverSettings(Section):
    """`staff` are the chats of the shop's own people, "telegram:main:123456": they get notices and
    give commands."""

    silence_s: int = Field(default=3600, ge=1)
    staff: Annotated[tuple[str, ...], AfterValidator(_staff)] = ()

    def is_staff(self, account: str, chat: str, *names: str) -> bool:
        """`names` are others of the chat's; those of a phone's end in the network's domain."""
        known = {chat, chat.partition("@")[0], *names}
        return any(f"{account}:{name}" in self.staff for name in known)


class HandOverSettings(Section):
    """After so many `doubts` in a row a person is asked. `template` reaches a person whose window
    is closed (WhatsApp)."""

    enabled: bool = True
    doubts: int = Field(default=2, ge=1)
    silence_s: int = Field(default=12 * 3600, ge=60)
    template: str | None = None


class HoursSettings(Section):
    """When people are there: `week` maps days ("mon-fri") to "09:00-18:00", several spans by commas
    ("09:00-13:00,15:00-19:00"); empty is always, but for the `holidays`."""

    timezone: Annotated[str, AfterValidator(_zone)] = "America/Santiago"
    week: Annotated[dict[str, str], AfterValidator(_hours)] = {}
    holidays: tuple[date, ...] = ()


class MediaSettings(Section):
    """What is done with files before the turn. `hearing` and `seeing` name who reads voice notes
    and pictures; `local` is any OpenAI-compatible server at `url`."""

    hearing: Literal["auto", "groq", "openai", "local", "off"] = "auto"
    hearing_model: str | None = None
    seeing: Literal["auto", "groq", "openai", "local", "off"] = "auto"
    seeing_model: str | None = None
    url: str | None = None
    key: SecretStr | None = None
    wait_s: float = Field(default=25.0, gt=0)
    max_mb: int = Field(default=16, ge=1)
    max_voice_s: int = Field(default=300, ge=1)
    max_pages: int = Field(default=30, ge=1)
    sure: float = Field(default=0.5, ge=0, le=1)
    keep: bool = True


class OrderSettings(Section):
    """How an order is paid: by `link` ({order} and {total} are filled in), by `transfer` (the text
    with the account's data), or both."""

    enabled: bool = True
    link: str | None = None
    transfer: str | None = None
    expires_h: float = Field(default=24.0, gt=0)


class FollowUpSettings(Section):
    """One message after `after_h` hours of a customer's silence. `hours` and `days`, of the shop's
    own time, are when anybody is written to first."""

    enabled: bool = False
    after_h: float = Field(default=4.0, gt=0)
    hours: str = "09:00-20:00"
    days: str = "mon-sat"


class RatingSettings(Section):
    """Whether thumbs stand under answers, and whether customers are asked how content they are
    (`csat`): once, after `csat_after_h` hours of silence, within the hours of `followups`, and not
    again for `csat_again_days`; 0 is never again."""

    buttons: bool = False
    csat: bool = False
    csat_after_h: float = Field(default=2.0, gt=0, lt=24)
    csat_again_days: int = Field(default=90, ge=0)


class OutreachSettings(Section):
    """What is written first: at most so many messages in any 24 hours and account, one every
    `every_s`, give or take `jitter` of it. WhatsApp by QR, unofficial, has its own, lower ones.
    `template` ("name:es") is what WhatsApp takes when its window is closed. `message_usd` is what
    the network asks for a message.
    """

    per_day: int = Field(default=250, ge=0)
    every_s: float = Field(default=3.0, gt=0)
    unofficial_per_day: int = Field(default=20, ge=0)
    unofficial_every_s: float = Field(default=60.0, gt=0)
    jitter: float = Field(default=0.5, ge=0, le=1)
    template: str | None = None
    message_usd: float = Field(default=0.0, ge=0)

    def cap(self, account: str) -> int:
        return self.unofficial_per_day if _unofficial(account) else self.per_day

    def pause_s(self, account: str, luck: float) -> float:
        """Until the next one; `luck` is between 0 and 1."""
        every_s = self.unofficial_every_s if _unofficial(account) else self.every_s
        return every_s * (1 + self.jitter * (2 * luck - 1))


class PaceSettings(Section):
    """So many turns of one customer are answered, in any five minutes and any day; 0 is no bound.
    What comes beyond is kept, and a person is still called."""

    in_5_minutes: int = Field(default=20, ge=0, le=10_000)
    a_day: int = Field(default=200, ge=0, le=100_000)


UNPACED: Final = PaceSettings(in_5_minutes=0, a_day=0)
"""Of whoever plays customers: a script says in seconds what people say in days."""


class BudgetSettings(Section):
    """What hosted models may cost a day, in US dollars; 0 is no bound. Both hold until somebody in
    charge of the shop chooses others, which are never above the `most` where there is one. `prices`
    maps a model to its price of a million tokens read and written, or of a minute heard ([x])."""

    shop_usd: float = Field(default=0.0, ge=0)
    customer_usd: float = Field(default=0.0, ge=0)
    shop_most_usd: float = Field(default=0.0, ge=0)
    customer_most_usd: float = Field(default=0.0, ge=0)
    prices: dict[str, tuple[float, ...]] = {}
    unknown_price: tuple[float, float] = (1.0, 4.0)

    @property
    def bounded(self) -> bool:
        return self.shop_usd > 0 or self.customer_usd > 0

    def holding(self, shop_usd: float | None = None, customer_usd: float | None = None) -> Self:
        """With what was chosen; None is as it stands here."""
        shop = self.shop_usd if shop_usd is None else shop_usd
        customer = self.customer_usd if customer_usd is None else customer_usd
        return self.model_copy(
            update={
                "shop_usd": _at_most(shop, self.shop_most_usd),
                "customer_usd": _at_most(customer, self.customer_most_usd),
            }
        )


def _at_most(usd: float, most: float) -> float:
    """0 is no bound, of either."""
    return min(usd or most, most) if most else usd
