"""What the classifier in use gets wrong that the one before got right, and the other way round."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from learning.quality import flips
from store import nlu
from web.limits import soon
from web.pages.quality import HERE
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.teaching import Lectern
from web.yardstick import PATIENCE_S, judged_by

SHOWN: Final = 200


@dataclass(frozen=True)
class Flips:
    """On the messages of the pack that nothing was ever fitted to."""

    pages: Pages
    lectern: Lectern

    def routes(self) -> Sequence[Route]:
        return [Route("GET", f"{HERE}/cambios", self.show, Perm.QUALITY_READ)]

    async def show(self, request: Request) -> Response:
        shop, pack = self.lectern.shop, self.lectern.pack
        async with self.lectern.store.tenant(shop) as session:
            found = await nlu.active_model(session, shop)
            former = None
            if found:
                former = await nlu.version_before(session, shop, found[0], pack.name)
            data = await nlu.model_data(session, shop, former) if former else None
        changed = []
        if found is not None:
            before = await soon(asyncio.to_thread(judged_by, pack, data), PATIENCE_S)
            after = await soon(asyncio.to_thread(judged_by, pack, found[1]), PATIENCE_S)
            changed = flips(before, after)
        lost = sum(one.lost for one in changed)
        return self.pages.answer(
            request,
            "calidad_cambios.html",
            version=found[0] if found else None,
            former=former,
            flips=changed[:SHOWN],
            lost=lost,
            won=len(changed) - lost,
        )
