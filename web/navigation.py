"""What somebody may go to, in the order of their day. Pages that do not exist are not shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from web.permissions import Perm


@dataclass(frozen=True, slots=True)
class Item:
    """`label` is Spanish, to be translated, `short` what fits under a
    thumb; `key` follows a `g` on the keyboard."""

    path: str
    label: str
    icon: str
    needs: Perm
    key: str = ""
    desk: bool = False
    short: str = ""


ITEMS: Final = (
    Item("/hoy", "Hoy", "home", Perm.CONVERSATION_READ, "h"),
    Item("/conversaciones", "Conversaciones", "chat", Perm.CONVERSATION_READ, "c", short="Chats"),
    Item("/revisar", "Revisar", "check", Perm.REVIEW_WRITE, "r"),
    Item("/ejemplos", "Ejemplos", "rows", Perm.EXAMPLE_READ, "e"),
    Item("/sin-respuesta", "Sin respuesta", "question", Perm.EXAMPLE_READ, "s"),
    Item("/pedidos", "Pedidos", "sale", Perm.ORDER_READ, "p"),
    Item("/catalogo", "Catálogo", "box", Perm.CATALOGUE_READ, "k"),
    Item("/documentos", "Documentos", "file", Perm.DOCUMENT_READ, "d"),
    Item("/glosario", "Glosario", "book", Perm.TERM_READ, "l"),
    Item("/probar", "Probar el bot", "spark", Perm.BOT_ASK, "b", short="Probar"),
    Item("/clientes", "Clientes", "people", Perm.CUSTOMER_READ, "u"),
    Item("/riesgo", "Riesgo", "flag", Perm.RISK_READ, "n"),
    Item("/informes", "Informes", "chart", Perm.REPORT_READ, "i"),
    Item("/ajustes", "Ajustes", "gear", Perm.SETTINGS_READ, "j"),
    Item("/admin", "Panel", "gauge", Perm.MODEL_READ, "a", desk=True),
    Item("/admin/calidad", "Calidad", "target", Perm.QUALITY_READ, "q", desk=True),
    Item("/admin/modelos", "Modelos", "model", Perm.MODEL_READ, "m", desk=True),
    Item("/admin/entrenamientos", "Entrenamientos", "train", Perm.TRAINING_READ, "t", desk=True),
    Item("/admin/evaluaciones", "Evaluaciones", "test", Perm.EVALUATION_READ, "v", desk=True),
    Item("/admin/costos", "Costos", "coin", Perm.COST_READ, "o", desk=True),
    Item("/admin/trazas", "Trazas", "trace", Perm.TRACE_READ, "z", desk=True),
    Item("/admin/alertas", "Alertas", "bell", Perm.ALERT_READ, "w", desk=True),
    Item("/admin/auditoria", "Auditoría", "shield", Perm.AUDIT_READ, "y", desk=True),
    Item("/api", "Referencia de la API", "file", Perm.KEY_WRITE, desk=True),
    Item("/admin/sistema", "Sistema", "system", Perm.SYSTEM_READ, "x", desk=True),
)
THUMB: Final = ("/hoy", "/conversaciones", "/revisar", "/pedidos", "/probar", "/informes")
"""What the bar at the bottom of a phone shows first, as far as it is there; the rest is behind
"Más"."""
AT_HAND: Final = 3


def menu(permissions: Collection[Perm], paths: Collection[str]) -> Sequence[Item]:
    """`paths` are the pages that are mounted."""
    return [item for item in ITEMS if item.needs in permissions and item.path in paths]


def at_hand(items: Sequence[Item]) -> Sequence[Item]:
    """The few that fit under a thumb."""
    by_path = {item.path: item for item in items}
    return [by_path[path] for path in THUMB if path in by_path][:AT_HAND]


def current(items: Sequence[Item], path: str) -> str:
    """The item that a page belongs to: the longest one its address begins with."""
    found = [one.path for one in items if path == one.path or path.startswith(f"{one.path}/")]
    return max(found, key=len, default="")
