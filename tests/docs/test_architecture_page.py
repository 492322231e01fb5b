"""The architecture page names every event, stage, key, script and error, and no other."""

import ast
import re
from dataclasses import fields
from itertools import chain
from uuid import UUID

import pytest

from app.backing import Backing
from app.flow import stages
from app.parts import build
from app.plugins import App
from events import vocabulary
from events.happened import Happened
from events.partitions import Keys
from events.stages import Lanes
from services.state import Endpoints
from tests.docs.pages import ROOT, codes, page, rows
from tests.fixtures.bots import knobs

PAGE = page("docs/architecture.md")
SCRIPTS = sorted(ROOT.glob("*/lua/*.lua"))


def ours() -> set[str]:
    kinds = vocabulary.kinds().items()
    return {name for name, kind in kinds if kind.__module__.startswith("events.")}


def test_every_event_is_described_and_no_other() -> None:
    told = [codes(row[0])[0] for row in rows(PAGE.section("The events"))]
    assert sorted(told) == sorted(ours())


async def test_the_table_of_the_stages_is_the_flow(
    database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    here = Backing(database_url, endpoints.redis_url, embedded=True)
    async with build(knobs(prefix), here, App(), {}) as parts:
        flow = {
            stage.group: {kind for kind in stage.kinds.split(",") if kind}
            for stage in stages(parts)
        }
        lanes = {stage.group for stage in stages(parts) if isinstance(stage, Lanes)}
    told = rows(PAGE.section("The stages"))
    assert {codes(row[0])[0]: set(codes(row[2])) for row in told} == flow
    assert {codes(row[0])[0] for row in told if row[1].startswith("lanes")} == lanes


def test_what_a_stage_is_said_to_return_are_events() -> None:
    told = chain.from_iterable(codes(row[3]) for row in rows(PAGE.section("The stages")))
    assert set(told) <= ours()


def test_every_field_of_the_envelope_is_told() -> None:
    section = PAGE.section("The events")
    assert all(f"`{name}`" in section for name in Happened.__struct_fields__)


def test_every_key_of_a_partition_is_told() -> None:
    keys, some = Keys("P", 1), UUID(int=0)
    made = {
        keys.stream(0), keys.lease(0), keys.timers(0), keys.timer_events(0), keys.attempts(0),
        keys.dead(0, "G"), keys.seen(0, some), keys.turn(some, 0), keys.history(some),
        keys.silence(some), keys.shut(some), keys.window(some), keys.spoken(some),
        keys.nudge(some), keys.poll(some), keys.notes(some), keys.pause(some, 0),
        keys.claim(0, some), keys.groups, keys.members,
    }  # fmt: skip
    builders = {name for name in vars(Keys) if not name.startswith("_")}
    assert len(made) == len(builders - {"partition", *(field.name for field in fields(Keys))})
    told = set(codes(PAGE.section("What lies in Redis")))
    anonymous = {re.sub(r"<\w+>", "*", key.replace("{n}", "{0}")) for key in told}
    assert {key.replace(str(some), "*").replace(":G", ":*") for key in made} <= anonymous


def test_every_script_is_told_and_no_other() -> None:
    told = [codes(row[0])[0] for row in rows(PAGE.section("The scripts"))]
    assert sorted(told) == sorted(str(path.relative_to(ROOT)) for path in SCRIPTS)


def test_a_script_is_called_fenced_where_it_looks_at_the_lease() -> None:
    for name, told in rows(PAGE.section("The scripts")):
        body = (ROOT / codes(name)[0]).read_text()
        fenced = re.search(r"GET', KEYS\[1\]\) ~= ARGV\[1\]", body) is not None
        if name.startswith("`events"):
            assert told.startswith("fenced") is fenced, name


@pytest.mark.parametrize("row", rows(PAGE.section("How things may fail")), ids=lambda row: row[0])
def test_the_trees_of_errors_are_those_of_the_code(row: list[str]) -> None:
    told = {name for cell in (row[0], row[2]) for name in codes(cell)}
    made: set[str] = set()
    for path in codes(row[1]):
        tree = ast.parse((ROOT / path).read_text())
        made |= {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        made |= {exception for exception in _exceptions(tree) if row[2].count("`")}
        if row[2].count("`") and "value" not in row[0]:
            assert _exceptions(tree) <= told, path
    assert told <= made


def _exceptions(tree: ast.Module) -> set[str]:
    """Classes of a module that descend from Exception."""
    found = {"Exception"}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and found & {ast.unparse(base) for base in node.bases}:
            found.add(node.name)
    return found - {"Exception"}
