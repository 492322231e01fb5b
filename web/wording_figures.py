"""How the code words of figures, traces and alerts are read."""

from collections.abc import Mapping
from typing import Any, Final

STEPS: Final[Mapping[str, str]] = {
    "receive": "Llegada",
    "queue": "Cola",
    "reply": "Respuesta",
    "understand": "Entender",
    "search": "Buscar en documentos",
    "model": "Modelo",
    "verify": "Comprobar",
    "send": "Envío",
    "webhook": "Llamada rechazada",
}
RULES: Final[Mapping[str, str]] = {
    "latency": "Respuestas lentas",
    "errors": "Respuestas que fallan",
    "budget": "Presupuesto del día",
    "cost": "Gasto fuera de lo común",
    "drift": "Los clientes preguntan otras cosas",
    "silence": "No llegan mensajes",
    "webhooks": "Llamadas sin permiso",
    "queue": "Mensajes en espera",
    "jobs": "Trabajos detenidos",
    "approval": "Un modelo espera tu aprobación",
    "f1": "Entiende peor que antes",
    "canary": "Modelo de prueba retirado",
    "expiry": "Un modelo se acaba pronto",
    "risk-drift": "Los clientes de préstamos han cambiado",
    "risk-aged": "Modelo de riesgo antiguo",
}
MEASURES: Final[Mapping[str, str]] = {
    "latency": "Segundos que tarda el 5 % más lento, en 5 minutos",
    "errors": "Parte de las respuestas que falla, en 5 minutos",
    "budget": "Parte del presupuesto de hoy que ya se gastó",
    "cost": "Veces el gasto de la misma hora, hace una semana",
    "drift": "Cuánto cambió lo que se pregunta: desde 0,2 es otro público",
    "silence": "Pausas habituales sin un mensaje, con la tienda abierta",
    "webhooks": "Llamadas rechazadas en 5 minutos",
    "queue": "Segundos que esperó el mensaje más demorado",
    "jobs": "Trabajos sin señales hace más de 2 minutos",
    "approval": "Entrenamientos y modelos evaluados que esperan un sí",
    "f1": "Puntos de F1 que bajó, cuando la baja es segura",
    "canary": "Retiros en la última hora",
    "expiry": "Modelos en uso que el proveedor retira dentro de poco",
    "risk-drift": "Cuánto cambiaron los clientes: desde 0,25 conviene volver a entrenar",
    "risk-aged": "Días desde que se entrenó el modelo de riesgo en uso",
}
PAUSES: Final[Mapping[str, str]] = {
    "queue": "en la cola",
    "words": "a que el cliente terminara de escribir",
    "out": "antes de enviar, al ritmo de quien escribe",
}
UNITS: Final[Mapping[str, str]] = {
    "latency": "segundos",
    "errors": "de 0 a 1: 0,05 es 5 %",
    "budget": "de 0 a 1: 0,8 es 80 %",
    "cost": "veces",
    "drift": "índice de cambio",
    "silence": "pausas habituales",
    "webhooks": "llamadas",
    "queue": "segundos",
    "jobs": "trabajos",
    "approval": "modelos",
    "f1": "puntos de F1",
    "canary": "retiros",
    "expiry": "modelos",
    "risk-drift": "índice de cambio",
    "risk-aged": "días",
}
"""Of what a person writes into the field of a rule's limit."""
WATCHES: Final[Mapping[str, str]] = {
    "calm": "En orden",
    "pending": "Por confirmar",
    "firing": "Sonando",
    "acknowledged": "Reconocida",
    "resolved": "Resuelta",
}
FIGURES: Final[Mapping[str, str]] = {
    "assisted_sales": "Ventas asistidas",
    "bot_sales": "Gracias al bot",
    "other_sales": "Otras ventas",
    "resolved": "Resuelto por el bot",
    "hand_overs": "Derivaciones",
    "first_answer": "Primera respuesta",
    "satisfaction": "Satisfacción",
    "quality": "Nota de las respuestas",
    "answers": "Respuestas",
    "local": "Sin costo",
    "hosted": "Con un modelo pagado",
    "week": "Cuándo te escriben",
    "reasons": "Motivos de derivación",
    "intents": "Qué preguntan",
    "short": "Productos pedidos sin stock",
    "cost": "Costo",
    "rest": "Los demás",
    "latency": "Demora",
    "p50_ms": "La mitad",
    "p95_ms": "95 de cada 100",
}
SPENT: Final[Mapping[str, str]] = {
    "answer": "Respuestas",
    "voice": "Notas de voz",
    "image": "Imágenes",
    "training": "Entrenamientos",
    "shadow": "Pruebas en la sombra",
    "evaluation": "Evaluaciones",
    "judge": "El juez de respuestas",
    "nobody": "De nadie conocido",
    "": "sin clasificar",
    "rest": "Los demás",
}
REASONS: Final[Mapping[str, str]] = {
    "asked": "pidió una persona",
    "complaint": "reclamo",
    "doubt": "el bot no estaba seguro",
    "policy": "la tienda lo pide así",
}
CHANNELS: Final[Mapping[str, str]] = {
    "web": "Chat web",
    "telegram": "Telegram",
    "telegram_ptb": "Telegram",
    "whatsapp": "WhatsApp (QR)",
    "whatsapp_cloud": "WhatsApp",
    "console": "Consola",
    "memory": "Simulación",
}
LISTS: Final[Mapping[str, Mapping[Any, str]]] = {
    "step": STEPS,
    "rule": RULES,
    "measure": MEASURES,
    "unit": UNITS,
    "pause": PAUSES,
    "watch": WATCHES,
    "figure": FIGURES,
    "reason": REASONS,
    "channel": CHANNELS,
    "spent": SPENT,
}
