"""The pack of a lender: complete, and never promising nor threatening."""

import re

import pytest

from config.packs import load_pack
from text.folding import fold


def test_the_sample_lender_is_complete() -> None:
    pack = load_pack("creditos")

    assert pack.identity.abilities == ("lending",)
    assert {intent.category for intent in pack.intents} == set(pack.identity.categories)
    assert len(pack.glossary) >= 20
    assert {example.intensity for example in pack.examples} == {0.2, 0.5, 0.9}
    assert len(pack.documents) >= 3
    assert all(len(document.read_text().split()) > 200 for document in pack.documents)
    assert {policy.name for policy in pack.policies} >= {"sin_aprobaciones", "sin_amenazas"}


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("tu credito esta aprobado", "sin_aprobaciones"),
        ("te vamos a aprobar el prestamo", "sin_aprobaciones"),
        ("aprobacion inmediata", "sin_aprobaciones"),
        ("te vamos a embargar", "sin_amenazas"),
        ("avisaremos a tu jefe", "sin_amenazas"),
        ("te conviene pedir otro credito", "sin_recomendar_endeudarse"),
        ("estas al dia, no debes nada", "sin_saldos_inventados"),
        ("ya recibimos tu pago", "sin_saldos_inventados"),
        ("te condonamos la deuda completa", "sin_saldos_inventados"),
        ("debes tres cuotas atrasadas", "sin_saldos_inventados"),
        ("tu saldo es cinco mil pesos", "sin_saldos_inventados"),
        ("tu transferencia ya se acredito", "sin_saldos_inventados"),
        ("you still owe two instalments", "sin_saldos_inventados"),
        ("si estas al dia, puedes repactar antes", None),
        ("debes presentar tu cedula", None),
        ("no debes pagar antes de la evaluacion", None),
        ("si tu pago no llego, envia el comprobante", None),
        ("recibimos pagos por transferencia", None),
        ("no esta aprobado todavia", None),
        ("ninguna solicitud se aprueba antes de la evaluacion", None),
        ("puedes pagar por transferencia", None),
    ],
)
def test_the_lender_never_promises_nor_threatens(text: str, policy: str | None) -> None:
    broken = [
        one.name
        for one in load_pack("creditos").policies
        if any(re.search(pattern, text) for pattern in one.forbids)
    ]
    assert broken == ([policy] if policy else [])


def test_nothing_the_lender_says_breaks_its_own_policies() -> None:
    """But what is told from records: it is never a model that says it."""
    pack = load_pack("creditos")
    free = [saying for name, saying in pack.answers.items() if not name.startswith("record_")]
    said = [text for saying in free for text in (*saying.es, *saying.en)]
    for policy in pack.policies:
        for text in [*said, *(example.answer for example in pack.examples)]:
            assert not any(re.search(pattern, fold(text)) for pattern in policy.forbids), text
