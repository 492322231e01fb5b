"""Golden cases and simulated customers: enough of them, of every kind, and strictly read."""

from pathlib import Path

import pytest

from app.personas import read_personas
from config.folders import PackError
from config.golden import Case, golden
from config.insults import insults
from config.packs import load_pack
from tests.docs.pages import ROOT

PACKS = ["ventas", "creditos", "finanzas"]
KINDS = {"inyección", "desconocido", "fuera de tema", "datos ajenos", "typos", "voz", "idioma"}


def given(folder: Path, *lines: str) -> Path:
    above = (load_pack("ventas").folder / "pack.toml").read_text(encoding="utf-8")
    (folder / "pack.toml").write_text(f'extends = "ventas"\n{above}')
    (folder / "golden.jsonl").write_text("\n".join(lines))
    return folder


@pytest.mark.parametrize("name", PACKS)
def test_every_pack_brings_sixty_cases_of_every_kind(name: str) -> None:
    cases = golden(load_pack(name))
    assert len(cases) >= 60
    assert min(sum(one.split == split for one in cases) for split in ("dev", "test")) >= 25
    assert {tag for one in cases for tag in one.tags} >= KINDS
    bare = [one.name for one in cases if not (one.must or one.never or one.unknown)]
    assert bare == []


@pytest.mark.parametrize("name", PACKS)
def test_every_pack_brings_twenty_simulated_customers(name: str) -> None:
    cast = read_personas(load_pack(name).folder / "personas.toml")
    assert len({one.name for one in cast}) == len(cast) >= 20
    assert any(step.voice for one in cast for step in one.steps)
    assert sum(bool(one.never) for one in cast) >= 8


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"name": "a", "split": "dev"}', "line 1: messages"),
        ('{"name": "a", "split": "train", "messages": ["x"]}', "line 1: split"),
        ('{"name": "a", "split": "dev", "messages": ["x"], "shoud": []}', "line 1: shoud"),
        ('{"name": "a", "split": "dev", "messages": ["x"], "intent": "volar"}', "no 'volar'"),
        ("nothing", "line 1"),
    ],
)
def test_a_case_that_makes_no_sense_is_refused_with_its_line(
    tmp_path: Path, line: str, why: str
) -> None:
    with pytest.raises(PackError, match=why):
        golden(load_pack(given(tmp_path, line)))


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    line = Case(name="a", split="dev", messages=("hola",)).model_dump_json()
    with pytest.raises(PackError, match="line 2: 'a' stands twice"):
        golden(load_pack(given(tmp_path, line, line)))


def test_a_pack_with_other_wares_is_not_asked_about_those_of_the_pack_it_extends() -> None:
    assert golden(load_pack(ROOT / "examples" / "mi_tienda")) == ()


def test_the_insults_are_written_as_they_are_compared() -> None:
    assert len(insults()) > 80
    assert all(word == word.lower().strip() and word.isascii() for word in insults())
