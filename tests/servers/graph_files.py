"""The files Meta keeps: what customers sent, and what we uploaded."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.graph_faults import UNKNOWN_OBJECT, Fault, error

TAKEN = {
    "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "application/pdf",
    "image/jpeg", "image/png", "image/webp", "text/plain", "video/mp4", "video/3gpp",
}  # fmt: skip


@dataclass
class File:
    """`url` is where Meta says it lies, when that is not here; `size` what it says of it."""

    data: bytes
    mime: str
    url: str | None = None
    size: int | None = None


@dataclass
class Files:
    kept: dict[str, File] = field(default_factory=dict)

    def keep(self, file: File) -> str:
        """The id by which one may ask for it."""
        ref = str(10**14 + len(self.kept))
        self.kept[ref] = file
        return ref

    def described(self, ref: str, base: str) -> dict[str, Any] | Fault:
        if (found := self.kept.get(ref)) is None:
            return UNKNOWN_OBJECT
        return {
            "messaging_product": "whatsapp",
            "url": found.url or f"{base}/files/{ref}",
            "mime_type": found.mime,
            "sha256": hashlib.sha256(found.data).hexdigest(),
            "file_size": len(found.data) if found.size is None else found.size,
            "id": ref,
        }

    def upload(self, form: dict[str, Any]) -> dict[str, Any] | Fault:
        file, mime = form.get("file"), str(form.get("type"))
        if form.get("messaging_product") != "whatsapp" or not isinstance(file, web.FileField):
            return error(100, "The parameters messaging_product and file are required.")
        if mime not in TAKEN or file.content_type != mime:
            return error(100, f"Param file must be a file with one of the types {sorted(TAKEN)}")
        with file.file as sent:
            return {"id": self.keep(File(sent.read(), mime))}
