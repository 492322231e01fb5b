"""What the Bot API on this machine gives back: the files customers sent."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.telegram_faults import Fault, refused

LARGEST = 20 * 1024**2


@dataclass
class Files:
    """`kept` is by file id. `sizes` are what getFile says where that is not the truth; a file in
    `broken` ends before its end; while they are `vanishing` none outlives its getFile."""

    kept: dict[str, bytes] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    vanishing: bool = False
    begun: int = 0

    async def about(self, params: dict[str, Any]) -> dict[str, Any] | Fault:
        name = params["file_id"]
        if name not in self.kept:
            return refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = self.sizes.get(name, len(self.kept[name]))
        if size > LARGEST:
            return refused(400, "Bad Request: file is too big")
        return {
            "file_id": name,
            "file_unique_id": f"u-{name}",
            "file_size": size,
            "file_path": f"documents/{name} ñ.bin",
        }

    async def give(self, name: str, request: web.Request) -> web.StreamResponse:
        path = name.removeprefix("documents/").removesuffix(" ñ.bin")
        contents = self.kept.get(path)
        if contents is None or self.vanishing:
            return web.json_response({"ok": False, "error_code": 404}, status=404)
        self.begun += 1
        answer = web.StreamResponse(headers={"Content-Length": str(len(contents))})
        await answer.prepare(request)
        whole = len(contents) // 2 if path in self.broken else len(contents)
        for start in range(0, whole, 1 << 16):
            await answer.write(contents[start : min(start + (1 << 16), whole)])
            await asyncio.sleep(0)
        if path in self.broken and request.transport is not None:
            request.transport.abort()
        return answer
