"""The classifier that a pack brings, so that a new shop understands more than its rules."""

from functools import lru_cache
from typing import Final

from config.packs import Pack, beside
from nlu.classifier import Classifier, unpacked

FILE: Final = "classifier.bin"


@lru_cache(maxsize=16)
def brought(pack: Pack) -> Classifier | None:
    """Of the pack itself or the one it extends; a pack may come without any."""
    path = beside(pack, FILE)
    return unpacked(path.read_bytes()) if path is not None else None
