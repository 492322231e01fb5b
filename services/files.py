"""Keeps files by what they are: the name is the hash of the contents, nobody's own words."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

MARKS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
}


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
            draft = target.with_suffix(f".{token_hex(8)}")
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
        try:
            found = (self.folder / place).resolve()
            ours = found.is_relative_to(self.folder.resolve()) and found.is_file()
        except (OSError, RuntimeError, ValueError):  # no file can be called so
            return None
        return found if ours else None

    def forget(self, place: str) -> None:
        """What is gone already is forgotten, too."""
        found = self.path(place)
        if found is not None:
            found.unlink(missing_ok=True)


def kind_of(head: bytes) -> str | None:
    """The type of a picture or a PDF by its first bytes, whatever its sender says of it."""
    for mark, kind in MARKS.items():
        if head.startswith(mark):
            return kind
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def kind_of_file(path: Path) -> str | None:
    with path.open("rb") as opened:
        return kind_of(opened.read(16))
