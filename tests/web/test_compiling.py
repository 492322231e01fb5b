"""A template's own words are said when it is read, in the language of those who will read it."""

import pytest

from web.rendering import environment, static


@pytest.mark.parametrize(("locale", "word"), [("es", "Buscar"), ("en", "Search")])
def test_a_word_of_a_template_is_said_once_for_all_pages(locale: str, word: str) -> None:
    compiled = environment(locale).compile('{{ _("Buscar") }}', raw=True)
    assert word in compiled
    assert "context.call" not in compiled


def test_what_is_filled_in_or_of_a_page_is_said_by_each() -> None:
    page = environment("en").from_string(
        '{{ _("Nota %(n)s", n=n) }}, {{ _(word) }} {{ _("100 %%") }}'
    )
    assert page.render(n=4, word="Buscar") == "Score 4, Search 100 %"


def test_words_and_addresses_are_the_same_as_asked_for() -> None:
    env = environment("es")
    page = env.from_string('<i title="{{ _("¿Por qué?") }}">{{ static("app.js") }}</i>')
    assert page.render() == f'<i title="¿Por qué?">{static("app.js")}</i>'
