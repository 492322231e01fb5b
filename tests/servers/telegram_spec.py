"""The published Bot API as an oracle: what is wrong with a call, or with an object?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLAIN: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
}


@dataclass(frozen=True)
class Spec:
    methods: Mapping[str, Any]
    types: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Spec":
        spec = json.loads(path.read_text())
        return cls(spec["methods"], spec["types"])

    def call(self, method: str, params: Mapping[str, Any]) -> list[str]:
        """What is wrong with a call whose parameters came as the text of a form."""
        described = self.methods.get(method)
        if described is None:
            return [f"{method}: there is no such method"]
        fields = {field["name"]: field for field in described.get("fields", [])}
        wrong = [f"{method}: has no {name}" for name in params.keys() - fields.keys()]
        for name, field in fields.items():
            if name in params:
                wrong += self._one_of(field["types"], params[name], f"{method}.{name}", form=True)
            elif field["required"]:
                wrong.append(f"{method}: needs {name}")
        return wrong

    def answer(self, method: str, result: object) -> list[str]:
        return self._one_of(self.methods[method]["returns"], result, f"{method} → ")

    def thing(self, kind: str, value: object, at: str = "") -> list[str]:
        described = self.types[kind]
        if described.get("subtypes"):
            return self._one_of(described["subtypes"], value, at or kind)
        if not isinstance(value, dict):
            return [f"{at or kind}: is no {kind}"]
        fields = {field["name"]: field for field in described.get("fields", [])}
        wrong = [f"{at or kind}: has no {name}" for name in value.keys() - fields.keys()]
        for name, field in fields.items():
            if name in value:
                wrong += self._one_of(field["types"], value[name], f"{at or kind}.{name}")
            elif field["required"]:
                wrong.append(f"{at or kind}: needs {name}")
        return wrong

    def _one_of(self, kinds: list[str], value: object, at: str, *, form: bool = False) -> list[str]:
        found = [self._is(kind, _parsed(kind, value) if form else value, at) for kind in kinds]
        return min(found, key=len)

    def _is(self, kind: str, value: object, at: str) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{at}: is no list"]
            inner = kind.removeprefix("Array of ")
            return [w for n, item in enumerate(value) for w in self._is(inner, item, f"{at}[{n}]")]
        if kind in PLAIN:
            fits = isinstance(value, PLAIN[kind]) and isinstance(value, bool) == (kind == "Boolean")
            return [] if fits else [f"{at}: {value!r} is no {kind}"]
        if kind == "InputFile":
            return [] if isinstance(value, tuple) else [f"{at}: is no file"]
        return self.thing(kind, value, at) if kind in self.types else []


def _parsed(kind: str, value: object) -> object:
    """A form has only text: numbers, truths and objects travel as JSON."""
    if kind == "String" or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
