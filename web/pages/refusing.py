"""What an administrator reads when something is not there, or may not be done."""

from fastapi import Request
from fastapi.responses import Response

from learning.rollout import Refused
from web.reasons import reason_of
from web.rendering import Pages

CONFLICT = 409


def not_found(pages: Pages, request: Request, back: str) -> Response:
    return pages.answer(request, "negado.html", status=404, code="", reason=None, back=back)


def refused(
    pages: Pages, request: Request, error: Exception | str, back: str, *, status: int = 422
) -> Response:
    """A rule of rollouts by its reason, anything else by the name of what was raised."""
    reason = reason_of(error.why) if isinstance(error, Refused) else None
    code = error if isinstance(error, str) else type(error).__name__
    return pages.answer(
        request, "negado.html", status=status, code="" if reason else code, reason=reason,
        back=back,
    )  # fmt: skip
