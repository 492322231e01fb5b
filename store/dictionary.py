"""The words of a shop: what they mean there, what customers say for them, and what is suggested."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypedDict
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    RowMapping,
    Text,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, mapped_column

from store.app import Customer
from store.base import Base, Owned, of_a_shop
from store.ml import SCHEMA, TrainingData

READ: Final = 20_000
"""Turns that are looked through for words, the newest first."""


class DictionaryTerm(Owned, Base):
    """`folded` is what makes two spellings one word; a word that is switched off stays, so that
    its pack does not bring it back."""

    __tablename__ = "dictionary_term"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "folded"),
        CheckConstraint("origin IN ('pack', 'person', 'mined', 'ai')", name="origin"),
        {"schema": SCHEMA},
    )

    word: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text, server_default="")
    related_table: Mapped[str | None] = mapped_column(Text)
    related_field: Mapped[str | None] = mapped_column(Text)
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    examples: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    never: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    origin: Mapped[str] = mapped_column(Text, server_default="person")
    updated_at: Mapped[datetime]


class DictionarySuggestion(Owned, Base):
    """A word that waits for a person: found in chats, or proposed by a model.

    `proposed_by` is None where nobody said yet what it means.
    """

    __tablename__ = "dictionary_suggestion"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "folded"),
        CheckConstraint("state IN ('open', 'accepted', 'dismissed')", name="state"),
        Index(None, "shop_id", "state", "count"),
        {"schema": SCHEMA},
    )

    word: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(server_default=text("0"))
    messages: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, server_default="open")
    definition: Mapped[str | None] = mapped_column(Text)
    synonyms: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    examples: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    proposed_by: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)


class TermRow(TypedDict):
    """`id` derives from the shop and the folded word."""

    id: UUID
    word: str
    folded: str
    definition: str
    category: str
    related_table: str | None
    related_field: str | None
    synonyms: list[str]
    examples: list[str]
    never: list[str]
    active: bool
    origin: str
    updated_at: datetime


class MinedRow(TypedDict):
    id: UUID
    word: str
    folded: str
    count: int
    messages: list[str]
    first_seen: datetime
    last_seen: datetime


async def seed_terms(session: AsyncSession, shop: UUID, rows: Sequence[TermRow]) -> None:
    """A pack's words follow the pack; what a person touched is the shop's own."""
    if not rows:
        return
    statement = insert(DictionaryTerm)
    given = {
        name: statement.excluded[name]
        for name in ("word", "definition", "category", "related_table", "related_field",
                     "synonyms", "examples", "never")
    }  # fmt: skip
    seed = statement.on_conflict_do_update(
        index_elements=["shop_id", "folded"],
        set_=given,
        where=(DictionaryTerm.origin == "pack") & DictionaryTerm.active,
    )
    await session.execute(seed, [{"shop_id": shop, **row} for row in rows])


async def save_term(session: AsyncSession, shop: UUID, row: TermRow) -> None:
    statement = insert(DictionaryTerm).values(shop_id=shop, **row)
    given = {name: statement.excluded[name] for name in TermRow.__annotations__ if name != "id"}
    await session.execute(
        statement.on_conflict_do_update(index_elements=["shop_id", "folded"], set_=given)
    )


async def terms_of(
    session: AsyncSession, shop: UUID, *, active: bool = False
) -> Sequence[DictionaryTerm]:
    query = select(DictionaryTerm).where(DictionaryTerm.shop_id == shop)
    if active:
        query = query.where(DictionaryTerm.active)
    return (await session.scalars(query.order_by(DictionaryTerm.folded))).all()


async def term_of(
    session: AsyncSession, shop: UUID, folded: str, *, lock: bool = False
) -> DictionaryTerm | None:
    query = select(DictionaryTerm).where(
        DictionaryTerm.shop_id == shop, DictionaryTerm.folded == folded
    )
    found: DictionaryTerm | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def suggest(session: AsyncSession, shop: UUID, rows: Sequence[MinedRow]) -> None:
    """Counted again; what was decided stays decided, and what was proposed stays proposed."""
    if not rows:
        return
    statement = insert(DictionarySuggestion)
    seen = DictionarySuggestion
    merged = statement.on_conflict_do_update(
        index_elements=["shop_id", "folded"],
        set_={
            "count": statement.excluded.count,
            "messages": statement.excluded.messages,
            "first_seen": func.least(seen.first_seen, statement.excluded.first_seen),
            "last_seen": func.greatest(seen.last_seen, statement.excluded.last_seen),
        },
    )
    await session.execute(merged, [{"shop_id": shop, **row} for row in rows])


async def propose(session: AsyncSession, shop: UUID, given: dict[str, Any]) -> None:
    """What a model says of a word waits for a person, whatever was decided of it before."""
    statement = insert(DictionarySuggestion).values(shop_id=shop, **given, state="open")
    changed = {
        name: statement.excluded[name]
        for name in ("definition", "synonyms", "examples", "proposed_by", "last_seen", "state")
    }
    await session.execute(
        statement.on_conflict_do_update(index_elements=["shop_id", "folded"], set_=changed)
    )


async def suggestions_of(
    session: AsyncSession, shop: UUID, state: str = "open"
) -> Sequence[DictionarySuggestion]:
    one = DictionarySuggestion
    query = select(one).where(one.shop_id == shop, one.state == state)
    return (await session.scalars(query.order_by(one.count.desc(), one.folded))).all()


async def suggestion_of(
    session: AsyncSession, shop: UUID, which: UUID, *, lock: bool = False
) -> DictionarySuggestion | None:
    return await session.get(DictionarySuggestion, (shop, which), with_for_update=lock)


async def turns_of(session: AsyncSession, shop: UUID) -> Sequence[RowMapping]:
    """Masked, as everything is there; without the words of who takes no part in training."""
    turn, person = TrainingData, aliased(Customer)
    query = (
        select(
            turn.conversation_id, turn.user_message, turn.created_at, turn.quality_score,
            turn.confidence, turn.product_id,
        )
        .join(Customer, (Customer.shop_id == turn.shop_id) & (Customer.id == turn.customer_id))
        .outerjoin(
            person, (person.shop_id == turn.shop_id) & (person.id == Customer.merged_into)
        )
        .where(turn.shop_id == shop, turn.pii_scrubbed, ~Customer.no_training)
        .where(person.no_training.is_not(True))
    )  # fmt: skip
    newest = query.order_by(turn.created_at.desc()).limit(READ)
    return (await session.execute(newest)).mappings().all()
