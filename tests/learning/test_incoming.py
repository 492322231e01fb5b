"""Files of examples: what they hold, and what is wrong with which line."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.incoming import MOST, PEOPLE, Fault, Pair, read

CHAT = """\
[20/11/26, 10:33:12] Los mensajes están cifrados de extremo a extremo.
[20/11/26, 10:33:12] Camila: Hola! tienen la mochila azul?
[20/11/26, 10:34:01] Camila: la grande
[20/11/26, 10:35:40] Tienda Sur: Sí, está a $24.990
y quedan 4
[20/11/26, 10:36:02] Camila: imagen omitida
[20/11/26, 10:36:30] Tienda Sur: ¿Te la reservo?
[20/11/26, 10:37:00] Camila: sí!
"""


def test_lines_of_json_are_read_by_any_of_their_names() -> None:
    told = (
        '{"pregunta": "¿abren hoy?", "respuesta": "Sí", "intencion": "horario"}\n'
        '{"question": "open?", "answer": "yes"}\n'
        '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n'
    )

    found = read(told.encode(), "x.jsonl")

    assert found.origin == "file"
    assert [(one.question, one.answer, one.intent) for one in found.pairs] == [
        ("¿abren hoy?", "Sí", "horario"),
        ("open?", "yes", ""),
        ("a", "b", ""),
    ]


def test_each_line_that_teaches_nothing_says_why() -> None:
    told = '{"pregunta": "a", "respuesta": "b"}\n{nada\n\n[1]\n{"pregunta": "a"}\n'
    told += f'{{"pregunta": "{"a" * 1001}", "respuesta": "b"}}\n'

    found = read(told.encode(), "x.jsonl")

    assert found.faults == (
        Fault(2, "unreadable"),
        Fault(4, "unreadable"),
        Fault(5, "empty"),
        Fault(6, "long"),
    )
    assert len(found.pairs) == 1


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_tables_are_read_with_any_separator(sign: str) -> None:
    told = f"Pregunta{sign}Respuesta\r\n¿abren?{sign}Sí\r\n{sign}\r\n¿y el lunes?{sign}\r\n"

    found = read(("\ufeff" + told).encode(), "x.csv")

    assert [(one.question, one.answer) for one in found.pairs] == [("¿abren?", "Sí")]
    assert found.faults == (Fault(4, "empty"),)


def test_a_table_without_the_columns_is_refused_at_its_head() -> None:
    assert read(b"a,b\n1,2\n", "x.csv").faults == (Fault(1, "columns"),)


def test_a_chat_pairs_what_was_asked_with_what_was_answered() -> None:
    """What follows a picture answers the picture, which nobody exported."""
    found = read(CHAT.encode(), "chat.txt", shop="tienda sur")

    assert (found.origin, found.seller) == ("whatsapp", "Tienda Sur")
    assert set(found.people) == {"Camila", "Tienda Sur"}
    assert found.pairs == (
        Pair(
            2,
            "Hola! tienen la mochila azul?\nla grande",
            "Sí, está a $24.990\ny quedan 4",
        ),
    )


def test_who_answers_can_be_said() -> None:
    found = read(CHAT.encode(), "chat.txt", seller="Camila")

    assert found.seller == "Camila"
    assert [one.answer for one in found.pairs] == ["sí!"]


@pytest.mark.parametrize(
    "line",
    [
        "20/11/2026, 10:33 - Ana: hola",
        "20/11/26 10:33 p. m. - Ana: hola",
        "[11/20/26, 10:33:12 PM] Ana: hola",
        "2026-11-20, 10:33 - Ana: hola",
    ],
)
def test_every_phone_writes_dates_its_own_way(line: str) -> None:
    other = line.replace("Ana: hola", "Tienda: buenas")

    found = read(f"{line}\n{other}\n".encode(), "chat.txt", seller="Tienda")

    assert [(one.question, one.answer) for one in found.pairs] == [("hola", "buenas")]


def test_a_chat_of_one_is_no_conversation() -> None:
    found = read(b"20/11/2026, 10:33 - Ana: hola\n", "chat.txt")

    assert found.faults == (Fault(1, "nobody"),)


def test_no_more_is_taken_than_can_be_looked_at() -> None:
    told = b'{"pregunta": "a", "respuesta": "b"}\n' * (MOST + 1)

    assert len(read(told, "x.jsonl").pairs) == MOST


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"{\n" * 500_000, "x.jsonl"),
        (b"pregunta,respuesta\n" + b"a,\n" * 500_000, "x.csv"),
        (b'{"a":' + b"[" * 1_000_000, "x.jsonl"),
        (b"[20/11/26, 10:33] A: a\n" * 2 + (b"x" * 100 + b"\n") * 100_000, "x.txt"),
        (b"".join(b"[20/11/26, 10:33] A%d: a\n" % one for one in range(50_000)), "x.txt"),
    ],
    ids=["no json", "no answers", "deep json", "one message without end", "a crowd"],
)  # fmt: skip
def test_a_file_made_to_take_long_does_not(data: bytes, name: str) -> None:
    began = time.process_time()

    found = read(data, name)

    assert time.process_time() - began < 10
    assert len(found.faults) <= MOST
    assert len(found.people) <= PEOPLE


@given(st.binary(max_size=400), st.sampled_from(["x.txt", "x.csv", "x.jsonl", ""]))
def test_no_file_breaks_it(data: bytes, name: str) -> None:
    read(data, name)
