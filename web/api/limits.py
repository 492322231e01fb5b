"""What models may cost a shop a day, and each of its customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from config.manners import BudgetSettings
from store import choices
from store.choices import MICROS
from store.session import ReadSession
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import Body, IfMatch, IfNoneMatch, Shown, dollars
from web.api.versions import matches, tagged
from web.caps import BadCap, Cap, Whose, bound, caps
from web.hands import hand_of
from web.permissions import Perm
from web.routing import Route

Usd = Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,6})?$", max_length=13)]


class LimitsSaid(Body):
    """US dollars a day, as decimal texts; "0" is no limit. Null leaves one to the configuration."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"shop_usd": "5", "customer_usd": "0.25"}]},
    )

    shop_usd: Usd | None
    customer_usd: Usd | None


class LimitShown(Shown):
    """`usd` holds: chosen by somebody of the shop (`own`), or as the configuration says (`usual`),
    and never above `most`. Null is no limit."""

    usd: str | None
    own: bool
    usual: str | None
    most: str | None


class LimitsShown(Shown):
    shop: LimitShown
    customer: LimitShown


@dataclass(frozen=True, slots=True)
class Limits:
    """`budget` is what the configuration says."""

    house: House
    budget: BudgetSettings

    def routes(self) -> Sequence[Route]:
        route, here = self.house.route, "/settings/limits"
        return [
            route("GET", here, self.get_limits, Perm.COST_READ, LimitsShown),
            route("PUT", here, self.change_limits, Perm.SETTINGS_WRITE, LimitsShown),
        ]

    async def get_limits(self, if_none_match: IfNoneMatch = None) -> Response:
        """What models may cost a day, of all customers and of each, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._read(session), if_none_match)

    async def change_limits(
        self, request: Request, said: LimitsSaid, if_match: IfMatch = None
    ) -> Response:
        """What they may cost from the next answer on. Needs If-Match."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            await choices.hold(session, house.shop)
            matches(await self._read(session), if_match)
            wanted: dict[Whose, int | None] = {
                "shop": _micros(said.shop_usd),
                "customer": _micros(said.customer_usd),
            }
            by = hand_of(request, house.clock())
            try:
                await bound(session, wanted, self.budget, by)
            except BadCap as error:
                most = f"{error.whose}_usd is above 0 and at most {dollars(error.most)} here."
                raise Problem("refused", most) from error
            return tagged(await self._read(session))

    async def _read(self, session: ReadSession) -> LimitsShown:
        found = await caps(session, self.house.shop, self.budget)
        return LimitsShown(shop=_shown(found["shop"]), customer=_shown(found["customer"]))


def _micros(usd: str | None) -> int | None:
    return None if usd is None else int(Decimal(usd) * MICROS)


def _shown(cap: Cap) -> LimitShown:
    holds, usual, most = (dollars(one) if one else None for one in (cap.holds, cap.usual, cap.most))
    return LimitShown(usd=holds, own=cap.own is not None, usual=usual, most=most)
