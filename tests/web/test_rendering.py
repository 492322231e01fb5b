"""Templates: figures as people read them, and nothing that a strict policy would stop."""

import re
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from tomllib import loads

import pytest

from tests.web.styles import BUDGET, sheets, undressed, weight
from web.amounts import FILTERS, decimal, hour, moment, money
from web.parts import SANTIAGO
from web.rendering import HERE, STATIC, environment, static

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
STYLES = sorted(STATIC.glob("*.css"))
OURS = [*TEMPLATES, *STYLES, STATIC / "app.js", STATIC / "desk.js"]
PAGES = [page for page in TEMPLATES if "{% extends" in page.read_text()]
# Whatever htmx would hand to Function(), and whatever the policy would refuse.
FORBIDDEN = re.compile(
    r"""hx-on|js:|javascript:|hx-trigger="[^"]*\[|\bon(?:click|load|error|submit)=|\bstyle="""
    r"""|<style|<script(?![^>]*\bsrc=)|<script[^>]*\b(?:defer|async)\b|\|\s*safe|Markup|autoescape"""
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_asks_for_nothing_unsafe(template: Path) -> None:
    assert FORBIDDEN.findall(template.read_text()) == []


@pytest.mark.parametrize("file", OURS, ids=lambda path: path.name)
def test_a_page_asks_no_other_server_for_anything(file: Path) -> None:
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w", file.read_text()) == []


@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.name)
def test_what_dresses_a_page_stays_small(template: Path) -> None:
    assert sum(map(weight, sheets(template.name))) <= BUDGET


def test_every_sheet_dresses_some_page() -> None:
    used = {sheet for template in PAGES for sheet in sheets(template.name)}

    assert {style.name for style in STYLES} == used


def test_scripts_stay_small() -> None:
    assert len((STATIC / "app.js").read_bytes()) < 5_200
    assert len((STATIC / "desk.js").read_bytes()) < 6_500


def test_a_class_that_no_loaded_sheet_dresses_is_noticed() -> None:
    page = f'<link rel="stylesheet" href="{static("base.css")}"><p class="problem told once">'

    assert undressed(page) == {"told", "once"}
    assert undressed(page.replace("base.css", "desk.css")) == {"problem", "once"}


def test_files_of_others_are_exactly_what_they_are_said_to_be() -> None:
    vendored = STATIC / "vendor"
    listed = loads((vendored / "VENDOR.toml").read_text())["file"]

    assert {entry["name"] for entry in listed} == {file.name for file in vendored.glob("*.js")}
    for entry in listed:
        assert sha256((vendored / entry["name"]).read_bytes()).hexdigest() == entry["sha256"]
        assert entry["licence"]


def test_an_address_changes_with_its_content() -> None:
    digest = sha256((STATIC / "app.js").read_bytes()).hexdigest()

    assert static("app.js") == f"/static/{digest[:12]}/app.js"


def test_figures_read_as_people_write_them() -> None:
    assert decimal(1234.5) == "1.234,50"
    assert decimal(7, 0) == "7"
    assert money(24990) == "$24.990"
    assert money(1500000, "PEN") == "PEN 15.000,00"
    assert money(1500000, "CLP", locale="en") == "$1,500,000"
    assert moment(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2 ene, 03:04"
    assert moment(datetime(2026, 1, 2, 3, 4, tzinfo=UTC), SANTIAGO) == "2 ene, 00:04"
    assert hour(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), SANTIAGO, seconds=True) == "00:04:05"


def test_no_filter_takes_the_name_of_another() -> None:
    made = environment("es").filters

    assert {name: made[name].func for name in FILTERS} == dict(FILTERS)
    assert made["named"](date(2026, 10, 24)) == "24 oct"


def test_a_sentence_is_filled_escaped_counted_and_translated_within_a_loop() -> None:
    text = (
        "{% for name in names %}{{ _('Hola, %(name)s: 100 %%', name=name) }}{{ _('Sí') }}"
        "{% trans n=names | length %}{{ n }} mensaje{% pluralize %}{{ n }} mensajes{% endtrans %}"
        "{% endfor %}"
    )
    found = environment("en").from_string(text).render(names=["<b>", "Ana"])
    assert found == "Hola, &lt;b&gt;: 100 %Yes2 messagesHola, Ana: 100 %Yes2 messages"
