"""What each known error means to the person at the terminal, and what to type next."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer
from pydantic import ValidationError
from redis.exceptions import RedisError

from app.backing import NotMigrated
from app.console import CONFIG, FAILED, INTERRUPTED, UNREACHABLE, refuse
from app.networks import AccountRefused
from app.plugins import PluginError
from config.folders import PackError
from config.settings import FILE, Settings, Unreadable
from knowledge.extraction import DocumentError
from knowledge.importing.errors import ImportRefused
from knowledge.wording import WordRefused
from learning.answerable import Unanswerable
from learning.correcting import CorrectionRefused
from learning.errors import DatasetError
from learning.grading import GradeRefused
from learning.ollama import DeploymentError, ServerUnavailable
from learning.refusals import TrainingRefused
from learning.trainers.base import TrainerError
from llm.base import ModelError
from prediction.errors import RiskError
from services.errors import ServicesError
from services.vault import VaultError
from store.base import StoreError
from text.guessing import meant


def explain(error: BaseException) -> None:
    """Raises typer.Exit for what is known; returns for what is not, which then keeps its trace."""
    match error:
        case KeyboardInterrupt() | typer.Abort():
            raise typer.Exit(INTERRUPTED) from None
        case ValidationError():
            _explain_setting(error.errors()[0])
        case Unreadable():
            hint = "correct that place; aprendiz.example.toml shows how each setting is written"
            refuse(f"{FILE} cannot be read", str(error), hint)
        case ServicesError():
            refuse(error.what, error.why, error.hint, code=UNREACHABLE)
        case NotMigrated():
            refuse("the database is not at this release", str(error), "main.py migrate")
        case StoreError():
            hint = "is Postgres running, and APRENDIZ_DATABASE_URL right? main.py doctor"
            refuse("Postgres cannot be used", str(error), hint, code=UNREACHABLE)
        case RedisError():
            hint = "is Redis running, and APRENDIZ_REDIS_URL right? main.py doctor"
            refuse("Redis cannot be used", str(error), hint, code=UNREACHABLE)
        case PluginError() | PackError():
            refuse("the bot cannot be put together", str(error), f"look at {FILE}", code=CONFIG)
        case VaultError() | AccountRefused():
            hint = "give it anew by main.py channels add, or set APRENDIZ_SECRET_KEY as it was then"
            refuse("the account cannot be used", str(error), hint)
        case _:
            _explain_work(error)


def _explain_setting(wrong: Mapping[str, Any]) -> None:
    names = [str(part) for part in wrong["loc"]]
    place = ".".join(names)
    hint = f"correct it in {FILE} or the environment; main.py config show lists them all"
    if wrong["type"] != "extra_forbidden":
        why = wrong["msg"].removeprefix("Value error, ")
        refuse(f"the setting {place} is wrong", why, hint)
    within = "".join(f"{name}." for name in names[:-1])
    why = meant(names[-1], _beside(names[:-1]), within)
    refuse(f"there is no setting {place}", why, hint)


def _beside(names: Sequence[str]) -> list[str]:
    """The settings of a section, or the sections."""
    model: Any = Settings
    for name in names:
        field = model.model_fields.get(name)
        model = getattr(field, "annotation", None)
        if not hasattr(model, "model_fields"):
            return []
    return list(model.model_fields)


def _explain_work(error: BaseException) -> None:
    """Work that was refused, and changed nothing."""
    match error:
        case ImportRefused():
            refuse(str(error), error.why, error.hint, code=FAILED)
        case WordRefused():
            refuse(
                "the dictionary stays as it is", str(error), "say it in other words", code=FAILED
            )
        case GradeRefused() | CorrectionRefused():
            refuse("nothing was changed", str(error), error.hint, code=FAILED)
        case DatasetError() | TrainingRefused() | RiskError():
            refuse(error.what, error.why, error.hint, code=FAILED)
        case TrainerError() | Unanswerable():
            refuse(error.what, error.why, error.next, code=FAILED)
        case DeploymentError():
            code = UNREACHABLE if isinstance(error, ServerUnavailable) else FAILED
            refuse(error.what, error.why, error.next, code=code)
        case DocumentError():
            refuse("the documents stay as they are", str(error), "try again", code=FAILED)
        case ModelError():
            hint = "look at its section of the settings; main.py doctor"
            refuse("the model cannot be used", str(error), hint, code=FAILED)
