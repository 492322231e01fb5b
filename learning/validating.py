"""Whether a provider would take a file, by what its documentation and SDK say of each line.

OpenAI: `messages`, roles, a last answer, `weight`, answered tool calls, at least ten examples, at
most 65,536 tokens each (longer ones are cut off). Its preference format has an input and two
outputs. Templates of LLaMA, as Ollama serves them, want user and assistant to take turns.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, TypeAlias

from learning.personal import found
from text.privacy import Recogniser
from text.tokens import budgeted

For: TypeAlias = Literal["openai", "openai-dpo", "ollama"]
Wrong: TypeAlias = tuple[str, str, str]
"""What is wrong, why, and what to do next."""
FORS: Final[tuple[For, ...]] = ("openai", "openai-dpo", "ollama")
LEAST: Final[Mapping[For, int]] = {"openai": 10, "openai-dpo": 10, "ollama": 1}
"""Preparing needs one row; a provider may demand more."""
TOKENS: Final = 65_536
ROLES: Final = frozenset({"system", "developer", "user", "assistant", "tool"})
LLAMA_ROLES: Final = frozenset({"system", "user", "assistant"})
KEYS: Final[Mapping[str, frozenset[str]]] = {
    "openai": frozenset({"messages", "tools", "parallel_tool_calls"}),
    "openai-dpo": frozenset({"input", "preferred_output", "non_preferred_output"}),
    "ollama": frozenset({"messages", "metadata"}),
}
MESSAGE_KEYS: Final = frozenset({"role", "content", "name", "weight", "tool_calls", "tool_call_id"})
BOM: Final = b"\xef\xbb\xbf"
TOLD: Final = 50
"""So many problems are told; the others are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` is None where the whole file is meant."""

    line: int | None
    what: str
    why: str
    next: str


@dataclass(slots=True)
class Report:
    provider: For
    lines: int = 0
    tokens: int = 0
    count: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.count == 0

    def add(self, line: int | None, wrong: Wrong) -> None:
        self.count += 1
        if len(self.problems) < TOLD:
            self.problems.append(Problem(line, *wrong))

    def told(self) -> dict[str, Any]:
        return {
            "provider": self.provider,
            "ok": self.ok,
            "lines": self.lines,
            "tokens": self.tokens,
            "problems": [asdict(one) for one in self.problems],
            "more_problems": self.count - len(self.problems),
        }


@dataclass(slots=True)
class Inspector:
    """Reads files of one training after another: no line may stand in two of them."""

    provider: For
    recognisers: Sequence[Recogniser] = ()
    seen: dict[bytes, str] = field(default_factory=dict)

    def inspected(self, name: str, lines: Iterable[bytes], *, trained: bool = True) -> Report:
        """`trained` files need as many lines as the provider demands."""
        report = Report(self.provider)
        for number, line in enumerate(lines, 1):
            report.lines = number
            for wrong in self._line(name, number, line, report):
                report.add(number, wrong)
        least = LEAST[self.provider] if trained else 0
        if report.lines < least:
            what = f"there are {report.lines} lines"
            why = f"{self.provider} takes no fewer than {least}"
            report.add(None, (what, why, "capture more good answers, or choose another trainer"))
        return report

    def _line(self, name: str, number: int, line: bytes, report: Report) -> Iterator[Wrong]:
        text, wrong = _read(line, number)
        if wrong is not None:
            yield wrong
            return
        yield from self._twice(name, line)
        value, wrong = _parsed(text)
        if wrong is not None:
            yield wrong
            return
        yield from _unknown(value, KEYS[self.provider])
        yield from _SHAPES[self.provider](value)
        spoken = list(_texts(value))
        tokens = sum(budgeted(each) for _, each in spoken)
        report.tokens += tokens
        if tokens > TOKENS:
            yield f"about {tokens} tokens", f"more than {TOKENS} are cut off", "shorten it"
        if any(found(each, self.recognisers) for role, each in spoken if role != "system"):
            yield "it tells who somebody is", "nobody agreed to that", "build the dataset again"

    def _twice(self, name: str, line: bytes) -> Iterator[Wrong]:
        digest = hashlib.blake2b(line.strip(), digest_size=8).digest()
        before = self.seen.setdefault(digest, name)
        if before != name:
            yield f"it stands in {before} too", "a test would be known by heart", "leave one out"


def _read(line: bytes, number: int) -> tuple[str, Wrong | None]:
    if number == 1 and line.startswith(BOM):
        return "", ("it begins with a byte order mark", "JSON lines have none", "save as UTF-8")
    if line.endswith(b"\r\n"):
        return "", ("it ends with CR LF", "lines end with LF alone", "convert the line ends")
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return "", ("it is not UTF-8", str(error), "save the file as UTF-8")
    if not text.strip():
        return "", ("it is empty", "each line is one example", "take it out")
    return text, None


def _parsed(text: str) -> tuple[dict[str, Any], Wrong | None]:
    try:
        value = json.loads(text)
    except ValueError as error:
        return {}, ("it is no JSON", str(error), "write each example on a line of its own")
    if not isinstance(value, dict):
        return {}, ("it is no object", "an example is {...}", "put it into an object")
    return value, None


def _unknown(value: Mapping[str, Any], known: frozenset[str]) -> Iterator[Wrong]:
    for key in sorted(value.keys() - known):
        yield f"the key {key!r} is unknown", "unknown keys are refused", f"leave out {key!r}"


def _supervised(value: Mapping[str, Any]) -> Iterator[Wrong]:
    yield from _conversation(value.get("messages"), ends="assistant")


def _preference(value: Mapping[str, Any]) -> Iterator[Wrong]:
    given = value.get("input")
    said = given.get("messages") if isinstance(given, dict) else None
    yield from _conversation(said, ends=None)
    outputs = [_output(value.get(name)) for name in ("preferred_output", "non_preferred_output")]
    for name, text in zip(("preferred_output", "non_preferred_output"), outputs, strict=True):
        if text is None:
            why = "it is one message of the assistant, with content"
            yield f"{name} is not right", why, "say what was answered"
    if None not in outputs and outputs[0] == outputs[1]:
        yield "both outputs are the same", "there is nothing to prefer", "take the pair out"


def _output(value: object) -> str | None:
    match value:
        case [{"role": "assistant", "content": str(text)}] if text.strip():
            return text
        case _:
            return None


def _taking_turns(value: Mapping[str, Any]) -> Iterator[Wrong]:
    yield from _supervised(value)
    said = [one for one in value.get("messages") or () if isinstance(one, dict)]
    turns = [one.get("role") for one in said[bool(said and said[0].get("role") == "system") :]]
    for role in sorted({str(role) for role in turns} - LLAMA_ROLES):
        yield f"the role {role!r} is unknown", "templates of LLaMA have none", "leave it out"
    if any(role != ("user", "assistant")[place % 2] for place, role in enumerate(turns)):
        why = "templates of LLaMA refuse anything else"
        yield "user and assistant do not take turns", why, "join messages in a row"


def _conversation(said: object, *, ends: str | None) -> Iterator[Wrong]:
    if not isinstance(said, list) or not said or not all(isinstance(one, dict) for one in said):
        yield "there are no messages", "an example is a conversation", 'write "messages": [...]'
        return
    for one in said:
        yield from _message(one)
    roles = [one.get("role") for one in said]
    if "system" in roles[1:]:
        yield "the system speaks later on", "it may only be first", "put it first"
    if "user" not in roles:
        yield "no user speaks", "there is nothing to answer", "put the question in"
    if ends is not None and (roles[-1] != ends or not str(said[-1].get("content") or "").strip()):
        yield "the assistant does not speak last", "its answer is learned", "end with the answer"
    yield from _calls(said)


def _message(one: Mapping[str, Any]) -> Iterator[Wrong]:
    yield from _unknown(one, MESSAGE_KEYS)
    role = one.get("role")
    if role not in ROLES:
        yield f"the role {role!r} is unknown", f"roles are {', '.join(sorted(ROLES))}", "rename it"
    content = one.get("content")
    if not isinstance(content, str) and not (content is None and one.get("tool_calls")):
        yield "content is no text", "only texts are trained on", "write what was said"
    if "weight" in one and (role != "assistant" or one["weight"] not in (0, 1)):
        yield "a weight is wrong", "it is 0 or 1, of the assistant alone", "take it out"


def _calls(said: Sequence[Mapping[str, Any]]) -> Iterator[Wrong]:
    open_calls: set[str] = set()
    for one in said:
        open_calls |= {str(call.get("id")) for call in one.get("tool_calls") or ()}
        open_calls.discard(str(one.get("tool_call_id")))
    if open_calls:
        yield "a tool call has no answer", "each is followed by its tool's", "add what it gave"


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Who says what; what a shop says of itself to the system is no secret."""
    match value:
        case {"role": str(role), "content": str(text)}:
            yield role, text
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            pass


_SHAPES: Final[Mapping[For, Callable[[Mapping[str, Any]], Iterator[Wrong]]]] = {
    "openai": _supervised,
    "openai-dpo": _preference,
    "ollama": _taking_turns,
}
