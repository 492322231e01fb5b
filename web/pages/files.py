"""Our own files, kept by browsers for ever, and the sample shop's photos."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

from config.packs import Pack
from config.photos import draw_photo
from web.rendering import STATIC, static
from web.routing import PUBLIC, Route

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
AN_HOUR = {"Cache-Control": "public, max-age=3600"}
SERVED = {
    str(file.relative_to(STATIC)): file
    for file in STATIC.rglob("*")
    if file.suffix in {".css", ".js", ".svg"}
}


@dataclass(frozen=True, slots=True)
class Files:
    pack: Pack

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", "/static/{version}/{name:path}", self.static, PUBLIC),
            Route("GET", "/fotos/{sku}.svg", self.photo, PUBLIC),
            Route("GET", "/photos/{sku}.svg", self.photo, PUBLIC),
        ]

    async def static(self, version: str, name: str) -> Response:
        """An old page may ask for a version that is gone; it gets today's, but may not keep it."""
        if name not in SERVED:
            raise HTTPException(404)
        current = static(name) == f"/static/{version}/{name}"
        return FileResponse(SERVED[name], headers=FOR_EVER if current else {})

    async def photo(self, sku: str) -> Response:
        article = next((one for one in self.pack.products if one.sku == sku), None)
        if article is None or self.pack.photo is None:
            raise HTTPException(404)
        drawn = draw_photo(self.pack.photo, article.name, article.category)
        return Response(drawn, headers=AN_HOUR, media_type="image/svg+xml")
