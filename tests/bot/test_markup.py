"""Markdown as models write it becomes plain text and marks; nothing else changes."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.marked import Marked
from bot.markup import read
from config.packs import load_pack

WORDS = st.sampled_from(
    [
        "hola",
        "$ 4.990",
        "https://x.cl/a_b*c*d?e=*1*",
        "5*3*2",
        "un_nombre_largo",
        "🛒",
        "áéí",
        "中文",
    ]
)
SIGNS = st.sampled_from(
    ["**", "*", "_", "__", "~~", "`", "```", "```py\n", "[", "](https://x.cl/y)", "](javascript:a)",
     "# ", "> ", "* ", "- ", "1. ", "\n", "\n\n", " ", "|", "|---|", "\\", "<b>", "<https://z.cl>",
     "![", "[a]: http://b.cl", "    ", "\t", "\r\n", "***", "---", ".", ":", "(", ")"]
)  # fmt: skip
MESSES = st.lists(WORDS | SIGNS, max_size=40).map("".join)
PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*_`~[]#<>|\\\x00"))


def look(marked: Marked) -> list[tuple[str, str]]:
    return [(span.kind, marked.text[span.start : span.end]) for span in marked.spans]


@given(PLAIN)
@example("5 unidades a $ 4.990\n1. uno\n2. dos\n\n\n- tres\n+ 5\n  sangría  \r\ntab\t.")
def test_a_text_without_markup_comes_out_as_it_went_in(text: str) -> None:
    assert read(text) == Marked(text)
    assert read(f"{text} <3") == Marked(f"{text} <3")


def test_so_does_everything_a_pack_says() -> None:
    pack = load_pack("ventas")
    said = [
        text
        for saying in (*pack.answers.values(), *pack.phrases.values())
        for text in (*saying.es, *saying.en)
    ]
    assert len(said) > 50
    assert [text for text in said if read(text) != Marked(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 = 15 y 5*3*2 = 30", "marca *123*456#", "snake_case_name", "~8 a ~10 días", "# ",
        "#1 en ventas", "* Precios con IVA", "> 50.000: envío gratis", "a < b > c", "<3", "a | b",
        "**sin cerrar y _tampoco", "https://x.cl/a_b_c?d=*2*&e=~~3~~", "3) a\n4) b", "[x] listo",
        "Hola\n---\nchao", "[a]: http://x.cl", "hola[^1]\n\n[^1]: nota", "<div>\nhola\n</div>",
        "[Ver](javascript:alert(1))", "[Ver](/productos/1)", "[Ver](http://localhost/x)", "` `",
        "```\n```", "&amp; &copy;", "a\n\n\n\nb", "C:\\dir", "10_000_000", "2**3**4",
    ],
)  # fmt: skip
def test_what_only_resembles_markup_is_text(text: str) -> None:
    assert read(text) == Marked(text)


@pytest.mark.parametrize(
    ("markdown", "text", "looks"),
    [
        ("**Precio:** *hoy* ~~antes~~ `SKU`", "Precio: hoy antes SKU",
         [("bold", "Precio:"), ("italic", "hoy"), ("strike", "antes"), ("code", "SKU")]),
        ("## 🎉 Ofertas ##\nhoy", "🎉 Ofertas\nhoy", [("bold", "🎉 Ofertas")]),
        ("***x***", "x", [("bold", "x"), ("italic", "x")]),
        ("# a **b** c", "a b c", [("bold", "a b c")]),
        ("**a `b` c**", "a b c", [("bold", "a"), ("code", "b"), ("bold", "c")]),
        ("* **uno**\n*   dos", "• uno\n• dos", [("bold", "uno")]),
        ("> dice\n> > **eso**\n\nfin", "dice\neso\n\nfin",
         [("quote", "dice\neso"), ("bold", "eso")]),
        ("```py\nx = 1\n```\nfin", "x = 1\nfin", [("pre", "x = 1")]),
        ("```\nsin *cerrar*", "sin *cerrar*", [("pre", "sin *cerrar*")]),
        ("| a | **b** |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |",
         [("pre", "| a | b |\n|---|---|\n| 1 | 2 |")]),
        ("1\\. a \\*b\\*", "1. a *b*", []),
        ("[`x`](https://x.cl/)", "x", [("link", "x")]),
        ("![foto](https://x.cl/f.jpg) <https://x.cl>", "foto https://x.cl", [("link", "foto")]),
        ("[](https://x.cl/f)", "https://x.cl/f", []),
        ("[Llámanos](tel:+56912345678)", "Llámanos (+56912345678)", []),
        ("[+56 9 1234 5678](tel:+56912345678)", "+56 9 1234 5678", []),
        ("[correo](mailto:a@b.cl?subject=x)", "correo (a@b.cl)", []),
    ],
)  # fmt: skip
def test_markup_becomes_marks(markdown: str, text: str, looks: list[tuple[str, str]]) -> None:
    assert (read(markdown).text, look(read(markdown))) == (text, looks)


def test_links_and_languages_are_kept() -> None:
    assert read("[a](https://x.cl/?a=1&b=2)").spans[0].value == "https://x.cl/?a=1&b=2"
    assert read("```python\nx\n```").spans[0].value == "python"
    assert read("```no es un idioma\nx\n```").spans == ()


@given(MESSES)
@example("**a [b](https://x.cl/y) `c`** > d")
@example("> * a\n> * **b\n> c**\n")
def test_whatever_a_model_writes_no_word_is_lost_and_every_mark_is_orderly(markdown: str) -> None:
    marked = read(markdown)
    place = 0
    for word in re.findall(
        r"hola|\$ 4\.990|https://x\.cl/a_b\*c\*d\?e=|5\*3\*2|🛒|áéí|中文", markdown
    ):
        found = marked.text.find(word, place)
        assert found >= 0 or word in {span.value for span in marked.spans}, word
        place = max(place, found + len(word))
    for number, span in enumerate(marked.spans):
        assert 0 <= span.start < span.end <= len(marked.text)
        assert marked.text[span.start : span.end].strip() == marked.text[span.start : span.end]
        if span.kind == "link":
            assert urlsplit(span.value or "").scheme in {"http", "https"}
        for other in marked.spans[number + 1 :]:
            apart = other.start >= span.end
            assert apart or other.end <= span.end
            assert apart or (span.kind not in {"code", "pre"} and span.kind != other.kind)


def test_half_a_character_and_a_nul_are_no_reason_to_fail() -> None:
    assert read("**cara \ud83d rota**\x00").text == "cara ? rota"


def test_marks_are_counted_as_networks_count() -> None:
    (mark,) = read("🛒 **hola 🎉**").marks()
    assert (mark.kind, mark.offset, mark.length) == ("bold", 3, 7)
