"""Models of a lender's risk as rows, what they foretold, and what a person made of it.

A loan's prediction is of falling 90 days late within a year, an instalment's of not being paid
within 30 days of its date. Nothing here is among what look-ups may say to a customer.
"""

from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from store import app, lending, ml  # noqa: F401  rows point to them
from store.base import Base, Owned, of_a_shop, points_to

Of: TypeAlias = Literal["loan", "instalment"]
Outcome: TypeAlias = Literal["upheld", "corrected", "withdrawn"]
KINDS: Final = "kind IN ('loan', 'instalment')"
CURRENT_LOAN: Final = "current AND kind = 'loan'"
CURRENT_INSTALMENT: Final = "current AND kind = 'instalment'"


class RiskModel(Owned, Base):
    """`record` is the whole model as data, which prediction/model.py decodes; `metrics` are those
    of the part it was not trained on. Of each kind one is active at most."""

    __tablename__ = "risk_model"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "kind", "version"),
        Index(
            "uq_risk_model_active", "shop_id", "kind", unique=True, postgresql_where=text("active")
        ),
        CheckConstraint(KINDS, name="kind"),
        {"schema": ml.SCHEMA},
    )

    kind: Mapped[Of] = mapped_column(Text)
    version: Mapped[int]
    record: Mapped[dict[str, Any]] = mapped_column(JSONB, deferred=True)
    metrics: Mapped[dict[str, Any]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(server_default=text("false"))
    trained_at: Mapped[datetime]
    trained_by: Mapped[str] = mapped_column(Text)


class RiskPrediction(Owned, Base):
    """What a model foretold of a loan or an instalment, knowing what was known on `as_of`.

    `factors` are the strongest first: feature, value, effect in log-odds and words. The newest of
    each is `current`, until what it is of is paid or its client objects; the others are history.
    `due_on` is the instalment's. Its id derives from model, target and day.
    """

    __tablename__ = "risk_prediction"
    __table_args__ = (
        points_to("ml.risk_model", "model_id"),
        points_to("app.client", "client_id"),
        points_to("app.loan", "loan_id"),
        points_to("app.instalment", "instalment_id"),
        Index(
            "uq_risk_prediction_loan", "shop_id", "loan_id",
            unique=True, postgresql_where=text(CURRENT_LOAN),
        ),
        Index(
            "uq_risk_prediction_instalment", "shop_id", "instalment_id",
            unique=True, postgresql_where=text(CURRENT_INSTALMENT),
        ),
        Index(
            "ix_risk_prediction_listed", "shop_id", "kind", "probability", "id",
            postgresql_where=text("current"),
        ),
        Index(
            "ix_risk_prediction_due", "shop_id", "due_on", "id",
            postgresql_where=text(CURRENT_INSTALMENT),
        ),
        Index(None, "shop_id", "client_id", "as_of"),
        Index(None, "shop_id", "loan_id", "kind", "as_of"),
        Index(
            None, "shop_id", "instalment_id", "as_of",
            postgresql_where=text("instalment_id IS NOT NULL"),
        ),
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint("probability BETWEEN 0 AND 1", name="probability"),
        CheckConstraint("(kind = 'instalment') = (instalment_id IS NOT NULL)", name="target"),
        {"schema": app.SCHEMA},
    )  # fmt: skip

    kind: Mapped[Of] = mapped_column(Text)
    model_id: Mapped[UUID]
    version: Mapped[int]
    client_id: Mapped[UUID]
    loan_id: Mapped[UUID]
    instalment_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    as_of: Mapped[date]
    at: Mapped[datetime]
    probability: Mapped[float]
    factors: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    current: Mapped[bool] = mapped_column(server_default=text("true"))


class RiskDrift(Owned, Base):
    """The population stability index of one feature of a model (of its score: `score`) on a day,
    against what it was trained on."""

    __tablename__ = "risk_drift"
    __table_args__ = (
        points_to("ml.risk_model", "model_id"),
        UniqueConstraint("shop_id", "model_id", "day", "feature"),
        Index(None, "shop_id", "day"),
        CheckConstraint("psi >= 0", name="psi"),
        {"schema": ml.SCHEMA},
    )

    model_id: Mapped[UUID]
    day: Mapped[date]
    feature: Mapped[str] = mapped_column(Text)
    psi: Mapped[float]


class RiskReview(Owned, Base):
    """A person looked at a prediction, as whoever it is about may ask for; `probability` is what
    they saw. Withdrawn, it must not be used."""

    __tablename__ = "risk_review"
    __table_args__ = (
        points_to("app.risk_prediction", "prediction_id"),
        Index(None, "shop_id", "prediction_id", "at"),
        Index(None, "shop_id", "at", "id"),
        CheckConstraint("outcome IN ('upheld', 'corrected', 'withdrawn')", name="outcome"),
        {"schema": app.SCHEMA},
    )

    prediction_id: Mapped[UUID]
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    probability: Mapped[float]
