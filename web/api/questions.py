"""What customers asked and the bot did not know, answered once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import AliasChoices, ConfigDict, Field
from sqlalchemy import select

from evaluation.selling import Desk as Undoing
from learning.lessons import NothingToUndo, Teacher
from learning.questions import QUESTION, Desk
from store.lessons import Act, QuestionCluster
from text.folding import clean
from web.api.house import House, by_whom
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, IfNoneMatch, Line, Listed, Moment, Paging, Shown
from web.api.versions import shown, tagged
from web.limits import soon
from web.permissions import Perm
from web.questions import Asker, askers_of
from web.routing import Route
from web.teaching import Lectern

PATIENCE_S = 30.0
LONGEST = 1_000
State = Literal["open", "answered", "missing", "ignored"]


class ClusterAnswer(Body):
    """Checked as every answer is; `respuesta` is another name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"answer": "Sí, despachamos a Punta Arenas."}]},
    )

    answer: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=SAYS)] = Field(
        validation_alias=AliasChoices("answer", "respuesta")
    )


class ClusterDecision(Body):
    """`missing`: they ask for something that the shop does not have, called `product`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "missing", "product": "mochila verde"}]},
    )

    decision: Literal["ignored", "missing"]
    product: Line = ""


class ClusterReversal(Body):
    """`act` was told when it was decided; whoever did it may take it back."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"act": "5f0c2a9e-8a55-4a55-9c6d-2b1f0a7d9c11"}]},
    )

    act: UUID


class AskedShown(Shown):
    conversation: UUID
    text: str
    at: Moment


class ClusterShown(Shown):
    """`question` is how it was put last, `asked` the last ones who did. `wanted` is a product that
    the shop does not have."""

    id: UUID
    state: State
    question: str
    times: int
    variants: int
    first_at: Moment
    last_at: Moment
    answer: str | None
    wanted: str | None
    example_id: UUID | None
    decided_by: str | None
    decided_at: Moment | None
    asked: list[AskedShown]


class ClusterDecided(ClusterShown):
    """`act` undoes it."""

    act: UUID


class ClustersWanted(Paging):
    state: State = "open"


@dataclass(frozen=True, slots=True)
class Questions:
    house: House
    means: Means

    def routes(self) -> Sequence[Route]:
        route, many = self.house.route, "/unanswered-clusters"
        one, write, made = f"{many}/{{cluster}}", Perm.EXAMPLE_WRITE, ClusterDecided
        answer, undo = self.answer_cluster, self.undo_cluster
        return [
            route("GET", many, self.list_clusters, Perm.EXAMPLE_READ, Listed[ClusterShown]),
            route("GET", one, self.get_cluster, Perm.EXAMPLE_READ, ClusterShown),
            route("POST", f"{one}/answer", answer, write, made, status_code=201),
            route("PUT", f"{one}/decision", self.decide_cluster, write, made),
            route("POST", f"{one}/reversal", undo, write, ClusterShown, status_code=201),
        ]

    async def list_clusters(self, wanted: Annotated[ClustersWanted, Query()]) -> Response:
        """Questions that mean the same together; what was asked most comes first."""
        row, house = QuestionCluster, self.house
        query = select(row).where(row.shop_id == house.shop, row.state == wanted.state)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.times, row.id), wanted)
            asked = await askers_of(session, house.shop, [one.id for one in rows])
        items = [_shown(one, asked.get(one.id, [])) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_cluster(self, cluster: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One of them, with its ETag."""
        return tagged(await self._read(cluster), if_none_match)

    async def answer_cluster(
        self, request: Request, cluster: UUID, given: ClusterAnswer
    ) -> Response:
        """Whoever asks so is answered by it from now on, and it is an example to learn from."""
        text = clean(given.answer).strip()
        act = await soon(self._desk(request).answer(cluster, text), PATIENCE_S)
        return shown(await self._decided(cluster, act), 201)

    async def decide_cluster(
        self, request: Request, cluster: UUID, given: ClusterDecision
    ) -> Response:
        """Nothing to answer, or something to order."""
        desk = self._desk(request)
        if given.decision == "ignored":
            act = await desk.ignore(cluster)
        else:
            act = await desk.missing(cluster, clean(given.product).strip())
        return shown(await self._decided(cluster, act))

    async def undo_cluster(
        self, request: Request, cluster: UUID, given: ClusterReversal
    ) -> Response:
        """As if it had not been decided; what it taught is forgotten."""
        await self._is_of(given.act, cluster)
        teacher = self._teacher(request)
        await Undoing(teacher, self.house.pack.identity.currency).undo(given.act)
        await soon(self._desk(request).undone(), PATIENCE_S)
        return shown(await self._read(cluster), 201)

    async def _is_of(self, act: UUID, cluster: UUID) -> None:
        """Raises NothingToUndo."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await session.get(Act, (self.house.shop, act))
        if found is None or found.kind != QUESTION or found.before[0] != str(cluster):
            raise NothingToUndo("this act decided nothing about this question")

    async def _decided(self, cluster: UUID, act: UUID) -> ClusterDecided:
        told = await self._read(cluster)
        return ClusterDecided(**told.model_dump(), act=act)

    @property
    def lectern(self) -> Lectern:
        house, links = self.house, self.means.settings.knowledge.links
        return Lectern(house.store, house.shop, house.pack, tuple(links), house.clock)

    def _teacher(self, request: Request) -> Teacher:
        return replace(self.lectern.teacher(request), by=by_whom(request))

    def _desk(self, request: Request) -> Desk:
        return Desk(self._teacher(request), self.lectern.library, self.means.ingest)

    async def _read(self, which: UUID) -> ClusterShown:
        """Raises Problem."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await session.get(QuestionCluster, (self.house.shop, which))
            if found is None:
                raise Problem("not_found")
            asked = await askers_of(session, self.house.shop, [which])
        return _shown(found, asked.get(which, []))


def _shown(row: QuestionCluster, asked: Sequence[Asker]) -> ClusterShown:
    told = {
        name: getattr(row, name)
        for name in ClusterShown.model_fields.keys() - {"question", "asked"}
    }
    said = [AskedShown.model_validate(one) for one in asked]
    return ClusterShown(**told, question=said[0].text if said else "", asked=said)
