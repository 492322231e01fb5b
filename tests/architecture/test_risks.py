"""No way leads from what was foretold of somebody to what a bot says to them."""

from store.fields import BUSINESS
from store.predicting import RiskDrift, RiskModel, RiskPrediction, RiskReview
from tests.architecture.sources import product

SPEAKING = {"bot", "capture", "handlers", "knowledge", "learning", "llm", "nlu"}
RISKS = (
    "prediction", "store.foretold", "store.predicting", "store.risk_lists", "store.risk_models",
    "store.risks",
)  # fmt: skip
TABLES = {one.__tablename__ for one in (RiskDrift, RiskModel, RiskPrediction, RiskReview)}


def test_whoever_speaks_to_customers_reads_no_risk() -> None:
    speaking = [one for one in product() if one.folder in SPEAKING]
    assert {one.folder for one in speaking} == SPEAKING
    for source in speaking:
        known = {name for name in source.imports if f"{name}.".startswith(tuple(
            f"{risk}." for risk in RISKS
        ))}  # fmt: skip
        assert known == set(), source.name


def test_look_ups_know_no_table_of_risks() -> None:
    assert TABLES & set(BUSINESS) == set()


def test_no_text_of_those_who_speak_names_such_a_table() -> None:
    for source in product():
        if source.folder in SPEAKING:
            assert not [name for name in TABLES if name in source.text], source.name
