"""The operations of the API as a page shows them, with requests to copy. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

FILES: Final = "multipart/form-data"
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """`needs` is the permission a key has to have; `alias_of` what it is another address of."""

    name: str
    method: str
    path: str
    says: str
    needs: str
    alias_of: str
    parameters: Sequence[tuple[str, str, str]]
    answers: Sequence[str]
    curl: str
    python: str


def tags(contract: Mapping[str, Any]) -> list[str]:
    found = {tag for methods in contract["paths"].values() for one in methods.values()
             for tag in one["tags"]}  # fmt: skip
    return [*sorted(found - {"aliases"}), "aliases"]


def operations(contract: Mapping[str, Any], tag: str, base: str) -> list[Operation]:
    """`base` is where this server answers."""
    return [
        _operation(contract, (method.upper(), path, one), base)
        for path, methods in contract["paths"].items()
        for method, one in methods.items()
        if tag in one["tags"]
    ]


def _operation(
    contract: Mapping[str, Any], place: tuple[str, str, Mapping[str, Any]], base: str
) -> Operation:
    method, path, one = place
    parameters = [
        (each["name"], each["in"], each.get("description", ""))
        for each in one.get("parameters", ())
    ]
    body = one.get("requestBody", {}).get("content", {})
    example = _example(contract, body)
    files = FILES in body
    return Operation(
        name=one["operationId"],
        method=method,
        path=path,
        says=one.get("description", ""),
        needs=one.get("x-permission", ""),
        alias_of=one.get("x-alias-of", ""),
        parameters=parameters,
        answers=sorted(one["responses"]),
        curl=_curl(method, base + path, example, files=files),
        python=_python(method, base + path, example, files=files),
    )


def _example(contract: Mapping[str, Any], body: Mapping[str, Any]) -> Any:  # noqa: ANN401  any JSON
    name = body.get(JSON, {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    if not name:
        return None
    return contract["components"]["schemas"][name].get("examples", [{}])[0]


def _curl(method: str, address: str, example: Any, *, files: bool) -> str:  # noqa: ANN401  any JSON
    parts = [f'curl -X {method} "{address}"', '  -H "Authorization: Bearer $KEY"']
    if example is not None:
        told = json.dumps(example, ensure_ascii=False).replace("'", "'\\''")
        parts += ['  -H "Content-Type: application/json"', f"  -d '{told}'"]
    if files:
        parts.append("  -F file=@archivo.csv")
    return " \\\n".join(parts)


def _python(method: str, address: str, example: Any, *, files: bool) -> str:  # noqa: ANN401  any JSON
    more = f",\n    json={example!r}" if example is not None else ""
    more += ',\n    files={"file": open("archivo.csv", "rb")}' if files else ""
    return (
        "import httpx2\n\n"
        f'answer = httpx2.request(\n    "{method}", "{address}",\n'
        f'    headers={{"Authorization": f"Bearer {{key}}"}}{more},\n)\n'
        "print(answer.json())"
    )


def address(tag: str) -> str:
    return f"/api?{urlencode({'tema': tag})}"
