"""The card and the curves of a model: complete, and safe whatever columns are called."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from prediction import pictures
from prediction.card import card
from prediction.drift import drifted
from prediction.model import LeftOut, Model
from prediction.notes import WHY_SPANISH, Note
from prediction.table import Feature, Table
from prediction.training import train
from tests.prediction.cases import AT, FEATURES, borrowers

NASTY = "a|b\n# <script>"


@pytest.fixture(scope="module")
def model() -> Model:
    table = borrowers(600, days=60)
    columns = {**table.features, NASTY: table.features["debt"]}
    found = train(replace(table, features=columns), (*FEATURES, Feature(NASTY)), seed=1, at=AT)
    left_out = (LeftOut("edad", "protected"), LeftOut("rut", "identifies"))
    return replace(found, subject="impago", left_out=left_out, notes=(Note("undated", ("3012",)),))


def test_a_card_says_all_that_somebody_has_to_know(model: Model) -> None:
    told = card(model)
    for words in (
        "# Ficha del modelo: impago",
        "600 casos",
        f"Aprendió de lo anterior al {model.period.cut}",
        "| … meses de atraso (late\\_months) | número | más sube el riesgo |",
        "| ahorros de … (savings) | número | más baja el riesgo |",
        "| trade | categoría | la deciden los datos |",
        f"| edad | {WHY_SPANISH['protected']} |",
        "3.012 casos no tienen fecha",
        "| AUC | 0,",
        "## Si se le puede creer",
        "El bot nunca dice un riesgo a nadie",
        "pedir que una persona revise",
    ):
        assert words in told
    assert told.count("\n| 1") + told.count("\n| 2") >= 1
    assert "\n\n\n" not in card(replace(model, left_out=()))


def test_a_card_tells_drift_where_it_is_known(model: Model) -> None:
    assert "Si la gente ha cambiado" not in card(model)
    later = borrowers(300, seed=5)
    table = Table({**later.features, NASTY: later.features["debt"] + 900})
    told = card(model, drifted(model, table))
    assert "ha cambiado mucho: conviene volver a entrenar" in told


def test_the_name_of_a_column_ends_no_cell_and_begins_no_markup(model: Model) -> None:
    line = next(line for line in card(model).splitlines() if "script" in line)
    assert line.startswith(r"| a\|b \# \<script\> | número |")


@pytest.mark.parametrize("draw", [pictures.roc, pictures.calibration])
def test_a_picture_stands_alone_and_names_its_axes(model: Model, draw: object) -> None:
    assert callable(draw)
    svg = ET.fromstring(draw(model.metrics))  # noqa: S314  our own text
    texts = ["".join(one.itertext()) for one in svg.iter("{http://www.w3.org/2000/svg}text")]
    wanted = "malos pagadores encontrados" if draw is pictures.roc else "lo que pasó"
    assert wanted in texts
    assert "100 %" in texts or draw is pictures.calibration


def test_every_point_of_the_curves_lies_on_the_paper(model: Model) -> None:
    for draw in (pictures.roc, pictures.calibration):
        svg = ET.fromstring(draw(model.metrics))  # noqa: S314  our own text
        line = next(svg.iter("{http://www.w3.org/2000/svg}polyline")).attrib["points"]
        for x, y in (one.split(",") for one in line.split()):
            assert pictures.LEFT <= float(x) <= pictures.LEFT + pictures.SIDE
            assert pictures.TOP <= float(y) <= pictures.TOP + pictures.SIDE
