"""The flow, as data: which stage reacts to which event. To know who reads what, read this."""

from collections.abc import Sequence
from typing import Any

from app.money import prompted
from app.parts import Parts
from capture.heralding import Heralded
from evaluation.exemplars import Exemplars
from events.effects import Handler
from events.happened import Happened
from events.manners import (
    ConsentChanged,
    FollowUpDue,
    HandedOver,
    MediaRead,
    MediaWanted,
    OrderChanged,
    OrderDue,
    SatisfactionDue,
    SatisfactionGiven,
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
    ReplyScored,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
    TurnReady,
    UpdateUnsupported,
)
from handlers import takeover
from handlers.satisfaction import NEWS

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
        SatisfactionGiven,
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
        *_writing_first(parts),
        *_asking(parts),
        Lanes("media", {MediaWanted: parts.media.on_wanted}),
        *_noticing(parts),
        Lanes("orders", {OrderDue: parts.payments.on_due}),
        Batches("capture", CAPTURED, Heralded(parts.recorder.on_batch, parts.news).on_batch),
        Batches(
            "evaluation",
            frozenset({FollowUpCaptured}),
            Heralded(parts.scorer.on_batch, parts.news).on_batch,
        ),
        *_learning(parts),
        *listeners,
    ]


def _learning(parts: Parts) -> list[Stage]:
    """Only where a model reads prompts."""
    if not prompted(parts.settings):
        return []
    return [
        Batches("examples", frozenset({ReplyScored}), Exemplars(parts.store).on_batch),
        Lanes("shadow", {ReplyDispatched: parts.shadow.on_reply}),
    ]


def _noticing(parts: Parts) -> list[Stage]:
    """Only where somebody is to be told."""
    found = parts.notices
    if found is None:
        return []
    return [
        Lanes("notices", {HandedOver: found.on_hand_over, OrderChanged: found.on_order}),
        Lanes("staff", {MessageReceived: parts.staff.on_message}),
    ]


def _asking(parts: Parts) -> list[Stage]:
    """Only where customers are asked how content they are."""
    found = parts.satisfaction
    if found is None:
        return []
    handlers: dict[type[Happened], Handler[Any]] = dict.fromkeys(NEWS, found.on_news)
    handlers |= {
        MessageReceived: found.on_news,
        ReplyDispatched: found.on_reply,
        SatisfactionDue: found.on_due,
    }
    return [Lanes("satisfaction", handlers)]


def _writing_first(parts: Parts) -> list[Stage]:
    """Every message passes it, so it stands only where it is wanted."""
    follow_ups = parts.follow_ups
    if follow_ups is None:
        return []
    news = (MessageReceived, HandedOver, SilenceChanged, ConsentChanged, OrderChanged)
    handlers: dict[type[Happened], Handler[Any]] = dict.fromkeys(news, follow_ups.on_news)
    handlers |= {ReplyDispatched: follow_ups.on_reply, FollowUpDue: follow_ups.on_due}
    return [Lanes("follow-ups", handlers)]
