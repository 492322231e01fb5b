"""How often the first product found is the one that was meant."""

from pathlib import Path

from tests.llm.talking import INDEX

TABLE = Path(__file__).with_name("searches.tsv")
FLOOR = 0.95


def test_the_first_hit_is_what_was_meant() -> None:
    """Typos, plurals, variants, units, abbreviations and other orders, as customers write them."""
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    wrong = [
        (text, sku, [match.product.sku for match in INDEX.find(text)][:3])
        for text, sku in rows
        if [match.product.sku for match in INDEX.find(text, limit=1)] != [sku]
    ]

    assert len(rows) > 80
    assert 1 - len(wrong) / len(rows) >= FLOOR, wrong
