"""`simulate --personas`: customers with habits, who burst, change their mind and vanish."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.customers import ScriptError
from config.settings import ROOT

PERSONAS = ROOT / "examples" / "personas.toml"


def _pattern(text: str) -> str:
    try:
        re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(Strict):
    """One thing a persona does, `after` seconds. `expect` waits for one answer that matches,
    `quiet` sees that none comes for so many seconds, `tap` presses the choice with this title,
    `human` is what the shop's owner writes from the phone."""

    after: float = Field(default=0.0, ge=0, le=60)
    say: str | None = None
    voice: str | None = None
    photo: str | None = None
    tap: str | None = None
    human: str | None = None
    expect: Annotated[str, AfterValidator(_pattern)] | None = None
    quiet: float | None = Field(default=None, gt=0, le=60)

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Step":
        done = [self.say, self.voice, self.photo, self.tap, self.human, self.expect, self.quiet]
        if sum(one is not None for one in done) != 1:
            raise ValueError("a step does one of: say, voice, photo, tap, human, expect, quiet")
        return self


class Persona(Strict):
    """`never` is what no answer to them may say, read without accents and capitals; `phone` is what
    the network says of them."""

    name: str
    title: str
    steps: tuple[Step, ...] = Field(min_length=1)
    never: tuple[Annotated[str, AfterValidator(_pattern)], ...] = ()
    phone: str | None = None


class Cast(Strict):
    persona: tuple[Persona, ...] = Field(min_length=1)


def read_personas(path: Path = PERSONAS) -> tuple[Persona, ...]:
    """Raises ScriptError with the place of what is wrong."""
    try:
        return Cast.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).persona
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScriptError(f"{path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ScriptError(f"{path}: {place}: {first['msg']}") from error


@dataclass(slots=True)
class Lived:
    """What one persona's customers experienced; `surplus` are answers nobody waited for, `heard`
    all that they were told."""

    persona: str
    customers: int = 0
    messages: int = 0
    expected: int = 0
    answered: int = 0
    unanswered: int = 0
    wrong: int = 0
    surplus: int = 0
    after_a_person: int = 0
    waits: list[float] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
