"""A report that an owner reads: in Spanish, and in English."""

from evaluation.gates import at_least_right, at_most_wrong, macro_f1, quick
from evaluation.report import told

GATES = [
    macro_f1("intent_f1", None, 0, 0.92, 0.95),
    at_least_right("slot_exact", (10, 100), 0.9, 0.95),
    at_most_wrong("off_policy", (0, 60), 0.015, 0.95),
    quick("latency", [1200] * 80, 2.2, 0.95),
]


def test_it_says_what_was_seen_what_is_sure_and_what_is_missing() -> None:
    assert told("failed", GATES, "es") == [
        "Reprobado: este modelo no debe atender.",
        (
            "Entiende lo que piden (F1 de las intenciones más frecuentes): faltan datos "
            "(al menos 0.920; sin medir)"
        ),
        (
            "Lee bien los datos del mensaje: reprobado "
            "(al menos 90.0%; visto 10.0% en 100; con seguridad 16.4%)"
        ),
        (
            "Respuestas inventadas, prohibidas o groseras: faltan datos "
            "(a lo más 1.5%; visto 0.0% en 60; con seguridad 4.9%; faltan 139 casos)"
        ),
        (
            "Rapidez cuando no busca: aprobado "
            "(a lo más 2.2 s; p95 1.2 s en 80; a lo más 3.7% pasa de 2.2 s)"
        ),
    ]


def test_english_says_the_same() -> None:
    lines = told("not_enough", GATES, "en")
    assert lines[0] == "It cannot be told yet: more cases are needed."
    assert lines[3].endswith("(at most 1.5%; seen 0.0% in 60; surely 4.9%; 139 more cases)")
