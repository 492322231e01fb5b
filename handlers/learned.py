"""The classifier of each shop in memory: a new one is in use within seconds.

A shop that trained none has that of its pack.
"""

import asyncio
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import structlog

from config.packs import Pack
from knowledge.shelves import Shelves
from nlu.brought import brought
from nlu.classifier import Classifier, ClassifierInvalid, unpacked
from store import nlu

log = structlog.get_logger()
Version: TypeAlias = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Learned:
    """None where neither a shop nor its pack has one that can be used: its rules go on alone."""

    classifier: Classifier | None


@dataclass(frozen=True, slots=True)
class Classifiers(Shelves[Version, Learned]):
    pack: Pack

    async def read(self, shop: UUID) -> tuple[Version, ...]:
        """What is in memory already is not fetched again."""
        shelf = self.shelves.get(shop)
        held = shelf.rows if shelf is not None else ()
        async with self.store.reading() as session:
            version = await nlu.active_version(session, shop)
            if version is None:
                return ()
            if held and held[0][0] == version:
                return held
            found = await nlu.active_model(session, shop)
        return (found,) if found is not None else ()

    def made(self, rows: tuple[Version, ...]) -> Learned:
        own = self._own(*rows[0]) if rows else None
        return Learned(own or self._brought())

    def _own(self, version: int, data: bytes) -> Classifier | None:
        try:
            classifier = unpacked(data)
        except ClassifierInvalid as error:
            log.warning("classifier.refused", version=version, reason=str(error))
            return None
        if classifier.header.pack != self.pack.name:
            reason = f"it is of the pack {classifier.header.pack}"
            log.warning("classifier.refused", version=version, reason=reason)
            return None
        return classifier

    def _brought(self) -> Classifier | None:
        try:
            return brought(self.pack)
        except ClassifierInvalid as error:
            log.warning("classifier.refused", pack=self.pack.name, reason=str(error))
            return None

    async def _ready(self, rows: tuple[Version, ...]) -> Learned:
        """Beside the event loop: there are a million numbers in it."""
        return await asyncio.to_thread(self.made, rows)
