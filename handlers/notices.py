"""Tells the shop's own people, in their own chats, what waits for them.

A notice is a draft in another conversation, so it cannot ride on the effects of what it tells: it
is ingested, under an id that derives from its cause and the chat it goes to. Told again after a
crash, it is known already.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import structs

from config.packs import Pack
from events.contents import Choice, Template
from events.effects import NOTHING, Outcome, Retry
from events.happened import Happened, following, named
from events.manners import HandedOver, OrderChanged
from events.stream import PartitionFull, Stream
from events.vocabulary import ReplyDrafted
from handlers.reach import Reach, template_of
from handlers.summary import short
from handlers.word import ref_of
from services.clock import Clock, now
from text.prices import written
from text.visitors import visitor

REMEMBER_S: Final = 48 * 3600
FULL_S: Final = 1.0
PARAMETER: Final = 300
PHONES: Final = "s.whatsapp.net"


@dataclass(frozen=True, slots=True)
class Staff:
    """A chat of the shop's own people."""

    account: str
    chat: str

    @classmethod
    def read(cls, written_as: str) -> "Staff":
        """As in the settings, "telegram:main:123456"; a phone of a WhatsApp on the web is written
        like everywhere else and addressed as that network does."""
        network, name, chat = written_as.split(":", 2)
        bare = network == "whatsapp" and "@" not in chat
        return cls(f"{network}:{name}", f"{chat}@{PHONES}" if bare else chat)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told; `brief` is the one line that a template has room for."""

    text: str
    brief: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Notices:
    """`known_as` is the name by which a chat's conversation goes."""

    staff: Sequence[Staff]
    pack: Pack
    stream: Stream
    reach: Reach
    known_as: Callable[[str, str], Awaitable[str]]
    site: str = ""
    template: str | None = None
    clock: Clock = now

    async def on_hand_over(self, handed: HandedOver) -> Outcome:
        return await self.tell(handed, handed_over(handed, self.pack, self.site))

    async def on_order(self, changed: OrderChanged) -> Outcome:
        notice = ordered(changed, self.pack, self.site)
        return await self.tell(changed, notice) if notice is not None else NOTHING

    async def tell(self, cause: Happened, notice: Notice) -> Outcome:
        """Each of them once, however often the same cause is told."""
        try:
            for one in self.staff:
                await self.stream.ingest(
                    await self._draft(cause, one, notice), remember_s=REMEMBER_S
                )
        except PartitionFull as full:
            return Retry(FULL_S, str(full))
        return NOTHING

    async def _draft(self, cause: Happened, to: Staff, notice: Notice) -> ReplyDrafted:
        known_as = await self.known_as(to.account, to.chat)
        conversation = named(to.account, "conversation", known_as)
        template = self._template(notice)
        composed = await self.reach.composed(to.account, conversation, notice.text, template)
        envelope = following(cause, told_to(to), self.clock())
        envelope["account"], envelope["conversation"] = to.account, conversation
        envelope["turn"] = None
        return ReplyDrafted(
            **envelope,
            customer=named(str(cause.shop), to.account.partition(":")[0], "customer", known_as),
            chat=to.chat,
            text=notice.text,
            parts=composed.parts,
            marks=composed.marks,
            choices=notice.choices if composed.parts else (),
            extras=composed.extras,
            purpose="notice",
        )

    def _template(self, notice: Notice) -> Template | None:
        template = template_of(self.template) if notice.brief else None
        if template is None:
            return None
        return structs.replace(template, parameters=(short(notice.brief, PARAMETER),))


def told_to(one: Staff) -> str:
    """What a notice to them is called; its id derives from that, and from its cause."""
    return f"notice:{one.account}:{one.chat}"


def handed_over(handed: HandedOver, pack: Pack, site: str) -> Notice:
    slots = {"summary": "\n".join(handed.summary), "ref": ref_of(handed.conversation)}
    slots |= _link(handed, site)
    return Notice(
        _say(pack, "staff_notice", slots),
        brief=f"{handed.name or _told(handed.chat)}: {handed.question}",
        choices=(
            _choice(pack, f"word:take:{handed.conversation}", "staff_take"),
            _choice(pack, f"word:give:{handed.conversation}", "staff_give"),
        ),
    )


def ordered(changed: OrderChanged, pack: Pack, site: str) -> Notice | None:
    """A receipt waits for a person's word; how it ended is told in a line."""
    total = written(changed.total, changed.currency)
    slots = {"total": total, "chat": _told(changed.chat)} | _link(changed, site)
    match changed.state:
        case "receipt":
            lines = "\n".join(f"• {line.quantity} × {line.name}" for line in changed.lines)
            return Notice(
                _say(pack, "staff_receipt", slots | {"lines": lines}),
                brief=f"{_told(changed.chat)}: {total}",
                choices=(
                    _choice(pack, f"order:paid:{changed.order}", "staff_money"),
                    _choice(pack, f"order:reject:{changed.order}", "staff_no_money"),
                ),
            )
        case "paid":
            by = {"by": changed.by} if changed.by else {}
            return Notice(_say(pack, "staff_paid", slots | by))
        case "expired":
            return Notice(_say(pack, "staff_expired", slots))
        case _:
            return None


def _told(chat: str) -> str:
    """As the pages call them."""
    return visitor(chat) or chat


def _link(about: Happened, site: str) -> dict[str, str]:
    return {"link": f"{site}/conversaciones/{about.conversation}"} if site else {}


def _choice(pack: Pack, action: str, title: str) -> Choice:
    return Choice(id=action, title=_say(pack, title, {}))


def _say(pack: Pack, name: str, slots: dict[str, str]) -> str:
    return pack.answers[name].say(pack.identity.language, slots)
