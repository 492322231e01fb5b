"""What every resource of the API stands on: the shop, its store, and the manners of its lists."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from config.packs import Pack
from services.clock import Clock, now
from services.news import News, key_of
from services.wire import Wire
from store.audit import record
from store.session import Store, WriteSession
from web.api.allowance import Allowance
from web.api.cursors import BadCursor, Cursors
from web.api.problems import Problem
from web.api.refused import explained
from web.api.repeating import Endpoint, Repeats
from web.api.shapes import Paging
from web.identity import actor_of, identity_of
from web.routing import Method, Need, Route

ROOT: Final = "/api/v1"
PROGRAM: Final = "api"
NOT_WORD: Final = re.compile(r"\W+")
Row = TypeVar("Row")
Still: TypeAlias = Callable[[Request], Awaitable[bool]]
"""Whether whoever opened a stream may go on listening."""
Columns: TypeAlias = Sequence[InstrumentedAttribute[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    store: Store
    wire: Wire
    shop: UUID
    shop_name: str
    pack: Pack
    prefix: str
    cursors: Cursors
    repeats: Repeats
    allowance: Allowance
    still: Still
    clock: Clock = now

    @property
    def news(self) -> News:
        """What reaches the pages that are open."""
        return News(self.wire, key_of(self.prefix, self.shop))

    def route(
        self,
        method: Method,
        path: str,
        endpoint: Endpoint,
        needs: Need,
        answers: Any = None,  # noqa: ANN401  a model, or a union of models
        *,
        repeats: bool = True,
        **options: Any,  # noqa: ANN401  FastAPI's
    ) -> Route:
        """`path` below /api/v1. What is posted `repeats` by an Idempotency-Key, unless its answer
        must not be kept."""
        kept = explained(endpoint)
        kept = self.repeats.once(kept) if repeats and method == "POST" else kept
        said = {
            "dependencies": [Depends(self.allowance)],
            "operation_id": getattr(endpoint, "__name__", ""),
            "response_model": answers,
            "tags": [path.strip("/").split("/")[0]],
            **options,
        }
        return Route(method, f"{ROOT}{path}", kept, needs, "api", said)

    def alias(
        self,
        path: str,
        of: Route,
        endpoint: Endpoint | None = None,
        answers: Any = None,  # noqa: ANN401  a model, or a union of models
        *,
        like: Route | None = None,
        **options: Any,  # noqa: ANN401  FastAPI's
    ) -> Route:
        """Another address of the same thing, which takes and answers as its `endpoint` does; the
        whole `path`, for some do not lie under /api/v1. `like` is what it is documented to be
        another address of, where that one is called with another method."""
        kept = of.endpoint
        if endpoint is not None:
            kept = explained(endpoint)
            kept = self.repeats.once(kept) if of.method == "POST" else kept
        name = endpoint.__name__ if endpoint else of.options["operation_id"]
        said = {
            **of.options,
            "operation_id": f"{name}_{NOT_WORD.sub('_', path).strip('_')}",
            "response_model": answers or of.options["response_model"],
            "tags": ["aliases"],
            "openapi_extra": {"x-alias-of": f"{(like or of).method} {(like or of).path}"},
            **options,
        }
        return Route(of.method, path, kept, of.needs, "api", said)

    def streamed(self, first: Callable[..., Awaitable[object]] | None = None) -> Mapping[str, Any]:
        """Options of a route that answers by server-sent events; `first` refuses before it begins,
        for then nothing can be refused any more."""
        needed = [Depends(self.allowance), *([Depends(first)] if first else [])]
        return {"dependencies": needed, "include_in_schema": True, "tags": ["events"]}

    @asynccontextmanager
    async def together(self) -> AsyncIterator["House"]:
        """For acts whose services commit by themselves: what they do and the line of it in the
        audit count together."""
        async with self.store.together() as store:
            yield replace(self, store=store)

    async def tell(
        self, request: Request, action: str, what: str, after: Mapping[str, Any] | None = None
    ) -> None:
        """In the audit, at the end of what is done together."""
        async with self.store.tenant(self.shop) as session:
            await self.note(session, request, action, what, after=after)

    async def note(
        self,
        session: WriteSession,
        request: Request,
        action: str,
        what: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """In the audit, within the transaction of what was done."""
        by = actor_of(request)
        await record(
            session, self.shop, by, action, what, before=before, after=after, clock=self.clock
        )

    async def page(
        self,
        session: AsyncSession,
        query: Select[Row],
        by: Columns,
        wanted: Paging,
        *,
        rising: bool = False,
    ) -> tuple[Sequence[Row], str | None]:
        """The rows after the cursor, the highest first by the columns of `by`, which together are
        unique; and the cursor of the next page. Raises Problem."""
        of = f"{self.shop} {by[-1]}"
        if wanted.cursor is not None:
            here, place = tuple_(*by), tuple_(*self._place(wanted, of, by))
            query = query.where(here > place if rising else here < place)
        ordered = (column.asc() if rising else column.desc() for column in by)
        rows = (await session.scalars(query.order_by(*ordered).limit(wanted.limit + 1))).all()
        if len(rows) <= wanted.limit:
            return rows, None
        shown = rows[: wanted.limit]
        last = [_written(getattr(shown[-1], column.key)) for column in by]
        return shown, self.cursors.write(last, of, wanted.filters())

    def _place(self, wanted: Paging, of: str, by: Columns) -> list[Any]:
        try:
            place = self.cursors.read(wanted.cursor or "", of, wanted.filters())
        except BadCursor as error:
            raise Problem("cursor_invalid") from error
        return [
            _read(said, column.type.python_type) for said, column in zip(place, by, strict=True)
        ]


def by_whom(request: Request) -> str:
    """A person's name, or a key's; the shop's own key has none."""
    who = identity_of(request)
    return who.name if who.person is not None or who.key is not None else PROGRAM


def _written(value: Any) -> str:  # noqa: ANN401  whatever a list is ordered by
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(said: str, kind: type[Any]) -> Any:  # noqa: ANN401  as it was written
    return kind.fromisoformat(said) if issubclass(kind, date) else kind(said)
