"""The people of the shop: invited by a link, given a role, shut out and let in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from store.people import Person, called
from store.session import WriteSession
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, IfMatch, IfNoneMatch, Listed, Moment, Paging, Shown, Word
from web.api.versions import matches, shown, tagged
from web.identity import actor_of, identity_of
from web.members import LONGEST_EMAIL, LONGEST_NAME, Given, is_above
from web.membership import Invited, Membership, No
from web.permissions import Perm
from web.routing import Route

Staff = Literal["viewer", "seller", "owner", "admin"]
WHY: Final[dict[No, tuple[str, str]]] = {
    "last": ("conflict", "Somebody in charge has to be able to enter: this is the last one."),
    "known": ("conflict", "Somebody of the shop has this e-mail already."),
    "nobody": ("not_found", ""),
    "above": (
        "forbidden",
        "Nobody gives, or changes, what may do more than they may: it takes somebody of that role.",
    ),
}


class Invitation(Body):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "Eva Soto", "email": "eva@tienda.cl", "role": "seller"}]
        },
    )

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=SAYS)]
    email: Annotated[str, Field(min_length=3, max_length=LONGEST_EMAIL, pattern=SAYS)]
    role: Staff = "seller"


class MemberChange(Body):
    """What is left out stays as it is. Who is not `active` cannot enter."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "owner"}, {"active": True}]}
    )

    role: Staff | None = None
    active: bool | None = None


class MemberShown(Shown):
    """Without `password_at` somebody was invited and has not come yet."""

    id: UUID
    name: str
    email: str
    role: Staff
    active: bool
    password_at: Moment | None
    disabled_at: Moment | None
    created_at: Moment


class MemberLinked(MemberShown):
    """`link` is where they choose a password, for three days; it is shown this once."""

    link: str


class MembersWanted(Paging):
    """Each word of `q` stands in a name or an e-mail."""

    q: Word | None = None


@dataclass(frozen=True, slots=True)
class Members:
    house: House

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/members", "/members/{member}"
        may, shape = Perm.MEMBER_WRITE, MemberShown
        once: dict[str, Any] = {"status_code": 201, "repeats": False}
        return [
            route("GET", many, self.list_members, may, Listed[MemberShown]),
            route("POST", many, self.invite_member, may, MemberLinked, **once),
            route("GET", one, self.get_member, may, shape),
            route("PATCH", one, self.change_member, may, shape),
            route("DELETE", one, self.disable_member, may, status_code=204),
            route("POST", f"{one}/links", self.link_member, may, MemberLinked, **once),
        ]

    async def list_members(self, wanted: Annotated[MembersWanted, Query()]) -> Response:
        """By name, with those who were shut out."""
        row, house = Person, self.house
        query = select(row).where(row.shop_id == house.shop, *called(wanted.q or ""))
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.name, row.id), wanted, rising=True)
        return shown(Listed(items=[_shown(one) for one in rows], next_cursor=cursor))

    async def invite_member(self, request: Request, given: Invitation) -> Response:
        """The link is in this answer and nowhere else; nothing is sent to anybody."""
        said = Given(given.email.strip(), given.name.strip(), given.role)
        if part := said.problem():
            wrong = {"loc": ("body", part), "msg": "it is not written so", "type": part}
            raise Problem("invalid", errors=[wrong])
        if is_above(identity_of(request), given.role):
            _refused("above")
        async with self.house.store.tenant(self.house.shop) as session:
            made = await self._of(session, request).invite(said.email, said.name, said.role)
            return await self._linked(session, request, made)

    async def get_member(self, member: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One of them, with their ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._read(session, member), if_none_match)

    async def change_member(
        self, request: Request, member: UUID, given: MemberChange, if_match: IfMatch = None
    ) -> Response:
        """Whoever gets another role, or is shut out, is out on every device, and loses the keys
        they may not make any more. Needs If-Match."""
        async with self.house.store.tenant(self.house.shop) as session:
            matches(await self._read(session, member, lock=True), if_match)
            members = self._of(session, request)
            _refused(await members.refusal(identity_of(request), member, given.role))
            if given.role is not None:
                _refused(await members.change_role(member, given.role))
            if given.active is not None:
                act = members.enable if given.active else members.disable
                _refused(await act(member))
            session.expire_all()
            return tagged(await self._read(session, member))

    async def disable_member(
        self, request: Request, member: UUID, if_match: IfMatch = None
    ) -> Response:
        """Out at once; what they did stays theirs. Needs If-Match."""
        async with self.house.store.tenant(self.house.shop) as session:
            matches(await self._read(session, member, lock=True), if_match)
            members = self._of(session, request)
            _refused(await members.refusal(identity_of(request), member))
            _refused(await members.disable(member))
        return Response(status_code=204)

    async def link_member(self, request: Request, member: UUID) -> Response:
        """A new link to choose a password; the one before stops working."""
        async with self.house.store.tenant(self.house.shop) as session:
            members = self._of(session, request)
            _refused(await members.refusal(identity_of(request), member))
            return await self._linked(session, request, await members.link(member))

    def _of(self, session: WriteSession, request: Request) -> Membership:
        return Membership(session, self.house.shop, actor_of(request), self.house.clock)

    async def _linked(
        self, session: WriteSession, request: Request, made: Invited | No
    ) -> Response:
        """Raises Problem."""
        if not isinstance(made, Invited):
            code, why = WHY[made]
            raise Problem(code, why)
        told = (await self._read(session, made.person)).model_dump()
        link = f"{request.base_url}invitacion/{made.token}"
        return shown(MemberLinked(**told, link=link), 201, {"Cache-Control": "no-store"})

    async def _read(self, session: WriteSession, which: UUID, *, lock: bool = False) -> MemberShown:
        """Raises Problem."""
        found = await session.get(Person, (self.house.shop, which), with_for_update=lock)
        if found is None:
            raise Problem("not_found")
        return _shown(found)


def _refused(no: No | None) -> None:
    """Raises Problem."""
    if no is not None:
        code, why = WHY[no]
        raise Problem(code, why)


def _shown(row: Person) -> MemberShown:
    names = MemberShown.model_fields.keys() - {"active"}
    told = {name: getattr(row, name) for name in names}
    return MemberShown(**told, active=row.disabled_at is None)
