"""Who may do what: one table. Roles belong to a person in one shop; `service` is an API key, whose
scopes narrow it further; `customer` is somebody who came by a link of their own."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Literal, TypeAlias

Role: TypeAlias = Literal["admin", "owner", "seller", "viewer", "customer", "service"]


class Perm(StrEnum):
    ALERT_READ = "alert.read"
    ALERT_WRITE = "alert.write"
    AUDIT_READ = "audit.read"
    BOT_ASK = "bot.ask"
    BOT_PAUSE = "bot.pause"
    CATALOGUE_READ = "catalogue.read"
    CATALOGUE_WRITE = "catalogue.write"
    CONVERSATION_READ = "conversation.read"
    CONVERSATION_WRITE = "conversation.write"
    COST_READ = "cost.read"
    CUSTOMER_ERASE = "customer.erase"
    CUSTOMER_EXPORT = "customer.export"
    CUSTOMER_READ = "customer.read"
    CUSTOMER_WRITE = "customer.write"
    DOCUMENT_READ = "document.read"
    DOCUMENT_WRITE = "document.write"
    EVALUATION_READ = "evaluation.read"
    EVALUATION_WRITE = "evaluation.write"
    EXAMPLE_READ = "example.read"
    EXAMPLE_WRITE = "example.write"
    KEY_WRITE = "key.write"
    MEMBER_WRITE = "member.write"
    MODEL_ACTIVATE = "model.activate"
    MODEL_READ = "model.read"
    ORDER_DECIDE = "order.decide"
    ORDER_READ = "order.read"
    OWN_DATA = "own.data"
    PII_REVEAL = "pii.reveal"
    QUALITY_READ = "quality.read"
    REPORT_READ = "report.read"
    REVIEW_WRITE = "review.write"
    RISK_READ = "risk.read"
    RISK_REVIEW = "risk.review"
    RISK_TRAIN = "risk.train"
    SETTINGS_READ = "settings.read"
    SETTINGS_WRITE = "settings.write"
    SYSTEM_READ = "system.read"
    TERM_READ = "term.read"
    TERM_WRITE = "term.write"
    TRACE_READ = "trace.read"
    TRAINING_READ = "training.read"
    TRAINING_WRITE = "training.write"


VIEWER: Final = frozenset(
    {
        Perm.CATALOGUE_READ,
        Perm.CONVERSATION_READ,
        Perm.CUSTOMER_READ,
        Perm.DOCUMENT_READ,
        Perm.EXAMPLE_READ,
        Perm.ORDER_READ,
        Perm.QUALITY_READ,
        Perm.REPORT_READ,
        Perm.SETTINGS_READ,
        Perm.TERM_READ,
    }
)
SELLER: Final = VIEWER | {
    Perm.BOT_ASK,
    Perm.BOT_PAUSE,
    Perm.CATALOGUE_WRITE,
    Perm.CONVERSATION_WRITE,
    Perm.CUSTOMER_WRITE,
    Perm.DOCUMENT_WRITE,
    Perm.EXAMPLE_WRITE,
    Perm.ORDER_DECIDE,
    Perm.PII_REVEAL,
    Perm.REVIEW_WRITE,
    Perm.TERM_WRITE,
}
OWNER: Final = SELLER | {
    Perm.ALERT_READ,
    Perm.AUDIT_READ,
    Perm.COST_READ,
    Perm.CUSTOMER_ERASE,
    Perm.CUSTOMER_EXPORT,
    Perm.KEY_WRITE,
    Perm.MEMBER_WRITE,
    Perm.MODEL_READ,
    Perm.RISK_READ,
    Perm.RISK_REVIEW,
    Perm.SETTINGS_WRITE,
    Perm.TRAINING_READ,
}
ADMIN: Final = frozenset(Perm) - {Perm.OWN_DATA}
SERVICE: Final = ADMIN - {Perm.KEY_WRITE, Perm.MEMBER_WRITE, Perm.PII_REVEAL}

GRANTS: Final[Mapping[Role, frozenset[Perm]]] = {
    "admin": ADMIN,
    "owner": OWNER,
    "seller": SELLER,
    "viewer": VIEWER,
    "customer": frozenset({Perm.OWN_DATA}),
    "service": SERVICE,
}

SCOPES: Final[Mapping[str, frozenset[Perm]]] = {
    "reading": VIEWER | {Perm.ALERT_READ, Perm.COST_READ, Perm.MODEL_READ, Perm.TRAINING_READ},
    "serving": frozenset(
        {
            Perm.BOT_ASK,
            Perm.CATALOGUE_READ,
            Perm.CATALOGUE_WRITE,
            Perm.CONVERSATION_READ,
            Perm.CONVERSATION_WRITE,
            Perm.CUSTOMER_READ,
            Perm.DOCUMENT_READ,
            Perm.DOCUMENT_WRITE,
            Perm.ORDER_DECIDE,
            Perm.ORDER_READ,
            Perm.TERM_READ,
        }
    ),
    "training": frozenset(
        {
            Perm.EVALUATION_READ,
            Perm.EVALUATION_WRITE,
            Perm.EXAMPLE_READ,
            Perm.EXAMPLE_WRITE,
            Perm.MODEL_READ,
            Perm.QUALITY_READ,
            Perm.REVIEW_WRITE,
            Perm.TERM_READ,
            Perm.TRAINING_READ,
            Perm.TRAINING_WRITE,
        }
    ),
    "rollout": frozenset({Perm.MODEL_ACTIVATE, Perm.MODEL_READ, Perm.QUALITY_READ}),
    "risk": frozenset({Perm.RISK_READ, Perm.RISK_REVIEW, Perm.RISK_TRAIN}),
}
"""What keys are made for: one that serves customers cannot train, one that trains cannot serve, and
no other reads what a person's risk is."""


def is_scope(name: str) -> bool:
    return name in SCOPES or name in SERVICE


def allowed(scopes: Iterable[str]) -> frozenset[Perm]:
    """What scopes open together; one that this release does not know opens nothing."""
    names = tuple(scopes)
    single = {permission for permission in SERVICE if permission.value in names}
    return frozenset(single).union(*(SCOPES.get(name, frozenset()) for name in names)) & SERVICE
