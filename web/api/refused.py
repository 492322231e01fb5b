"""What the parts of the bot refuse, as problems of the API."""

from collections.abc import Mapping
from functools import wraps
from typing import Any, Final

from fastapi.responses import Response

from evaluation.casing import CaseRefused
from handlers.payments import OrderUnknown
from knowledge.extraction import DocumentError, DocumentRefused, TooManyFiles
from knowledge.importing.errors import (
    ImportRefused,
    ImportUnknown,
    PreviewOutdated,
    SheetTooLarge,
    UndoRefused,
)
from knowledge.wording import WordRefused
from learning.correcting import AlreadyDecided, CheckFailed, CorrectionRefused, NoSuchCorrection
from learning.errors import DatasetError, DatasetUnknown
from learning.grading import GradeRefused, NoSuchRating, ReplyUnknown
from learning.lessons import LessonRefused, NoSuchTurn, NothingToUndo
from learning.questions import NoSuchQuestion
from learning.refusals import JobUnknown, TrainingRefused
from learning.registering import ModelInUse
from learning.reviewing import Taken
from learning.rollout import Refused
from learning.trainers.base import OrderRefused
from llm.base import ModelError
from web.api.problems import Problem
from web.api.repeating import Endpoint

CODES: Final[Mapping[type[Exception], str]] = {
    ReplyUnknown: "not_found",
    NoSuchRating: "not_found",
    NoSuchCorrection: "not_found",
    DatasetUnknown: "not_found",
    JobUnknown: "not_found",
    NoSuchTurn: "not_found",
    NoSuchQuestion: "not_found",
    OrderUnknown: "not_found",
    ImportUnknown: "not_found",
    NothingToUndo: "conflict",
    AlreadyDecided: "conflict",
    PreviewOutdated: "conflict",
    UndoRefused: "conflict",
    ModelInUse: "conflict",
    Refused: "conflict",
    Taken: "conflict",
    GradeRefused: "refused",
    LessonRefused: "refused",
    CorrectionRefused: "refused",
    TrainingRefused: "refused",
    OrderRefused: "refused",
    DatasetError: "refused",
    SheetTooLarge: "too_large",
    ImportRefused: "refused",
    WordRefused: "refused",
    CaseRefused: "refused",
    TooManyFiles: "too_many",
    DocumentRefused: "refused",
    DocumentError: "unavailable",
    ModelError: "unavailable",
}
"""The first that fits: what is narrower stands before what is wider."""
LARGE: Final = frozenset({"too_big", "too_long", "too_many_pages"})
"""Why a document is refused that is only too much of one."""


def explained(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def asked(*args: Any, **given: Any) -> Response:  # noqa: ANN401  whatever the endpoint takes
        try:
            return await endpoint(*args, **given)
        except tuple(CODES) as error:
            raise _problem(error) from error

    return asked


def _problem(error: Exception) -> Problem:
    code = next(code for kind, code in CODES.items() if isinstance(error, kind))
    if isinstance(error, DocumentRefused):
        wait = error.retry_s if isinstance(error, TooManyFiles) else None
        said = f"{error.why}: {error.next}"
        return Problem("too_large" if error.problem in LARGE else code, said, retry_s=wait)
    return Problem(code, _said(error), errors=_checks(error))


def _said(error: Exception) -> str:
    if not isinstance(error, ImportRefused):
        return str(error)
    return ": ".join(filter(None, (str(error), error.why, error.hint)))


def _checks(error: Exception) -> list[dict[str, Any]]:
    if not isinstance(error, CheckFailed):
        return []
    return [
        {"loc": ("body", "text"), "msg": one.why, "type": one.name}
        for one in error.checks
        if not one.ok
    ]
