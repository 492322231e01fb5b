"""However long a reply is, all of it arrives: in order, each message within the limit."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.markup import compose as for_whatsapp
from bot.composing import composed
from bot.marked import Marked
from bot.markup import read
from events.contents import Attachment, Composed, Mark
from tests.bot.test_markup import MESSES
from text.splitting import utf16_length

LONG = "Hola **Ana**, ¿qué _tal_? 🛒 Tengo `cosas` y **muchas más** por $ 4.990.\n"


def words_of(composed: Composed, number: int) -> list[str]:
    """Without the number a part may end with."""
    words = composed.parts[number].split()
    return words[:-1] if len(composed.parts) > 1 else words


def seen(text: str, mark: Mark) -> str:
    units = text.encode("utf-16-le")
    return units[2 * mark.offset : 2 * (mark.offset + mark.length)].decode("utf-16-le")


def file_of(composed: Composed) -> tuple[Attachment, str]:
    (file,) = composed.extras
    assert isinstance(file, Attachment)
    assert file.data is not None
    return file, file.data.decode()


def orderly(text: str, marks: Sequence[Mark]) -> bool:
    """As Telegram wants them: none empty or half outside, each inside another or apart."""
    ends = [(mark.offset, mark.offset + mark.length) for mark in marks]
    fits = all(0 <= start < end <= utf16_length(text) for start, end in ends)
    return fits and all(
        other[0] >= one[1] or (one[0] <= other[0] and other[1] <= one[1])
        for number, one in enumerate(ends)
        for other in ends[number + 1 :]
    )


def test_a_short_reply_is_one_message_without_a_number() -> None:
    assert composed("  hola\n") == Composed(parts=("hola",))
    assert composed(" \n") == Composed(parts=())
    assert composed("**Precio:** $ 4.990") == Composed(
        parts=("Precio: $ 4.990",), marks=((Mark(kind="bold", offset=0, length=7),),)
    )


def test_several_messages_are_numbered_and_keep_their_marks() -> None:
    long = composed(LONG * 100)

    assert [part.splitlines()[-1] for part in long.parts] == ["(1/2)", "(2/2)"]
    assert long.extras == ()
    told = [word for number in range(2) for word in words_of(long, number)]
    assert told == read(LONG * 100).text.split()
    for part, marks in zip(long.parts, long.marks, strict=True):
        assert {seen(part, mark) for mark in marks} == {"Ana", "tal", "cosas", "muchas más"}


def test_a_stretch_is_torn_only_when_it_must_be() -> None:
    whole = composed("uno dos tres **cuatro cinco seis** siete", limit=33)
    assert [part.splitlines()[0] for part in whole.parts] == [
        "uno dos tres", "cuatro cinco seis siete",
    ]  # fmt: skip
    torn = composed(f"**{'uno ' * 20}fin**", limit=60)
    assert len(torn.parts) == 2
    for part, marks in zip(torn.parts, torn.marks, strict=True):
        assert [seen(part, mark) for mark in marks] == [part.splitlines()[0]]


def test_what_would_be_a_flood_becomes_a_file() -> None:
    flood = composed(LONG * 600)

    (first,) = flood.parts
    assert first.endswith("(Sigue en el archivo adjunto.)")
    file, text = file_of(flood)
    assert (file.kind, file.name, file.mime) == ("document", "respuesta.txt", "text/plain")
    assert text.split() == read(LONG * 600).text.split()
    assert composed("This is all that you and the shop need. " * 900).parts[0].endswith("file.)")


def test_a_file_has_an_end_too() -> None:
    file, text = file_of(composed("🛒 hola " * 60_000))
    assert len(file.data or b"") <= 256_000
    assert text.endswith("(El resto no cabe en este archivo.)")


def test_the_file_says_where_its_links_lead() -> None:
    _, text = file_of(composed("[Mira](https://x.cl/a) ¿sí? " * 3_000))
    assert text.count("Mira (https://x.cl/a)") == 3_000


@given(st.lists(MESSES, max_size=12).map("\n".join), st.integers(60, 120))
def test_nothing_is_lost_and_every_part_fits(markdown: str, limit: int) -> None:
    for made, text in (
        (composed(markdown, limit=limit), read(markdown).text),
        (composed(markdown, limit=limit, as_written=shouted), read(markdown).written().text),
    ):
        assert all(0 < utf16_length(part) <= limit for part in made.parts)
        for part, marks in zip(made.parts, made.marks, strict=False):
            assert orderly(part, marks)
        if made.extras:
            all_of_it = read(markdown).written().text
            assert "".join(file_of(made)[1].split()) == "".join(all_of_it.split())
        else:
            told = [word for n in range(len(made.parts)) for word in words_of(made, n)]
            assert "".join(told).replace("«", "").replace("»", "") == "".join(text.split())


def shouted(part: Marked) -> str:
    """A network of our own, where marks cost room."""
    signs = [(span.start, "«") for span in part.spans] + [(span.end, "»") for span in part.spans]
    text = part.text
    for place, sign in sorted(signs, reverse=True):
        text = text[:place] + sign + text[place:]
    return text


@given(st.lists(MESSES, max_size=400).map("\n".join))
def test_whatsapp_takes_every_part(markdown: str) -> None:
    made = for_whatsapp(markdown)
    assert made.marks == ()
    assert all(0 < utf16_length(part) <= 4096 for part in made.parts)
