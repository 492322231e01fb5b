"""The `app` schema, continued: what a lender knows of its clients. Amounts are in the currency's
smallest unit, as everywhere.

Rows come in by the lender's own keys, so an import that is repeated replaces and doubles nothing.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, Owned, of_a_shop, points_to


class Client(Owned, Base):
    """Somebody with a loan. Of the national id the last four digits are kept and nothing else:
    there are so few whole numbers that a hash of one is as good as the number.

    `phone` is spelled as text/phones.py compares it, `folded` is the name without accents.
    """

    __tablename__ = "client"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "number"),
        Index(None, "shop_id", "phone", postgresql_where=text("phone IS NOT NULL")),
        Index(None, "shop_id", "id_tail"),
        Index(None, "shop_id", "born_on"),
        CheckConstraint("id_tail ~ '^[0-9]{4}$'", name="id_tail"),
        {"schema": SCHEMA},
    )

    number: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    id_tail: Mapped[str | None] = mapped_column(Text)
    born_on: Mapped[date | None]
    phone: Mapped[str | None] = mapped_column(Text)


class Loan(Owned, Base):
    """`balance` is what is left to pay; `rate` is percent a year."""

    __tablename__ = "loan"
    __table_args__ = (
        points_to("app.client", "client_id"),
        UniqueConstraint("shop_id", "number"),
        Index(None, "shop_id", "client_id"),
        Index(None, "shop_id", "balance", "id"),
        CheckConstraint(
            "state IN ('current', 'overdue', 'refinanced', 'written_off', 'paid')", name="state"
        ),
        CheckConstraint("principal > 0", name="principal"),
        CheckConstraint("balance >= 0", name="balance"),
        CheckConstraint("rate >= 0", name="rate"),
        {"schema": SCHEMA},
    )

    client_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(Text)
    principal: Mapped[int] = mapped_column(BigInteger)
    balance: Mapped[int] = mapped_column(BigInteger)
    rate: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    state: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date]


class Instalment(Owned, Base):
    """One payment of a loan's plan; whether it is overdue depends on the day it is asked."""

    __tablename__ = "instalment"
    __table_args__ = (
        points_to("app.loan", "loan_id"),
        UniqueConstraint("shop_id", "loan_id", "number"),
        Index("ix_instalment_left", "shop_id", text("(amount - paid_amount)"), "id"),
        CheckConstraint("state IN ('pending', 'partial', 'paid')", name="state"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("paid_amount BETWEEN 0 AND amount", name="paid_amount"),
        {"schema": SCHEMA},
    )

    loan_id: Mapped[UUID]
    number: Mapped[int]
    due_on: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_amount: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    state: Mapped[str] = mapped_column(Text)


class Payment(Owned, Base):
    """Money that came in; of one instalment, or of the loan as a whole."""

    __tablename__ = "payment"
    __table_args__ = (
        points_to("app.loan", "loan_id"),
        points_to("app.instalment", "instalment_id"),
        UniqueConstraint("shop_id", "reference"),
        Index(None, "shop_id", "loan_id", "paid_on"),
        Index(None, "shop_id", "instalment_id"),
        CheckConstraint("method IN ('transfer', 'card', 'cash', 'automatic')", name="method"),
        CheckConstraint("amount > 0", name="amount"),
        {"schema": SCHEMA},
    )

    loan_id: Mapped[UUID]
    instalment_id: Mapped[UUID | None]
    reference: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date]
    method: Mapped[str] = mapped_column(Text)


class ClientLink(Base):
    """A customer who has shown that they are this client, and when; the newest proof counts."""

    __tablename__ = "client_link"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "customer_id"),
        points_to("app.customer", "customer_id"),
        points_to("app.client", "client_id"),
        Index(None, "shop_id", "client_id"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    client_id: Mapped[UUID]
    at: Mapped[datetime]


class IdentityFailure(Owned, Base):
    """A wrong answer to "who are you?". Where one of its two facts is a client's, it counts against
    that client too, or else anybody could go on guessing from one new chat after the other."""

    __tablename__ = "identity_failure"
    __table_args__ = (
        points_to("app.customer", "customer_id"),
        points_to("app.client", "client_id"),
        Index(None, "shop_id", "customer_id", "at"),
        Index(None, "shop_id", "client_id", "at", postgresql_where=text("client_id IS NOT NULL")),
        {"schema": SCHEMA},
    )

    customer_id: Mapped[UUID]
    client_id: Mapped[UUID | None]
    attempt: Mapped[UUID]
    at: Mapped[datetime]


class ClientInquiry(Owned, Base):
    """Who of the shop's own people was told how a client stands, when, and in which conversation;
    its id is that of the message that asked."""

    __tablename__ = "client_inquiry"
    __table_args__ = (
        points_to("app.conversation", "conversation_id"),
        points_to("app.client", "client_id"),
        Index(None, "shop_id", "conversation_id"),
        Index(None, "shop_id", "client_id", "at"),
        {"schema": SCHEMA},
    )

    conversation_id: Mapped[UUID]
    client_id: Mapped[UUID]
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
