"""Keeps files by what they are: the name is the hash of the contents, nobody's own words."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Files:
    """Below `folder`, one folder for each owner; readable by this user alone."""

    folder: Path

    def keep(self, owner: str, data: bytes) -> tuple[str, str]:
        """The hash, and the path below the folder. The same contents are kept once."""
        digest = sha256(data).hexdigest()
        place = f"{owner}/{digest[:2]}/{digest}"
        target = self.folder / place
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = target.with_suffix(f".{os.getpid()}")
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as to:
                to.write(data)
                to.flush()
                os.fsync(to.fileno())
            draft.replace(target)
        return digest, place

    def path(self, place: str) -> Path | None:
        """None for what is not ours, or gone."""
        found = (self.folder / place).resolve()
        return found if found.is_relative_to(self.folder.resolve()) and found.is_file() else None
