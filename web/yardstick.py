"""How well a shop's messages are understood, measured on either of two sets, and kept."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeAlias
from uuid import UUID

from config.packs import Pack
from learning.quality import Judged, Measured, fixed, measured
from learning.sampling import LEAST
from nlu.brought import brought
from nlu.classifier import Classifier, ClassifierInvalid, unpacked
from nlu.parse import GENERAL
from services.clock import Clock
from store import nlu
from store.session import Store
from web import quality
from web.limits import soon
from web.quality import Sample

PATIENCE_S: Final = 20.0
Held: TypeAlias = tuple[Sequence[Judged], Measured | None]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """`kept` is what was measured last of each set, and of what: it takes a second."""

    store: Store
    shop: UUID
    pack: Pack
    clock: Clock
    kept: dict[str, tuple[str, Sequence[Judged], Measured | None]] = field(default_factory=dict)

    async def fixed(self, version: int | None = None) -> Held:
        """On the pack's own messages, by the classifier in use or another one of the shop's."""
        return await soon(self._fixed(version), PATIENCE_S)

    async def live(
        self, days: int, channel: str = ""
    ) -> tuple[Sequence[Judged], Measured | None, Sample]:
        """On turns that were drawn by chance, as they were understood when they were answered;
        nothing of fewer than are needed."""
        async with self.store.tenant(self.shop) as session:
            stamp = await quality.stamp(session, self.shop)
            since = self.clock() - timedelta(days=days)
            sample = await quality.sample(session, self.shop, since, channel)
        if len(sample.judged) < LEAST:
            return sample.judged, None, sample
        mark = f"{stamp}:{days}:{channel}:{len(sample.judged)}"
        return *await self._measured("live", mark, sample.judged), sample

    async def _fixed(self, version: int | None) -> Held:
        async with self.store.tenant(self.shop) as session:
            wanted = version or await nlu.active_version(session, self.shop)
            held = self.kept.get("fixed")
            if held is not None and held[0] == str(wanted):
                return held[1], held[2]
            data = None
            if wanted is not None:
                data = await nlu.model_data(session, self.shop, wanted)
        judged = await asyncio.to_thread(judged_by, self.pack, data)
        if not judged:
            return judged, None
        return await self._measured("fixed", str(wanted), judged)

    async def _measured(self, which: str, mark: str, judged: Sequence[Judged]) -> Held:
        held = self.kept.get(which)
        if all(one.wanted == GENERAL for one in judged):
            return judged, None
        if held is None or held[0] != mark:
            found = await soon(asyncio.to_thread(measured, judged), PATIENCE_S)
            held = mark, judged, found
            self.kept[which] = held
        return held[1], held[2]


def judged_by(pack: Pack, data: bytes | None) -> Sequence[Judged]:
    """With what the pack brings where a shop has no classifier, or none that fits."""
    try:
        learned = unpacked(data) if data is not None else None
    except ClassifierInvalid:
        learned = None
    if learned is None or learned.header.pack != pack.name:
        learned = whole(pack)
    return fixed(pack, learned)


def whole(pack: Pack) -> Classifier | None:
    """What the pack brings, as far as it can be read: the bot goes on by its rules, too."""
    try:
        return brought(pack)
    except ClassifierInvalid:
        return None
