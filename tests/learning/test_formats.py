import json

from knowledge.prompt import TurnPrompt
from learning.formats import Voice, canonical, chat_line, metadata
from llm.base import Source
from tests.learning.examples import an_example

PERSONA = "Eres amable.\nRespondes corto."


def test_a_line_is_what_the_provider_accepts_and_nothing_more() -> None:
    example = an_example(question='¿Tienen «gorros»?\u2028 "sí"\n', answer="Sí, ¡claro! 🧢")
    line = chat_line(Voice(PERSONA).prompt(example), example.answer)
    assert line.endswith("}\n")
    assert line.count("\n") == 1
    said = json.loads(line)
    assert said.keys() == {"messages"}
    assert [one.keys() for one in said["messages"]] == [{"role", "content"}] * 3
    assert said["messages"][1] == {"role": "user", "content": example.question}
    assert said["messages"][2] == {"role": "assistant", "content": "Sí, ¡claro! 🧢"}
    assert "🧢" in line


def test_the_prompt_is_the_one_of_serving_but_for_what_does_not_last() -> None:
    example = an_example(
        locale="en",
        sources=(
            ("product", "Gorro azul", ""),
            ("answer", "Envíos", ""),
            ("passage", "Manual", ""),
        ),
    )
    facts = [
        Source("product", "", "Gorro azul", "Gorro azul: {precio}, {stock} en stock."),
        Source("answer", "", "Envíos", "{respuesta}"),
        Source("passage", "", "Manual", "{pasaje}"),
    ]
    served = TurnPrompt(persona=PERSONA, question=example.question, locale="en", sources=facts)
    assert Voice(PERSONA).prompt(example) == served.messages(masked=True)


def test_json_is_always_the_same_text() -> None:
    assert canonical({"b": 1, "a": "ñ"}) == canonical({"a": "ñ", "b": 1}) == '{"a":"ñ","b":1}'


def test_what_else_is_known_of_a_line_stands_beside_it() -> None:
    example = an_example(product_name="Gorro azul", score=4, intensity=0.25, corrected=True)
    assert metadata(example) == {
        "id": str(example.id), "category": "general", "intent": "general",
        "product_name": "Gorro azul", "quality_score": 4, "corrected": True, "demonstrated": False,
        "successful": False,
        "locale": "es", "tone": "neutral", "intensity": 0.25,
    }  # fmt: skip
