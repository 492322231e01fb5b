"""The bill of materials says all that is pinned and vendored, and always in the same words."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from scripts.sbom import VENDOR, bom
from tests.architecture.sources import ROOT

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def named(kind: str) -> dict[str, dict[str, Any]]:
    return {one["purl"]: one for one in bom()["components"] if one["purl"].startswith(kind)}


def contents(one: dict[str, Any]) -> set[str]:
    return {each["content"] for each in one["hashes"]}


def test_every_pin_is_in_it_with_all_its_hashes() -> None:
    known, hashes = named("pkg:pypi/"), 0
    told: set[str] = set()
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text()
        ours = [one for one in known.values() if {"name": "aprendiz:requirements",
                "value": path.name} in one["properties"]]  # fmt: skip
        assert len(ours) == len(PINNED.findall(text)) > 0, path.name
        inside = set(re.findall(r"sha256:([0-9a-f]{64})", text))
        assert inside <= set().union(*map(contents, ours)), path.name
        hashes, told = hashes + len(inside), told | inside
    assert told == set().union(*map(contents, known.values()))
    assert all(map(contents, known.values())), "a package without a hash"
    assert hashes > len(known) > 100


def test_every_vendored_file_is_in_it() -> None:
    found = {
        file["name"]: contents(file)
        for one in named("pkg:npm/").values()
        for file in one["components"]
    }
    written = tomllib.loads((ROOT / VENDOR).read_text())["file"]
    lying = [one for one in (ROOT / VENDOR.parent).iterdir() if one.suffix in {".js", ".css"}]
    assert len(found) == len(written) == len(lying)
    for path in lying:
        place = path.relative_to(ROOT).as_posix()
        assert found[place] == {hashlib.sha256(path.read_bytes()).hexdigest()}


def test_what_only_tests_need_is_told_apart_from_what_runs() -> None:
    scopes = {one["name"]: one["scope"] for one in named("pkg:pypi/").values()}
    assert (scopes["fastapi"], scopes["pytest"], scopes["torch"]) == (
        "required", "excluded", "optional",
    )  # fmt: skip


def test_the_same_pins_give_the_same_bytes(tmp_path: Path) -> None:
    said = [tmp_path / name for name in ("one.json", "deep/two.json")]
    for path in said:
        command = [sys.executable, str(ROOT / "scripts" / "sbom.py"), "--to", str(path)]
        subprocess.run(command, check=True, cwd=tmp_path)
    first, second = (path.read_bytes() for path in said)
    assert first == second
    assert json.loads(first) == bom()
    assert (json.loads(first)["bomFormat"], json.loads(first)["specVersion"]) == (
        "CycloneDX", "1.6",
    )  # fmt: skip
