"""How well intents are understood, from what was meant and what was read."""

from learning.understood import f1, understood


def a_cell(meant: str, read: str, count: int, same: int = 0) -> dict[str, object]:
    return {"meant": meant, "read": read, "count": count, "same_slots": same}


def test_each_intent_has_what_was_right_missed_and_mistaken_for_it() -> None:
    price, shipping = understood(
        [
            a_cell("price", "price", 8, 6),
            a_cell("price", "shipping", 2),
            a_cell("shipping", "shipping", 5, 5),
        ]
    )

    assert (price.right, price.missed, price.mistaken, price.slots_right) == (8, 2, 0, 6)
    assert price.taken_for == {"shipping": 2}
    assert (shipping.right, shipping.missed, shipping.mistaken) == (5, 0, 2)
    assert f1(price.right, price.missed, price.mistaken) == 16 / 18
    assert f1(0, 0, 0) is None


def test_an_intent_that_is_only_read_and_never_meant_is_told_too() -> None:
    meant, read = understood([a_cell("a", "b", 3)])

    assert (meant.intent, meant.missed, read.intent, read.mistaken) == ("a", 3, "b", 3)
    assert f1(read.right, read.missed, read.mistaken) == 0
