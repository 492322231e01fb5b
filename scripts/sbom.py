"""Writes down what the bot is made of, as CycloneDX: each pinned package, each vendored file.

The same pins give the same bytes: there is no date in it, and its number is made of its contents.
"""

import argparse
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

ROOT: Final = Path(__file__).resolve().parent.parent
VENDOR: Final = Path("web/static/vendor/VENDOR.toml")
PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
NEEDED: Final = frozenset({"requirements.txt", "requirements-redis.txt"})
UNSHIPPED: Final = "requirements-dev.txt"
DASHED: Final = re.compile(r"[^a-z0-9]+")


@dataclass
class Pinned:
    name: str
    version: str
    hashes: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"

    @property
    def scope(self) -> str:
        """What only tests need is not in a bot; what an extra needs may be."""
        if self.files & NEEDED:
            return "required"
        return "excluded" if self.files == {UNSHIPPED} else "optional"


def pins(text: str) -> Iterator[tuple[str, str, set[str]]]:
    """Name, version and hashes of each package of a file of requirements."""
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE):
        if found := PIN.match(block):
            yield DASHED.sub("-", found[1].lower()), found[2], set(HASH.findall(block))


def packages(root: Path) -> list[dict[str, Any]]:
    known: dict[tuple[str, str], Pinned] = {}
    for path in sorted(root.glob("requirements*.txt")):
        for name, version, hashes in pins(path.read_text(encoding="utf-8")):
            one = known.setdefault((name, version), Pinned(name, version))
            one.hashes |= hashes
            one.files.add(path.name)
    return [_package(known[key]) for key in sorted(known)]


def _package(one: Pinned) -> dict[str, Any]:
    pinned = [{"name": "aprendiz:requirements", "value": name} for name in sorted(one.files)]
    return {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "scope": one.scope,
        "purl": one.purl,
        "hashes": [_hash(content) for content in sorted(one.hashes)],
        "properties": pinned,
    }


def vendored(root: Path) -> list[dict[str, Any]]:
    """Files of others that lie in the repository, below the package they were taken from."""
    told = tomllib.loads((root / VENDOR).read_text(encoding="utf-8"))["file"]
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(told, key=lambda one: str(one["name"])):
        purl = f"pkg:npm/{file['package']}@{file['version']}"
        package = found.setdefault(
            purl,
            {
                "type": "library",
                "bom-ref": purl,
                "name": file["package"],
                "version": file["version"],
                "scope": "required",
                "purl": purl,
                "licenses": [{"license": {"id": file["licence"]}}],
                "components": [],
            },
        )
        place = (VENDOR.parent / file["name"]).as_posix()
        package["components"].append(
            {
                "type": "file",
                "bom-ref": f"{purl}#{file['source']}",
                "name": place,
                "hashes": [_hash(file["sha256"])],
            }
        )
    return [found[purl] for purl in sorted(found)]


def bom(root: Path = ROOT) -> dict[str, Any]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = {"type": "application", "bom-ref": "aprendiz", "name": project["name"]}
    components = [*packages(root), *vendored(root)]
    number = uuid5(NAMESPACE_URL, json.dumps([project["version"], components], sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {"component": {**ours, "version": project["version"]}},
        "components": components,
    }


def _hash(content: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": content}


def main() -> None:
    asked = argparse.ArgumentParser(description="Write the software bill of materials.")
    asked.add_argument("--to", type=Path, help="a file; else it is printed")
    to: Path | None = asked.parse_args().to
    text = json.dumps(bom(), indent=2, ensure_ascii=False) + "\n"
    if to is None:
        print(text, end="")  # noqa: T201  that is what it is for
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
