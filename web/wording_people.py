"""How the code words of people, keys, rights and the audit are read."""

from collections.abc import Mapping
from typing import Any, Final

from web.wording_deeds import BYGONE, DEEDS, DETAILS, SAID

ACTIONS: Final[Mapping[str, str]] = {
    "session.opened": "entró",
    "session.closed": "salió",
    "session.ended": "cerró una sesión",
    "session.blocked": "falló cinco veces al entrar",
    "session.": "entradas y salidas",
    "person.invited": "invitó a una persona",
    "person.linked": "dio un enlace para la contraseña",
    "person.password": "eligió una contraseña",
    "person.role": "cambió los permisos de alguien",
    "person.renamed": "cambió su nombre",
    "person.disabled": "quitó el acceso a alguien",
    "person.enabled": "devolvió el acceso a alguien",
    "person.": "personas",
    "key.created": "creó una clave",
    "key.revoked": "revocó una clave",
    "key.": "claves",
    "customer.": "clientes",
    "order.paid": "confirmó el pago de un pedido",
    "order.rejected": "rechazó el comprobante de un pedido",
    "order.": "pedidos",
    "model.": "modelos",
    "bot.": "el bot entero",
    "bot.paused": "dejó callado al bot",
    "bot.resumed": "volvió a dejar hablar al bot",
    "settings.hours": "cambió el horario",
    "settings.tone": "cambió el tono del bot",
    "settings.limits": "cambió los topes de gasto",
    "settings.facts": "cambió lo que dice la tienda",
    "settings.privacy": "cambió cuánto se guarda",
    "channel.": "canales",
    "channel.connected": "conectó un canal",
    "channel.replaced": "cambió el token de un canal",
    "channel.removed": "quitó un canal",
    "settings.channel": "cambió si el bot contesta en un canal",
    "trial.shared": "compartió un enlace de prueba",
    "trial.withdrawn": "apagó el enlace de prueba",
    "trial.": "enlaces de prueba",
    "risk.seen": "vio un riesgo estimado",
    "risk.listed": "vio una lista de riesgos",
    "risk.reviewed": "revisó un riesgo estimado",
    "risk.train": "pidió entrenar un modelo de riesgo",
    "risk.predict": "pidió estimar los riesgos de hoy",
    "risk.activated": "puso en uso un modelo de riesgo",
    "risk.": "riesgos",
    "settings.": "ajustes",
}
TOLD: Final[Mapping[str, str]] = {
    "last": "Es la única persona a cargo. Nombra antes a otra.",
    "known": "Ya hay alguien con ese correo.",
    "nobody": "Esa persona ya no está.",
    "above": "Tu cuenta no alcanza para dar ese permiso.",
    "email": "Ese correo no está bien escrito.",
    "name": "Escribe un nombre de hasta 80 letras.",
    "short": "La contraseña necesita al menos 12 caracteres.",
    "long": "La contraseña puede tener hasta 200 caracteres.",
    "easy": "Esa contraseña es fácil de adivinar: muchos la usan, o lleva el nombre de la tienda o"
    " tu correo. Prueba con tres o cuatro palabras que solo tú juntarías.",
    "scopes": "Elige al menos un permiso para la clave.",
    "wrong": "Ese correo y esa contraseña no van juntos.",
    "not_the_key": "Esa clave no es la de esta tienda.",
    "no_key": "La tienda ya tiene cuentas: entra con tu correo.",
    "otra": "La contraseña actual no es esa.",
    "guardado": "Guardado.",
    "contrasena": "Contraseña cambiada. Las demás sesiones se cerraron.",
    "rol": "Permisos cambiados. Esa persona entra de nuevo.",
    "quitar": "Ya no puede entrar.",
    "devolver": "Puede entrar otra vez.",
    "cerrada": "Sesión cerrada.",
    "cerradas": "Las demás sesiones se cerraron.",
    "revocada": "La clave dejó de funcionar.",
    "conectado": "Canal conectado: tu bot ya contesta ahí.",
    "cambiado": "Token cambiado: el anterior se borró.",
    "quitado": "Canal quitado, y su token borrado.",
}
CONNECTING: Final[Mapping[str, str]] = {
    "shape": "Eso no es un token de Telegram. @BotFather lo da así: números, dos puntos y unas 35"
    " letras, como 123456789:AAE…",
    "token": "Telegram no conoce este token: está mal copiado, o fue revocado. Pide otro a"
    " @BotFather con /token.",
    "shared": "Otro programa está usando este token. Detenlo, o crea otro bot con @BotFather.",
    "left": "Telegram entrega los mensajes de este bot a otro programa, en su propia dirección.",
    "address": "El servidor espera que Telegram lo llame, y le falta su dirección pública"
    " (telegram.webhook_url).",
    "cloud": "Falta algo, o no tiene la forma que da Meta: el identificador del número son solo"
    " dígitos (no es el teléfono); el token y el secreto son una sola palabra larga.",
    "access": "Meta rechaza este token: está mal copiado, venció, o no tiene permiso sobre este"
    " número. Genera otro en Usuarios del sistema.",
    "number": "Meta no conoce este identificador de número, o el token no puede usarlo. Cópialo de"
    " WhatsApp → API Setup: no es el teléfono.",
    "app": "El secreto no es el de la app de este token. Está en App settings → Basic → App"
    " secret.",
    "unreached": "La red no responde. Prueba otra vez en un momento.",
    "twin": "Ese bot o número ya está conectado en tu tienda:",
    "foreign": "Otra tienda de este servidor ya usa ese bot o número.",
    "gone": "Esa cuenta ya no está.",
    "sealed": "El servidor no puede abrir el token guardado. Pégalo otra vez en «Cambiar token».",
    "key": "El servidor no puede guardar secretos: «main.py doctor» dice qué le falta a su llave.",
    "often": "Demasiadas pruebas seguidas. Espera 15 min.",
    "refused": "La red rechaza esta cuenta.",
}
"""Why an account cannot serve, for whoever pastes its token or its credentials."""
ACTORS: Final[Mapping[str, str]] = {
    "shop": "La clave de la tienda",
    "visitor": "Alguien",
    "controller": "El controlador",
    "key:": "Un programa, con su clave",
    "terminal:": "Alguien, en la terminal",
    "chat:": "Alguien, en su chat",
}
FIELDS: Final[Mapping[str, str]] = {
    "name": "nombre",
    "role": "permisos",
    "scopes": "permisos",
    "expires_at": "vence",
    "count": "cuántas",
    "hours": "horario",
    "holidays": "feriados",
    "tone": "tono",
    "intensity": "energía",
    "chat_days": "días de conversaciones",
    "media_days": "días de fotos y audios",
    "notice": "aviso de privacidad",
    "answers": "contesta",
}
ROLES: Final[Mapping[str, str]] = {
    "admin": "Administra",
    "owner": "Dueña o dueño",
    "seller": "Vende",
    "viewer": "Solo mira",
}
SCOPES: Final[Mapping[str, str]] = {
    "reading": "Leer: conversaciones, catálogo, informes",
    "serving": "Atender: preguntar al bot, responder, catálogo y documentos",
    "training": "Entrenar: ejemplos, conjuntos de datos, entrenamientos y evaluaciones",
    "rollout": "Publicar: poner modelos en marcha y volver atrás",
    "risk": "Riesgo: ver lo estimado, revisarlo y entrenar sus modelos",
}
NETWORKS: Final[Mapping[str, str]] = {
    "phone": "teléfono",
    "wa_id": "WhatsApp",
    "whatsapp": "WhatsApp",
    "whatsapp_cloud": "WhatsApp",
    "telegram": "Telegram",
    "web": "chat de la página",
}
RIGHTS: Final[Mapping[str, str]] = {
    "export": "Copia de sus datos",
    "erasure": "Borrado",
    "opposition": "Uso para enseñar al bot",
    "rectification": "Corrección",
    "restriction": "Bloqueo temporal",
}
OWN_RIGHTS: Final[Mapping[str, str]] = {**RIGHTS, "export": "Copia de tus datos"}
"""As who asked for it reads it."""
RIGHT_STATES: Final[Mapping[str, str]] = {
    "open": "pendiente",
    "running": "en curso",
    "done": "lista",
}
CONSENTS: Final[Mapping[str, str]] = {
    "training": "Enseñar al bot con sus mensajes",
    "processing": "Usar sus datos",
    "messages": "Recibir avisos",
}
SAVED: Final[Mapping[str, str]] = {
    "guardado": "Los cambios quedaron guardados.",
    "aprende": "Anotado: los mensajes pueden volver a enseñar al bot.",
    "no-aprende": "Anotado: los mensajes ya no enseñan al bot.",
    "bloqueado": "Bloqueado: se guarda lo que escriba y no se hace nada más con ello.",
    "desbloqueado": "El bot vuelve a responderle desde su próximo mensaje.",
    "exportando": "Estamos juntando los datos. En un momento estará la copia.",
    "borrando": "Estamos borrando los datos en todas partes. No se puede deshacer.",
}
LISTS: Final[Mapping[str, Mapping[Any, str]]] = {
    "network": NETWORKS,
    "right": RIGHTS,
    "own_right": OWN_RIGHTS,
    "right_state": RIGHT_STATES,
    "consent": CONSENTS,
    "saved": SAVED,
    "action": {**ACTIONS, **DEEDS, **BYGONE},
    "role": ROLES,
    "scope": SCOPES,
    "told": TOLD,
    "connecting": CONNECTING,
    "field": {**FIELDS, **DETAILS},
    "said": SAID,
    "actor": ACTORS,
}
