"""What each shop says of itself, in memory: its hours, its address, how it ships and is paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from knowledge.shelves import Shelves
from store import choices


@dataclass(frozen=True, slots=True)
class Facts(Shelves[tuple[str, str], Mapping[str, str]]):
    async def read(self, shop: UUID) -> tuple[tuple[str, str], ...]:
        async with self.store.reading() as session:
            return tuple(sorted((await choices.facts(session, shop)).items()))

    def made(self, rows: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
        return dict(rows)
