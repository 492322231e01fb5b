import json
from typing import Any

import pytest

from learning.validating import TOKENS, For, Inspector

SAID = [
    {"role": "system", "content": "Eres amable."},
    {"role": "user", "content": "¿Tienen tazas de cerámica?"},
    {"role": "assistant", "content": "Sí, de tres colores."},
]
OUTPUTS = {
    "preferred_output": [{"role": "assistant", "content": "Sí, de tres colores."}],
    "non_preferred_output": [{"role": "assistant", "content": "No sé."}],
}


def line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def chat(*said: dict[str, Any], **more: object) -> bytes:
    return line({"messages": list(said), **more})


def good(number: int) -> bytes:
    return chat(SAID[0], {"role": "user", "content": f"¿Tienen {number} tazas?"}, SAID[2])


def pair(**changes: object) -> bytes:
    return line({"input": {"messages": SAID[:2]}, **OUTPUTS, **changes})


def problems(provider: For, *lines: bytes) -> list[tuple[int | None, str]]:
    report = Inspector(provider).inspected("a", lines, trained=False)
    assert report.ok == (not report.problems)
    return [(one.line, one.what) for one in report.problems]


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (b"\xef\xbb\xbf" + good(1), "it begins with a byte order mark"),
        (good(1).replace(b"\n", b"\r\n"), "it ends with CR LF"),
        (b"\xff\xfe\n", "it is not UTF-8"),
        (b"  \n", "it is empty"),
        (b'{"messages": [\n', "it is no JSON"),
        (b"[]\n", "it is no object"),
        (chat(*SAID, id=1), "the key 'id' is unknown"),
        (chat(), "there are no messages"),
        (line({"messages": "hola"}), "there are no messages"),
        (chat(*SAID[:2]), "the assistant does not speak last"),
        (chat(*SAID[:2], {"role": "assistant", "content": " "}),
         "the assistant does not speak last"),
        (chat(SAID[0], SAID[2]), "no user speaks"),
        (chat(SAID[1], SAID[0], SAID[2]), "the system speaks later on"),
        (chat({"role": "bot", "content": "x"}, *SAID[1:]), "the role 'bot' is unknown"),
        (chat(SAID[0] | {"mood": 1}, *SAID[1:]), "the key 'mood' is unknown"),
        (chat(SAID[0] | {"weight": 1}, *SAID[1:]), "a weight is wrong"),
        (chat(*SAID[:2], SAID[2] | {"weight": 0.5}), "a weight is wrong"),
        (chat(SAID[0], {"role": "user", "content": 3}, SAID[2]), "content is no text"),
        (chat(SAID[0], SAID[1], {"role": "assistant", "tool_calls": [{"id": "c"}]}, SAID[2]),
         "a tool call has no answer"),
        (chat(SAID[0], {"role": "user", "content": "escribe a ana@correo.cl"}, SAID[2]),
         "it tells who somebody is"),
    ],
)  # fmt: skip
def test_what_openai_refuses_is_told_with_its_line(written: bytes, what: str) -> None:
    first = [] if "byte order" in what else [good(0)]
    assert problems("openai", *first, written) == [(len(first) + 1, what)]


def test_what_openai_takes_is_taken() -> None:
    called = {"role": "assistant", "content": None, "tool_calls": [{"id": "c"}]}
    answered = {"role": "tool", "tool_call_id": "c", "content": "3"}
    weighed = SAID[2] | {"weight": 0}
    assert problems("openai", chat(*SAID[:2], weighed, SAID[1], called, answered, SAID[2])) == []
    shop = {"role": "system", "content": "Escríbenos a ventas@tienda.cl o al +56 9 8765 4321."}
    assert problems("openai", chat(shop, *SAID[1:])) == []


def test_a_provider_may_demand_more_lines_and_says_so() -> None:
    nine = Inspector("openai").inspected("a", [good(number) for number in range(9)])
    (few,) = nine.problems
    assert (few.line, few.what, few.why) == (
        None,
        "there are 9 lines",
        "openai takes no fewer than 10",
    )
    assert Inspector("openai").inspected("a", [good(number) for number in range(10)]).ok
    assert Inspector("ollama").inspected("a", [good(1)]).ok
    assert not Inspector("ollama").inspected("a", []).ok


def test_a_line_that_would_be_cut_off_is_told() -> None:
    long = {"role": "user", "content": "palabra " * TOKENS}
    (told,) = problems("openai", chat(SAID[0], long, SAID[2]))
    assert told[1].startswith("about ")


def test_no_line_stands_in_two_files_of_a_training() -> None:
    inspector = Inspector("ollama")
    assert inspector.inspected("train", [good(1), good(2), good(2)]).ok
    (again,) = inspector.inspected("validation", [good(3), good(2)]).problems
    assert (again.line, again.what) == (2, "it stands in train too")


@pytest.mark.parametrize(
    ("written", "what"),
    [
        (pair(preferred_output=[]), "preferred_output is not right"),
        (pair(non_preferred_output=[{"role": "user", "content": "x"}]),
         "non_preferred_output is not right"),
        (pair(non_preferred_output=OUTPUTS["preferred_output"]), "both outputs are the same"),
        (pair(input={}), "there are no messages"),
        (pair(messages=SAID), "the key 'messages' is unknown"),
    ],
)  # fmt: skip
def test_what_is_wrong_about_a_pair_is_told(written: bytes, what: str) -> None:
    assert problems("openai-dpo", pair(), written) == [(2, what)]


def test_templates_of_llama_want_turns_to_be_taken() -> None:
    twice = chat(SAID[0], SAID[1], SAID[1], SAID[2])
    assert problems("openai", twice) == []
    assert problems("ollama", twice) == [(1, "user and assistant do not take turns")]
    developer = chat({"role": "developer", "content": "x"}, *SAID[1:])
    assert [what for _, what in problems("ollama", developer)] == [
        "the role 'developer' is unknown", "user and assistant do not take turns",
    ]  # fmt: skip


def test_of_very_many_problems_the_first_are_told_and_the_others_counted() -> None:
    report = Inspector("openai").inspected("a", [b"\n"] * 80)
    assert (len(report.problems), report.told()["more_problems"]) == (50, 30)
