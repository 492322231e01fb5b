"""What is done with a question that the network takes no free answer to any more."""

from datetime import datetime, timedelta

from events.contents import Template
from events.happened import Happened, caused_by, following
from events.manners import ConsentChanged
from events.vocabulary import ReplyDrafted, ReplyWithheld, TurnReady


def too_late(turn: TurnReady, window_s: int | None, at: datetime) -> bool:
    """No answer is made then, and none is paid for."""
    asked = turn.messages[-1].at if turn.messages else turn.at
    return window_s is not None and at - asked >= timedelta(seconds=window_s)


def instead(
    turn: TurnReady, left: ConsentChanged | None, template: Template | None, at: datetime
) -> list[Happened]:
    """That an answer was withheld, which is seen, and what the network still takes: a template
    brings the customer back, unless they have just forbidden it."""
    reply = caused_by(turn.turn or turn.id, f"reply:{turn.revision}")
    envelope = following(turn, "withheld", at, of=reply)
    withheld = ReplyWithheld(**envelope, reply=reply, reason="window")
    if left is not None:
        return [left, withheld]
    if template is None:
        return [withheld]
    offered = following(turn, "template", at, of=reply) | {"turn": None}
    draft = ReplyDrafted(
        **offered,
        customer=turn.customer,
        chat=turn.chat,
        thread=turn.thread,
        text=template.name,
        parts=(),
        extras=(template,),
        sensitive=True,
        purpose="follow_up",
    )
    return [withheld, draft]
