"""Every setting is documented with its default, and every example of configuration loads."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from config.settings import USUAL_NAMES, Settings
from tests.docs.pages import ROOT, codes, page, rows

DEFAULTS = Settings.model_construct()
SECTIONS = {name: getattr(DEFAULTS, name) for name in Settings.model_fields}


def plain(value: Any) -> Any:  # noqa: ANN401  settings hold anything
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without configuration, and an environment without any."""
    for name in USUAL_NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", SECTIONS)
def test_every_field_stands_in_the_table_of_its_section_with_its_default(name: str) -> None:
    section: BaseModel = SECTIONS[name]
    told = {codes(field)[0]: default for field, default, _ in rows_of(name)}
    assert told.keys() == type(section).model_fields.keys()
    for field, default in told.items():
        value = plain(getattr(section, field))
        if field == "var":
            continue
        assert default == ("none" if value is None else f"`{json.dumps(value)}`"), field


def rows_of(section: str) -> list[list[str]]:
    return rows(page("docs/configuration.md").section(section))


def test_the_usual_names_are_told_in_their_order() -> None:
    intro = page("docs/configuration.md").prose.partition("\n## ")[0]
    told = [(codes(name)[0], codes(field)[0]) for name, field in rows(intro)]
    assert told == [(name, ".".join(place)) for name, place in USUAL_NAMES.items()]


def test_the_example_file_names_every_field_once_and_shows_its_default() -> None:
    text = (ROOT / "aprendiz.example.toml").read_text()
    shown = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE))
    assert shown.keys() == SECTIONS.keys()
    for name, fields in shown.items():
        section = SECTIONS[name]
        assert fields.keys() == type(section).model_fields.keys()
        for field, value in fields.items():
            default = plain(getattr(section, field))
            assert field == "var" or default is None or value == default, f"{name}.{field}"


def test_the_example_file_is_one_that_the_bot_accepts(bare: Path) -> None:
    text = (ROOT / "aprendiz.example.toml").read_text()
    (bare / "aprendiz.toml").write_text(text)
    assert Settings() == Settings.model_validate({})
    (bare / "aprendiz.toml").write_text(re.sub(r"^# (?=\w+ = )", "", text, flags=re.MULTILINE))
    assert Settings().database.url is not None


def test_the_file_shown_in_the_readme_is_accepted(bare: Path) -> None:
    (bare / "aprendiz.toml").write_text(page("README.md").block_named("aprendiz.toml"))
    assert Settings().turns.patience == 1.5


def test_what_the_readme_says_of_the_environment_is_true(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each variable of its table changes the field that stands beside it."""
    samples: dict[str, str] = {"plugins": '["a"]', "order": '["offline"]', "patience": "2"}
    samples |= {"database.url": "postgresql://here/bot", "redis.url": "redis://here"}
    for fields, names, _ in rows(page("README.md").section("Configuration")):
        for field, name in zip(codes(fields), codes(names), strict=True):
            section, _, key = field.partition(".")
            with monkeypatch.context() as here:
                here.setenv(name, samples.get(field, samples.get(key, "x" * 12)))
                assert getattr(Settings(), section) != getattr(DEFAULTS, section), name
