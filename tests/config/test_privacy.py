"""What each pack masks beyond what everybody masks."""

import pytest

from config.packs import load_pack
from knowledge.prompt import own_recognisers
from text.privacy import scrub


@pytest.mark.parametrize(
    ("pack", "said", "masked"),
    [
        ("finanzas", "me pagaron 800.000 pesos de sueldo", "me pagaron [MONTO_1] de sueldo"),
        ("finanzas", "gasté 5 lucas en pan", "gasté [MONTO_1] en pan"),
        ("finanzas", "gaste 12990 en uber", "gaste [MONTO_1] en uber"),
        ("finanzas", "un millón doscientos mil pesos", "[MONTO_1]"),
        ("finanzas", "presupuesto de 1 millón 200 mil", "presupuesto de [MONTO_1]"),
        ("finanzas", "ingreso de $800.000 por sueldo", "ingreso de [MONTO_1] por sueldo"),
        ("finanzas", "la UF está a 39.123,45", "la UF está a 39.123,45"),
        ("finanzas", "subió 10% el 12/03/2026 a las 20:30", "subió 10% el 12/03/2026 a las 20:30"),
        ("finanzas", "el 4 de mayo de 2026", "el 4 de mayo de 2026"),
        ("finanzas", "hay mil maneras", "hay mil maneras"),
        ("creditos", "nací el 12 de marzo del 85", "nací el [NACIMIENTO_1]"),
        ("creditos", "12-marzo-1985", "[NACIMIENTO_1]"),
        ("creditos", "debo $819.203", "debo [MONTO_1]"),
        ("ventas", "la mochila de $24.990", "la mochila de $24.990"),
    ],
)
def test_a_pack_masks_what_is_personal_in_its_business(pack: str, said: str, masked: str) -> None:
    assert scrub(said, extra=own_recognisers(load_pack(pack))).text == masked
