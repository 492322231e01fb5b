"""The parts that bodies of requests and answers are made of."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Header
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from text.prices import exact, smallest

NO_NUL: Final = r"^[^\x00]*$"
SAYS: Final = r"^[^\x00]*[^\x00\s][^\x00]*$"
"""Postgres keeps no NUL; and something has to be said."""
LONGEST: Final = 4_000
MOST: Final = 10**12
"""Smallest units of a currency: more than anything costs."""
PAGE, LARGEST_PAGE = 50, 200


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_moment, when_used="json")]
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=SAYS)]
Line = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
Prose = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=SAYS)]
Note = Annotated[str, Field(max_length=1_000, pattern=NO_NUL)]
Item = TypeVar("Item")


class Body(BaseModel):
    """What a program sends: nothing is taken that is not documented."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What a program gets; rows are read by their attributes."""

    model_config = ConfigDict(from_attributes=True, protected_namespaces=())


class Listed(Shown, Generic[Item]):
    items: list[Item]
    next_cursor: str | None = None


class Paging(Body):
    """How every list is read: the filters are what its own model adds."""

    limit: int = Field(PAGE, ge=1, le=LARGEST_PAGE)
    cursor: str | None = Field(None, max_length=1_000, pattern=r"^[A-Za-z0-9_-]+$")

    def filters(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"limit", "cursor"})


def _payable(amount: str) -> str:
    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise ValueError("not a decimal number") from None
    if not value.is_finite():
        raise ValueError("not a decimal number")
    return amount


class Money(Body):
    """A decimal text, so that no reader rounds it; CLP has no decimals."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"amount": "24990", "currency": "CLP"}]}
    )

    amount: Annotated[
        str, Field(pattern=r"^\d{1,12}(\.\d{1,4})?$", max_length=17), AfterValidator(_payable)
    ]
    currency: str = Field(pattern=r"^[A-Z]{2,3}$", max_length=3)

    @classmethod
    def of(cls, units: int, currency: str) -> "Money":
        """Whatever is stored, be it more than anybody may ask for."""
        return cls.model_construct(amount=f"{exact(units, currency):f}", currency=currency)

    def units(self) -> int | None:
        """In the smallest unit; None when it is finer than anybody can pay."""
        units = smallest(Decimal(self.amount), self.currency)
        return units if units is not None and units <= MOST else None


def dollars(micros: int) -> str:
    """What models cost, as a decimal text of US dollars."""
    return f"{Decimal(micros) / 1_000_000:f}"


IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=500, description="The ETag of what is being changed."),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", max_length=500, description="The ETag of what is known."),
]
