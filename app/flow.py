"""The flow, as data: which stage reacts to which event. To know who reads what, read this."""

from collections.abc import Sequence

from app.parts import Parts
from events.happened import Happened
from events.manners import (
    ConsentChanged,
    HandedOver,
    MediaRead,
    MediaWanted,
    OrderChanged,
    OrderDue,
    SilenceChanged,
)
from events.stages import Batches, Lanes, Stage
from events.vocabulary import (
    DeliveryUpdated,
    FollowUpCaptured,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReachabilityChanged,
    ReactionChanged,
    ReplyDispatched,
    ReplyDrafted,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
    TurnReady,
    UpdateUnsupported,
)
from handlers import takeover

CAPTURED: frozenset[type[Happened]] = frozenset(
    {
        MessageReceived,
        MessageEdited,
        MessageDeleted,
        UpdateUnsupported,
        ReplyDispatched,
        ReplySent,
        ReplyUncertain,
        ReplyFailed,
        ReplyWithheld,
        DeliveryUpdated,
        ReactionChanged,
        ReachabilityChanged,
        SilenceChanged,
        HandedOver,
        OrderChanged,
        MediaRead,
        ConsentChanged,
    }
)


def stages(parts: Parts, listeners: Sequence[Lanes] = ()) -> list[Stage]:
    return [
        Lanes(
            "turns",
            {
                MessageReceived: parts.takeover.on_message,
                SilenceChanged: parts.takeover.on_silence,
                MediaRead: parts.turns.on_media,
            },
        ),
        Lanes(
            "reply",
            {TurnReady: parts.replier.on_turn, SilenceChanged: takeover.heard},
            supersedes=takeover.supersedes,
        ),
        Lanes("sender", fenced={ReplyDrafted: parts.sender.on_draft}),
        Lanes("media", {MediaWanted: parts.media.on_wanted}),
        Lanes("orders", {OrderDue: parts.payments.on_due}),
        Batches("capture", CAPTURED, parts.recorder.on_batch),
        Batches("evaluation", frozenset({FollowUpCaptured}), parts.scorer.on_batch),
        *listeners,
    ]
