"""What two versions of the same understanding take for different things."""

from learning.quality import Flip, Judged, flips


def judged(*found: str) -> list[Judged]:
    wanted = ("precio", "envio", "pago", "foto")
    pairs = enumerate(zip(wanted, found, strict=True))
    return [Judged(f"m{number}", want, got, 0.9) for number, (want, got) in pairs]


def test_what_was_lost_comes_before_what_was_won_and_the_rest_is_left_out() -> None:
    before = judged("pago", "envio", "foto", "foto")
    after = judged("precio", "pago", "precio", "foto")

    assert flips(before, after) == [
        Flip("m1", "envio", "envio", "pago"),
        Flip("m0", "precio", "pago", "precio"),
    ]
    assert [one.lost for one in flips(before, after)] == [True, False]
