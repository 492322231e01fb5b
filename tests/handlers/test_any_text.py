"""Whatever a customer writes is understood somehow, answered, and cut into parts that fit."""

from hypothesis import example, given
from hypothesis import strategies as st

from handlers.requests import known_to
from knowledge.verify import verify
from tests.llm.talking import PACK, Talk
from text.splitting import split, utf16_length

SAID = "hola mochila azul y ¿cuánto cuesta el segundo 2 $1 🛒 quiero hasta 15 lucas no envío a ese"
ODD = "foto {name} , talla 42 termo 500 ml ok gracias paraguas 999999999999 ٣ \x00 ﬁ Temuco"
WORDS = st.lists(st.sampled_from([*SAID.split(), *ODD.split(" ")]), max_size=14)


@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=3))
@example(["", ""])
@example(["hasta $1 500"])
def test_any_talk_is_answered_without_inventions(lines: list[str]) -> None:
    talk = Talk()
    for line in lines:
        reading = talk.read(line)
        told = talk.say(line)
        assert told.strip()
        assert verify(told, known_to(reading, PACK)).verdict == "ok"


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    reading = Talk().read(text)

    assert 0 <= reading.parsed.confidence <= 1
    assert len(reading.found.products) <= 5


@given(st.text(), st.integers(min_value=2, max_value=200))
def test_any_text_is_cut_into_parts_that_fit(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert all(utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
