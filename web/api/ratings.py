"""What people say of answers: stars, thumbs and comments, and what the shop did about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import AliasChoices, ConfigDict, Field, model_validator
from sqlalchemy import select

from knowledge.prompt import own_recognisers
from learning.grading import Grade, Grader
from store.ratings import Rating
from web.api.house import House, by_whom
from web.api.problems import Problem
from web.api.shapes import Body, Listed, Moment, Note, Paging, Shown
from web.api.versions import shown
from web.permissions import Perm
from web.routing import Route

THUMBS = {"up": 1, "down": -1}
SAID = {-1: "down", 1: "up", None: None}
Thumb = Literal["up", "down"]
EXAMPLE = "/training/conversations/{message}"


class NewRating(Body):
    """At least one of them. `calificacion` is another name of `stars`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"stars": 5, "feedback": "Muy clara"}]}
    )

    stars: int | None = Field(
        None, ge=1, le=5, validation_alias=AliasChoices("stars", "calificacion")
    )
    thumb: Thumb | None = None
    feedback: Note | None = None

    @model_validator(mode="after")
    def says(self) -> Self:
        if self.stars is None and self.thumb is None and not (self.feedback or "").strip():
            raise ValueError("stars, a thumb or feedback is needed")
        return self


class RatingChange(Body):
    """What is left out stays as it is; what is dealt with is so for good."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"processed": True, "notes": "Faltaba el precio", "improved": True}]
        },
    )

    processed: Literal[True]
    notes: Note | None = None
    improved: bool = False


class Standing(Shown):
    """What an answer is worth after a rating: `rejected` ones teach nothing."""

    id: UUID
    stars: int | None
    rejected: bool
    correction: str | None


class RatingShown(Shown):
    id: UUID
    message_id: UUID
    role: str
    who: str
    via: str
    stars: int | None
    thumb: Thumb | None
    feedback: str
    processed: bool
    processed_by: str | None
    notes: str
    improved: bool
    created_at: Moment
    updated_at: Moment


class RatingsWanted(Paging):
    thumb: Thumb | None = None
    processed: bool | None = None
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    house: House

    def routes(self) -> Sequence[Route]:
        route, write = self.house.route, Perm.REVIEW_WRITE
        rate = self.rate_message
        return [
            route("POST", "/messages/{message}/ratings", rate, write, Standing, status_code=201),
            route(
                "POST", f"{EXAMPLE}/ratings", self.rate_example, write, Standing, status_code=201
            ),
            route("GET", "/ratings", self.list_ratings, Perm.EXAMPLE_READ, Listed[RatingShown]),
            route("PATCH", "/ratings/{rating}", self.process_rating, write, RatingShown),
        ]

    async def rate_message(self, request: Request, message: UUID, given: NewRating) -> Response:
        """What you think of an answer; said again it changes. A thumb down keeps it unlearned."""
        thumb = THUMBS[given.thumb] if given.thumb else None
        row = await self.grader(request).give(message, Grade(given.stars, thumb, given.feedback))
        return shown(Standing(**{name: row[name] for name in Standing.model_fields}), 201)

    async def rate_example(self, request: Request, message: UUID, given: NewRating) -> Response:
        """What you think of an example: the same as rating the answer it was."""
        return await self.rate_message(request, message, given)

    async def list_ratings(self, wanted: Annotated[RatingsWanted, Query()]) -> Response:
        """What customers and people of the shop said, the newest first."""
        row, house = Rating, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.thumb is not None:
            query = query.where(row.thumb == THUMBS[wanted.thumb])
        if wanted.processed is not None:
            query = query.where(row.processed.is_(wanted.processed))
        if wanted.message_id is not None:
            query = query.where(row.training_id == wanted.message_id)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.updated_at, row.id), wanted)
        return shown(Listed(items=[_shown(one) for one in rows], next_cursor=cursor))

    async def process_rating(self, request: Request, rating: UUID, given: RatingChange) -> Response:
        """Somebody has dealt with it, and with whatever else was said of the same answer."""
        answer = await self._answer(rating)
        await self.grader(request).process(answer, given.notes, improved=given.improved)
        async with self.house.store.tenant(self.house.shop) as session:
            return shown(_shown(await session.get_one(Rating, (self.house.shop, rating))))

    def grader(self, request: Request) -> Grader:
        house = self.house
        own = own_recognisers(house.pack)
        return Grader(house.store, house.shop, by_whom(request), house.clock(), "api", own=own)

    async def _answer(self, rating: UUID) -> UUID:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await session.get(Rating, (self.house.shop, rating))
            if found is None:
                raise Problem("not_found")
            return found.training_id


def _shown(row: Rating) -> RatingShown:
    names = RatingShown.model_fields.keys() - {"message_id", "thumb", "feedback"}
    told = {name: getattr(row, name) for name in names}
    thumb = SAID[row.thumb]
    return RatingShown.model_validate(
        told | {"message_id": row.training_id, "thumb": thumb, "feedback": row.comment}
    )
