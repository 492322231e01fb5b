"""What a cell of a lender's files says."""

import pytest

from app.cells import Refused, tail


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("12.345.678-5", "5678"),
        ("12345678-5", "5678"),
        ("123456785", "5678"),
        ("12.345.6785", "5678"),
        ("12345678K", "5678"),
        ("9876543-3", "6543"),
        ("12345678", "5678"),
        ("1020304050", "4050"),
    ],
)
def test_the_check_digit_is_never_one_of_the_four(said: str, kept: str) -> None:
    assert tail(said) == kept


@pytest.mark.parametrize("said", ["123456784", "98765433", "123-4", "-5", "rut"])
def test_what_may_or_may_not_end_with_a_check_digit_is_refused(said: str) -> None:
    with pytest.raises(Refused):
        tail(said)
