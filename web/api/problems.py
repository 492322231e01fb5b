"""Errors as programs read them: RFC 9457, with a `code` that stays the same."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.responses import Response

PREFIX: Final = "/api/"
SAID: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad_request", "The request cannot be read", "Send JSON that fits the documentation."),
    401: (
        "unauthorized",
        "A key is needed",
        "Send the header Authorization: Bearer <key>; the key is web.key of the settings.",
    ),
    403: ("forbidden", "That came from another site", "Call from a program, not from a page."),
    404: ("not_found", "There is no such thing", "Look at the address, and at whose shop it is."),
    405: ("method_not_allowed", "That cannot be done here", "Look at the documentation."),
    409: (
        "idempotency_key_reused",
        "This Idempotency-Key was used for something else",
        "Use a new key for a new request, and the same one only to repeat a request.",
    ),
    413: ("too_large", "The request is too large", "Send less."),
    422: ("invalid", "A part of the request is not valid", "Correct what `errors` names."),
    429: ("too_many", "Too many wrong keys", "Wait as long as Retry-After says."),
    503: ("unavailable", "Something is being restarted", "Send the same request again."),
}


def problem(
    status: int, path: str, errors: Sequence[Mapping[str, Any]] = (), retry_s: int | None = None
) -> Response:
    code, title, detail = SAID.get(status, ("internal", "A bug of ours", "It has been logged."))
    body: dict[str, Any] = {
        "type": f"urn:aprendiz:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": path,
        "code": code,
    }
    if errors:
        body["errors"] = [{name: one[name] for name in ("loc", "msg", "type")} for one in errors]
    headers = {"Cache-Control": "no-store"}
    if status == 401:  # noqa: PLR2004  the status that must name its scheme
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503 or retry_s is not None:  # noqa: PLR2004  the status of "later"
        headers["Retry-After"] = str(retry_s or 5)
    return Response(
        json.dumps(body, ensure_ascii=False), status, headers, "application/problem+json"
    )
