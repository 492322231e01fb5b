"""What a reply states can be listed and checked."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from text.claims import claims, links_in, prices_in

REPLY = (
    "El curso cuesta $24.990 (15% menos hasta el 24/12/2026 o el 3 de enero). "
    "Paga en https://tienda.cl/pago?x=1. o llama al +56 9 1234 5678."
)


def test_every_kind_of_claim_is_listed_in_order() -> None:
    assert [(claim.kind, claim.value) for claim in claims(REPLY)] == [
        ("price", "24990"),
        ("percent", "15"),
        ("date", "2026-12-24"),
        ("date", "--01-03"),
        ("link", "https://tienda.cl/pago?x=1"),
        ("phone", "56912345678"),
    ]


def test_prices_and_links_can_be_asked_for_alone() -> None:
    assert [price.value for price in prices_in(REPLY)] == [Decimal(24990)]
    assert links_in("mira www.tienda.cl/x, o mi-tienda.com.") == (
        "www.tienda.cl/x",
        "mi-tienda.com",
    )


def test_one_claim_is_equal_however_it_is_spelled() -> None:
    values = {claims(text)[0].value for text in ("$24.990", "24990 pesos", "$24,990.00")}

    assert values == {"24990"}


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert claims("39/13") == ()


@given(st.text())
def test_any_text_can_be_read_and_claims_stay_apart(text: str) -> None:
    end = 0
    for claim in claims(text):
        assert end <= claim.span[0] < claim.span[1] <= len(text)
        end = claim.span[1]
