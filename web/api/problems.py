"""Errors as programs read them: RFC 9457, with a `code` that stays the same.

Problem   an answer that ends a request early; raised by endpoints, shown by web/refusals.py
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from fastapi import Request
from fastapi.responses import Response

PREFIX: Final = (
    "/api/", "/ask", "/dataset/", "/eval/", "/finetune/", "/models/", "/nlu/", "/style/",
    "/training/",
)  # fmt: skip
"""How addresses for programs begin: all that is documented lies under the first of them."""
MEDIA: Final = "application/problem+json"
SAID: Final[Mapping[str, tuple[int, str, str]]] = {
    "bad_request": (400, "The request cannot be read", "Send JSON that fits the documentation."),
    "cursor_invalid": (
        400,
        "This cursor belongs to another list",
        "Take next_cursor of the page before, with the same filters; or begin without a cursor.",
    ),
    "unauthorized": (
        401,
        "A key is needed",
        "Send the header Authorization: Bearer <key>; main.py key new makes one.",
    ),
    "forbidden": (
        403,
        "This key, or this site, may not do that",
        "Use a key with the scope the documentation names; call from a program, not from a page.",
    ),
    "not_found": (404, "There is no such thing", "Look at the address, and at whose shop it is."),
    "method_not_allowed": (405, "That cannot be done here", "The header Allow says what can."),
    "conflict": (409, "That does not fit what is there", "Read it again, and decide anew."),
    "idempotency_key_reused": (
        409,
        "This Idempotency-Key was used for something else",
        "Use a new key for a new request, and the same one only to repeat a request.",
    ),
    "in_flight": (
        409,
        "The same request is being worked at",
        "Wait as long as Retry-After says, then send it again with the same Idempotency-Key.",
    ),
    "stale": (
        412,
        "Somebody changed it meanwhile",
        "Read it again, and send If-Match with its new ETag.",
    ),
    "too_large": (413, "The request is too large", "Send less."),
    "invalid": (422, "A part of the request is not valid", "Correct what `errors` names."),
    "refused": (422, "It was refused", "Correct what `detail` names."),
    "if_match_needed": (
        428,
        "It has to be said what is being changed",
        "Read it first, and send its ETag in the header If-Match.",
    ),
    "too_many": (429, "Too many requests", "Wait as long as Retry-After says."),
    "internal": (500, "A bug of ours", "It has been logged."),
    "unavailable": (503, "Something is being restarted", "Send the same request again."),
}
USUAL: Final[Mapping[int, str]] = {
    status: code for code, (status, _, _) in reversed(tuple(SAID.items()))
}
"""What a status means where nobody said more: the first of its codes."""
RETRY_S: Final = 5


@dataclass(frozen=True, slots=True)
class Said:
    """`detail` replaces what is always said; `errors` name the parts of a request."""

    detail: str = ""
    errors: Sequence[Mapping[str, Any]] = ()
    retry_s: int | None = None


class Problem(Exception):
    def __init__(self, code: str, detail: str = "", **more: Any) -> None:  # noqa: ANN401  of Said
        super().__init__(code, detail)
        self.code, self.said = code, Said(detail, **more)


def told(code: str, path: str, request_id: str, said: Said = Said()) -> Response:
    status, title, usual = SAID[code]
    body: dict[str, Any] = {
        "type": f"urn:aprendiz:{code}",
        "title": title,
        "status": status,
        "detail": said.detail or usual,
        "instance": path,
        "code": code,
        "request_id": request_id,
    }
    if said.errors:
        body["errors"] = [
            {name: one[name] for name in ("loc", "msg", "type")} for one in said.errors
        ]
    headers = {"Cache-Control": "no-store", "X-Request-ID": request_id}
    if code == "unauthorized":
        headers["WWW-Authenticate"] = "Bearer"
    if said.retry_s is not None or code == "unavailable":
        headers["Retry-After"] = str(said.retry_s or RETRY_S)
    return Response(json.dumps(body, ensure_ascii=False, default=str), status, headers, MEDIA)


def usual(status: int) -> str:
    return USUAL.get(status, "internal")


def of(request: Request, code: str, said: Said = Said()) -> Response:
    return told(code, request.url.path, request_id(request.scope), said)


def request_id(scope: Mapping[str, Any]) -> str:
    """Given by the caller, or made where the request came in."""
    state: Mapping[str, Any] = scope.get("state", {})
    return str(state.get("request_id") or uuid4().hex)
