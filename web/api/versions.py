"""ETags: of which state of a thing somebody speaks who reads or changes it. Pure but for the
problems it raises."""

import hashlib
from collections.abc import Mapping

from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from web.api.problems import Problem

ANY = "*"


def shown(
    model: BaseModel,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    by_alias: bool = False,
) -> JSONResponse:
    told = model.model_dump(mode="json", by_alias=by_alias)
    return JSONResponse(told, status, dict(headers or {}))


def tag_of(model: BaseModel) -> str:
    digest = hashlib.sha256(model.model_dump_json().encode()).hexdigest()
    return f'"{digest[:32]}"'


def tagged(model: BaseModel, known: str | None = None, status: int = 200) -> Response:
    """With its ETag; 304 where the caller has just this already (`known` is If-None-Match)."""
    tag = tag_of(model)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if known is not None and _names(known, tag):
        return Response(status_code=304, headers=headers)
    return shown(model, status, headers)


def matches(model: BaseModel, wanted: str | None) -> None:
    """`wanted` is If-Match. Raises Problem: 428 without it, 412 when the thing is another now."""
    if wanted is None:
        raise Problem("if_match_needed")
    if not _names(wanted, tag_of(model)):
        raise Problem("stale")


def _names(header: str, tag: str) -> bool:
    given = {one.strip().removeprefix("W/") for one in header.split(",")}
    return tag in given or ANY in given
