"""Every table that keeps something of a customer: how its rows are found, told, and what becomes of
them. A test walks the catalogue and fails for a table that is missing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Of: TypeAlias = Literal["row", "message", "talk", "order", "client", "person"]


@dataclass(frozen=True, slots=True)
class Place:
    """`where` finds its rows among those of shop `$1` by the ids `$2` of what it belongs `to`.

    `told` are the columns of an export under their Spanish names, in the section `title`; `keeps`
    is why its rows stay, without anything that tells whose they were.
    """

    table: str
    of: Of
    where: str
    title: str = ""
    told: Mapping[str, str] = field(default_factory=dict)
    keeps: str = ""


def _by(column: str) -> str:
    return f"t.{column} = ANY($2::uuid[])"


ROW, MESSAGE, TALK, ORDER, PERSON = map(
    _by, ("training_id", "message_id", "conversation_id", "order_id", "customer_id")
)
CASES: Final = (
    "t.case_id IN (SELECT c.id FROM ml.eval_case c"
    " WHERE c.shop_id = $1 AND c.training_id = ANY($2::uuid[]))"
)
LINKED: Final = (
    "SELECT l.client_id FROM app.client_link l"
    " WHERE l.shop_id = $1 AND l.customer_id = ANY($2::uuid[])"
)
FORETOLD: Final = f"t.client_id IN ({LINKED})"
REVIEWED: Final = (
    "t.prediction_id IN (SELECT p.id FROM app.risk_prediction p"  # noqa: S608  our own text
    f" WHERE p.shop_id = $1 AND p.client_id IN ({LINKED}))"
)
BOUGHT: Final = "compraventas: la ley obliga a guardarlas; quedan sin nombre, chat ni conversación"
OWED: Final = "registros del negocio sobre préstamos y pagos, que la ley obliga a guardar"
SOUGHT: Final = """EXISTS (
    SELECT FROM (
      SELECT c.name FROM app.customer c WHERE c.shop_id = $1 AND c.id = ANY($2::uuid[])
      UNION ALL SELECT a.external_id FROM app.customer_alias a
      WHERE a.shop_id = $1 AND a.customer_id = ANY($2::uuid[])) known
    CROSS JOIN LATERAL concat_ws(' ', t.query ->> 'buscar', t.query ->> 'q') AS said
    WHERE length(known.name) > 2 AND (
      strpos(lower(concat_ws(' ', t.name, said)), lower(known.name)) > 0
      OR (length(said) > 2 AND strpos(lower(known.name), lower(said)) > 0)))"""
"""Lists that somebody of the shop keeps, and finds by such a name."""
LOOKED_AT: Final = "t.query ->> 'conversacion' IN (SELECT one::text FROM unnest($2::uuid[]) AS one)"
COSTS: Final = "costos de los modelos, sin texto ni nombre"
ASKED: Final = "constancia de la solicitud, sin datos de quien la hizo"

# The first of each kind is the root: its ids lead to the others. What is of a client has none, and
# is found through `app.client_link`. Those that point to others come
# before them.
PLACES: Final = (
    Place("ml.training_data", "row", _by("id"), "aprendizaje", {
        "dispatched_at": "fecha", "user_message": "pregunta", "bot_response": "respuesta",
        "intent": "intención", "slots": "datos_reconocidos", "confidence": "confianza",
        "category": "categoría", "product_name": "producto", "model": "modelo",
        "quality_score": "nota", "quality_label": "etiqueta", "is_successful": "sirvió",
        "user_feedback": "mensaje_siguiente", "stars": "estrellas", "correction": "corrección",
    }),
    Place("ml.eval_result", "row", CASES),
    Place("ml.eval_case", "row", ROW, "casos_de_prueba", {"messages": "mensajes"}),
    Place("ml.acceptance", "row", ROW, "aceptaciones", {"at": "fecha", "accepted": "aceptado"}),
    Place("ml.correction", "row", ROW, "correcciones", {
        "created_at": "fecha", "text": "respuesta_propuesta", "state": "estado", "why": "motivo",
    }),
    Place("ml.dataset_row", "row", ROW, "conjuntos_de_entrenamiento", {
        "dataset_id": "conjunto", "split": "parte", "score": "nota", "corrected": "corregido",
    }),
    Place("ml.example", "row", ROW, "ejemplos", {"question": "pregunta", "answer": "respuesta"}),
    Place("ml.exemplar", "row", ROW, "ejemplos_de_modelos", {
        "question": "pregunta", "answer": "respuesta",
    }),
    Place("ml.nlu_annotation", "row", ROW, "anotaciones", {"text": "texto", "intent": "intención"}),
    Place("ml.rating", "row", ROW, "calificaciones", {
        "updated_at": "fecha", "role": "quién", "stars": "estrellas", "thumb": "pulgar",
        "comment": "comentario",
    }),
    Place("ml.reply_label", "row", ROW, "etiquetas", {"score": "nota", "note": "comentario"}),
    Place("ml.score", "row", ROW, "puntajes", {
        "scorer": "evaluador", "score": "nota", "label": "etiqueta", "confidence": "confianza",
        "evidence": "indicios",
    }),
    Place("ml.outcome", "row", ROW, "ventas", {"at": "fecha", "converted": "compró"}),
    Place("ml.question_asked", "row", ROW),
    Place("ml.review_case", "row", ROW),
    Place("ml.training_source", "row", ROW, "fuentes", {"kind": "tipo", "source_id": "fuente"}),
    Place("ml.shadow_answer", "row", _by("reply_id"), "respuestas_no_enviadas", {
        "at": "fecha", "answer": "respuesta",
    }),
    Place("app.event_log", "row", _by("reply_id"), keeps=COSTS),
    Place("app.message", "message", _by("id"), "mensajes", {
        "at": "fecha", "author": "autor", "content": "tipo", "text": "texto",
        "reading": "lectura_del_archivo",
    }),
    Place("app.delivery", "message", MESSAGE, "entregas", {
        "updated_at": "fecha", "state": "estado",
    }),
    Place("app.media_file", "message", MESSAGE, "archivos", {
        "created_at": "fecha", "kind": "tipo", "mime": "formato", "size": "bytes",
        "sha256": "sha256",
    }),
    Place("app.sense_log", "message", MESSAGE, keeps=COSTS),
    Place("app.conversation", "talk", _by("id"), "conversaciones", {
        "account": "canal", "chat": "chat", "created_at": "desde", "last_at": "último_mensaje",
    }),
    Place("app.broadcast_target", "talk", TALK, "envíos", {"at": "fecha", "state": "estado"}),
    Place("app.client_inquiry", "talk", TALK, "consultas_del_equipo", {"at": "fecha"}),
    Place("app.csat", "talk", TALK, "satisfacción", {
        "answered_at": "fecha", "stars": "estrellas", "comment": "comentario",
    }),
    Place("app.delivery_part", "talk", TALK),
    Place("app.hand_over", "talk", TALK, "derivaciones", {
        "at": "fecha", "reason": "motivo", "question": "pregunta", "summary": "resumen",
    }),
    Place("app.reaction", "talk", TALK, "reacciones", {"at": "fecha", "emoji": "reacción"}),
    Place("app.withheld", "talk", TALK, "respuestas_retenidas", {
        "at": "fecha", "reason": "motivo",
    }),
    Place("app.span", "talk", TALK),
    Place("app.saved_view", "talk", LOOKED_AT),
    Place("app.conversation_state", "talk", TALK, "estado_de_conversaciones", {
        "at": "fecha", "state": "estado", "labels": "etiquetas", "gist": "resumen",
    }),
    Place("app.note", "talk", TALK, "notas_de_la_tienda", {"at": "fecha", "text": "nota"}),
    Place("app.orders", "order", _by("id"), "pedidos", {
        "created_at": "fecha", "state": "estado", "total": "total", "currency": "moneda",
        "confirmed_at": "confirmado", "paid_at": "pagado",
    }, keeps=BOUGHT),
    Place("app.order_line", "order", ORDER, "productos_pedidos", {
        "order_id": "pedido", "name": "producto", "quantity": "cantidad", "price": "precio",
    }, keeps=BOUGHT),
    Place("app.risk_review", "client", REVIEWED, "revisiones_de_riesgo", {
        "at": "fecha", "prediction_id": "predicción", "outcome": "resultado", "note": "motivo",
        "probability": "probabilidad_vista",
    }),
    Place("app.risk_prediction", "client", FORETOLD, "predicciones_de_riesgo", {
        "at": "fecha", "as_of": "con_datos_hasta", "id": "predicción", "kind": "sobre",
        "probability": "probabilidad", "factors": "razones", "version": "versión_del_modelo",
        "loan_id": "préstamo", "instalment_id": "cuota",
    }),
    Place("app.customer", "person", _by("id"), "perfil", {
        "created_at": "desde", "name": "nombre", "locale": "idioma", "intensity": "intensidad",
        "tone": "tono", "no_training": "no_entrenar", "restricted_at": "bloqueado",
        "opted_out_at": "sin_avisos_desde",
    }),
    Place("app.saved_view", "person", SOUGHT),
    Place("analytics.customer_day", "person", PERSON, "días", {
        "day": "día", "channel": "red", "sessions": "sesiones", "replies": "respuestas",
    }),
    Place("analytics.customer_sense", "person", PERSON),
    Place("analytics.user_health", "person", PERSON),
    Place("app.customer_alias", "person", PERSON, "identificadores", {
        "channel": "red", "external_id": "identificador",
    }),
    Place("app.customer_merge", "person",
          "(t.merged_id = ANY($2::uuid[]) OR t.kept_id = ANY($2::uuid[]))"),
    Place("app.consent", "person", PERSON, "consentimientos", {
        "created_at": "fecha", "subject": "sobre", "granted": "aceptado", "by": "registrado_por",
    }),
    Place("app.budget", "person", PERSON, "presupuestos", {
        "category": "categoría", "amount": "monto", "currency": "moneda", "period": "periodo",
    }),
    Place("app.customer_note", "person", PERSON, "notas_sobre_el_cliente", {
        "at": "fecha", "text": "nota", "was": "decía", "gone_at": "borrada",
    }),
    Place("app.goal", "person", PERSON, "metas", {
        "name": "meta", "amount": "monto", "currency": "moneda", "by_day": "para",
    }),
    Place("app.ledger_entry", "person", PERSON, "movimientos", {
        "on_day": "día", "kind": "tipo", "amount": "monto", "currency": "moneda",
        "category": "categoría", "note": "nota",
    }),
    Place("app.client_link", "person", PERSON, "ficha_del_negocio", {
        "client_id": "ficha", "at": "fecha",
    }),
    Place("app.identity_failure", "person", PERSON, "identificaciones_fallidas", {"at": "fecha"}),
    Place("app.privacy_request", "person", PERSON, "solicitudes", {
        "created_at": "fecha", "kind": "derecho", "state": "estado", "done_at": "resuelta",
    }, keeps=ASKED),
    Place("app.privacy_link", "person", PERSON),
)  # fmt: skip
"""In an export the sections stand in this order."""

OF_THE_BUSINESS: Final = {
    "app.client": OWED, "app.loan": OWED, "app.instalment": OWED, "app.payment": OWED,
}  # fmt: skip
"""Led to through `app.client_link`, which is taken away: nobody then knows who they are."""

ROOTS: Final[Mapping[Of, Place]] = {
    one.of: one for one in reversed(PLACES) if one.where == _by("id")
}


def belonging(of: Of) -> tuple[Place, ...]:
    """Without the root, which goes last."""
    return tuple(one for one in PLACES if one.of == of and one is not ROOTS.get(of))
