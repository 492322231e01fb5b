"""Looking again for personal data: what one customer is called is nothing to another."""

from learning.personal import found


def test_the_same_words_tell_of_whom_they_name_and_of_nobody_else() -> None:
    text = "¡Hola Rayén! Te llega el lunes."

    assert found(text, names=("Luis Soto",)) == 0
    assert found(text, names=("Rayén Soto",)) == 1
    assert found(text, names=("Luis Soto",)) == 0
