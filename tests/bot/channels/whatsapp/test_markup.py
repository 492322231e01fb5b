"""WhatsApp reads signs in the text itself, and only where a word ends."""

import pytest

from bot.channels.whatsapp.markup import compose
from text.splitting import utf16_length


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**Precio:** *hoy* ~~antes~~ `SKU`", "*Precio:* _hoy_ ~antes~ ```SKU```"),
        ("# Ofertas\n***x***", "*Ofertas*\n*_x_*"),
        ("*a **b***", "_a *b*_"),
        ("**uno\ndos**", "*uno*\n*dos*"),
        ("**Mochila**s", "Mochilas"),
        ("**2\\*3**", "2*3"),
        ("> dice\n> **eso**", "> dice\n> *eso*"),
        ("```py\na\nb\n```", "```a\nb```"),
        ("- a\n- b\n\n* c\n* d", "- a\n- b\n\n• c\n• d"),
        ("**[la foto](https://x.cl/f.jpg)**", "*la foto* (https://x.cl/f.jpg)"),
        ("[x.cl](https://x.cl/) y [b](https://x.cl/b), ya", "x.cl y b (https://x.cl/b), ya"),
        ("5 * 3 = 15, $ 4.990, a_b_c", "5 * 3 = 15, $ 4.990, a_b_c"),
    ],
)
def test_markdown_becomes_what_whatsapp_shows(markdown: str, shown: str) -> None:
    made = compose(markdown)
    assert made.parts == (shown,)
    assert made.marks == ()


def test_the_signs_count_towards_the_limit() -> None:
    made = compose("**a** " * 1024 * 2)

    assert len(made.parts) > 1
    assert all(utf16_length(part) <= 4096 for part in made.parts)
    assert sum(part.count("*a*") for part in made.parts) == 2048
