"""What `doctor` finds, as an administrator reads it: its English in the words of the pages.

A network's own words, an error of a library or a version stand as they are.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from web.amounts import as_written
from web.checkwords_key import SEALED
from web.translating import Words

NAMES: Final[Mapping[str, str]] = {
    "disk": "disco",
    "migrations": "migraciones",
    "role": "rol de la base",
    "catalogue": "catálogo",
    "groups": "grupos",
    "dead letters": "mensajes sin procesar",
    "jobs": "tareas",
    "backups": "respaldos",
    "channels": "canales",
    "staff": "avisos al equipo",
    "models": "modelos",
    "telemetry": "telemetría",
    "secret key": "llave de los secretos",
}
"""What is looked at; accounts and programs are called the same everywhere."""
SAID: Final[Sequence[tuple[str, str]]] = (
    (r"(?P<n>[\d.]+) GB free for (?P<b>.+)", "%(n)s GB libres para %(b)s"),
    (r"(?P<a>\S+), no append-only file", "%(a)s, sin archivo de solo agregar"),
    (r"(?P<a>\S+), append-only, noeviction", "%(a)s, guarda todo y no descarta nada"),
    (r"at (?P<a>\S+), newest (?P<b>\S+)", "en la %(a)s, la más nueva es la %(b)s"),
    (
        r"row-level security binds the runtime role",
        "la seguridad por filas ata al rol con que corre el bot",
    ),
    (
        r"the runtime role passes row-level security by",
        "el rol con que corre el bot se salta la seguridad por filas",
    ),
    (r"not there", "no está"),
    (r"empty", "vacío"),
    (r"(?P<a>\d+) products of (?P<b>.+)", "%(a)s productos de %(b)s"),
    (r"nobody reads for (?P<a>.+)", "nadie lee para %(a)s"),
    (
        r"(?P<a>\d+) groups, (?P<b>\d+) partitions behind",
        "%(a)s grupos, %(b)s particiones atrasadas",
    ),
    (r"(?P<a>\d+) wait", "%(a)s en espera"),
    (r"none", "ninguno"),
    (
        r"a restore was cut off: who was erased since the backup may be back",
        "una restauración quedó a medias: puede haber vuelto quien se borró después del respaldo",
    ),
    (r"none by this bot", "ninguno de este bot"),
    (r"the last one (?P<a>\d+) days ago: (?P<b>.+)", "el último hace %(a)s días: %(b)s"),
    (r"none failed", "ninguna falló"),
    (
        r"(?P<a>\d+) failed; (?P<b>\S+) (?P<c>.+?) of (?P<d>\S+): (?P<e>.*)",
        "fallaron %(a)s; la última fue %(b)s %(c)s de %(d)s: %(e)s",
    ),
    (r"none but the web chat \((?P<said>.+)\)", "ninguno, salvo el chat web (%(said)s)"),
    (
        r"nobody is told of hand-overs but on the pages \((?P<said>.+)\)",
        "los pases a una persona solo se avisan en las páginas (%(said)s)",
    ),
    (r"(?P<a>\d+) told of hand-overs and receipts", "se avisa a %(a)s de pases y comprobantes"),
    (r"there is no account (?P<a>.+)", "no existe la cuenta %(a)s"),
    (r"none configured", "ninguno configurado"),
    (r"steps go to (?P<a>.+)", "los pasos van a %(a)s"),
    (r"OpenTelemetry is not installed", "OpenTelemetry no está instalado"),
    (r"install 3\.11\+", "instala Python 3.11 o más nuevo"),
    (
        r"free some space: nothing is accepted unstored",
        "libera espacio: sin dónde guardar no se acepta nada",
    ),
    (r"upgrade to Redis 6\.2 or Valkey", "cambia a Redis 6.2 o Valkey"),
    (
        r"CONFIG SET maxmemory-policy noeviction: any other one loses messages",
        "CONFIG SET maxmemory-policy noeviction: cualquier otra pierde mensajes",
    ),
    (
        r"set appendonly yes: without it a restart loses messages",
        "pon appendonly yes: sin eso un reinicio pierde mensajes",
    ),
    (
        r"run main\.py migrate, then use a login that may SET ROLE aprendiz_pipeline",
        "corre main.py migrate y luego usa un usuario que pueda SET ROLE aprendiz_pipeline",
    ),
    (r"install pgvector, then main\.py migrate", "instala pgvector y luego corre main.py migrate"),
    (r"the bot can only say what it does not know", "el bot solo puede decir que no sabe"),
    (
        r"mend the cause; docs/queries\.md shows every run with its error",
        "arregla la causa; docs/queries.md muestra cada corrida con su error",
    ),
    (
        r"main\.py channels test (?P<a>\S+), when mended",
        "main.py channels test %(a)s, cuando esté arreglado",
    ),
    (
        r"main\.py channels add (?P<a>\S+), or correct takeover\.staff",
        "main.py channels add %(a)s, o corrige takeover.staff",
    ),
    (
        r"set GROQ_API_KEY, OPENAI_API_KEY or OLLAMA_HOST, or add offline to models\.order",
        "pon GROQ_API_KEY, OPENAI_API_KEY u OLLAMA_HOST, o agrega offline a models.order",
    ),
    (
        r"no answer: is there a way to the network from here\?",
        "sin respuesta: ¿hay salida a la red desde aquí?",
    ),
    (r"this network cannot be examined", "esta red no se puede examinar"),
    (
        r"(?P<a>.+); Meta calls your public address with (?P<b>\S+) and the verify token",
        "%(a)s; Meta llama a tu dirección pública con %(b)s y el token de verificación",
    ),
    (
        r"the app secret is not the one of the token's app: App settings, Basic, App secret",
        "el secreto no es el de la app del token: App settings, Basic, App secret",
    ),
    (r"neonize is not installed: (?P<a>pip .+)", "neonize no está instalado: %(a)s"),
    (r"neonize is installed; (?P<said>.+)", "neonize está instalado; %(said)s"),
    (
        r"pair it: main\.py run, and beside it main\.py channels pair",
        "vincúlalo: main.py run y, al lado, main.py channels pair",
    ),
    (r"paired and connected", "vinculado y conectado"),
    (r"not paired; (?P<said>.+)", "sin vincular; %(said)s"),
    (r"not paired any more", "ya no está vinculado"),
    (r"paired; no bot runs", "vinculado; ningún bot corre"),
    (r"pairing", "vinculándose"),
    (r"unwell", "con problemas"),
    (r"refused", "rechazado"),
    (r"stopped", "detenido"),
    (r"starting", "empezando"),
    (r"(?P<said>.+) \((?P<a>\d+ (?:d|h|min|s)) ago\)", "%(said)s (hace %(a)s)"),
    (r"this release knows no network (?P<a>.+)", "esta versión no conoce la red %(a)s"),
    *SEALED,
    (
        r"a webhook is left over: Telegram calls (?P<a>[^;]+); .+",
        (
            "quedó un webhook: Telegram llama a %(a)s; un bot nuestro que empieza lo quita, y el "
            "otro programa ya no oye nada"
        ),
    ),
    (
        r"a webhook needs our public address: set webhook_url",
        "un webhook necesita nuestra dirección pública: pon webhook_url",
    ),
    (
        r"another program polls with this token; .+",
        "otro programa usa este token; detenlo, o crea otro bot con @BotFather",
    ),
    (
        r"Telegram does not call our address any more: another bot uses the token",
        "Telegram ya no llama a nuestra dirección: otro bot usa el token",
    ),
    (r"Telegram could not call us: (?P<a>.+)", "Telegram no pudo llamarnos: %(a)s"),
    (
        r"Telegram does not know the token: check TELEGRAM_BOT_TOKEN",
        "Telegram no conoce el token: revisa TELEGRAM_BOT_TOKEN",
    ),
    (
        r"the token is none of Telegram's: check TELEGRAM_BOT_TOKEN",
        "el token no es de Telegram: revisa TELEGRAM_BOT_TOKEN",
    ),
    (r"too many requests: wait (?P<a>\S+) s", "demasiadas llamadas: espera %(a)s s"),
    (r"the account was taken away", "la cuenta se quitó"),
    (r"the Cloud API needs more settings: (?P<a>.+)", "a la Cloud API le faltan datos: %(a)s"),
    (
        r"WhatsApp does not know our number: .+",
        "WhatsApp no conoce nuestro número: revisa WHATSAPP_PHONE_ID y si el token puede usarlo",
    ),
    (
        r"WhatsApp refuses our token \(HTTP (?P<a>\d+)\): check WHATSAPP_TOKEN",
        "WhatsApp rechaza nuestro token (HTTP %(a)s): revisa WHATSAPP_TOKEN",
    ),
    (r"(?P<said>.+): check WHATSAPP_TOKEN", "%(said)s: revisa WHATSAPP_TOKEN"),
    (
        r"an answer we cannot read \(HTTP (?P<a>\d+)\)",
        "una respuesta que no se entiende (HTTP %(a)s)",
    ),
    (r"too many requests", "demasiadas llamadas"),
    (r"HTTP (?P<a>\d+) without a reason", "HTTP %(a)s sin motivo"),
    (
        r"WhatsApp has logged this device out: pair it again",
        "WhatsApp cerró la sesión de este equipo: vincúlalo otra vez",
    ),
    (
        r"WhatsApp no longer takes this version: (?P<a>upgrade .+)",
        "WhatsApp ya no acepta esta versión: actualiza neonize (requirements-whatsapp.txt)",
    ),
    (
        r"the session runs somewhere else too: stop the other one, then start this one",
        "la sesión corre también en otra parte: detén la otra y empieza esta",
    ),
    (
        r"cannot reach WhatsApp; it tries again by itself",
        "no se llega a WhatsApp; se intenta de nuevo solo",
    ),
    (r"cannot reach WhatsApp: (?P<a>.+)", "no se llega a WhatsApp: %(a)s"),
    (r"cannot open the session: (?P<a>.+)", "no se puede abrir la sesión: %(a)s"),
    (
        r"WhatsApp has banned this number for (?P<a>\d+) s \((?P<b>.*)\)",
        "WhatsApp bloqueó este número por %(a)s s (%(b)s)",
    ),
    (r"the connection ended", "la conexión terminó"),
    (r"the process that holds the session hung", "el proceso de la sesión se colgó"),
    (r"the process that holds the session died: (?P<a>.*)", "el proceso de la sesión murió: %(a)s"),
    (r"its last process has not ended yet", "su proceso anterior no ha terminado"),
    (r"(?P<a>Telegram|WhatsApp) cannot be reached \((?P<b>\w+)\)", "no se llega a %(a)s (%(b)s)"),
    (r"Telegram did not answer \((?P<a>\w+)\)", "Telegram no respondió (%(a)s)"),
    (r"no pair code: (?P<a>.*)", "no hay código para vincular: %(a)s"),
    (r"nobody has scanned the QR", "nadie escaneó el QR"),
    (r"pairing failed", "no se pudo vincular"),
    (
        r'takeover\.staff = \["telegram:main:<your chat>"\]',
        'takeover.staff = ["telegram:main:<tu chat>"]',
    ),
)
"""Patterns of what is found and of its remedy, the first that fits; `said` is another of them, `n`
a figure."""
_COMPILED: Final = tuple((re.compile(pattern, re.DOTALL), spanish) for pattern, spanish in SAID)


def told(language: Words, text: str) -> str:
    """In the language of the page."""
    for pattern, spanish in _COMPILED:
        if match := pattern.fullmatch(text):
            filled = match.groupdict()
            if "said" in filled:
                filled["said"] = told(language, filled["said"])
            if "n" in filled:
                filled["n"] = as_written(filled["n"], language.locale)
            return language.say(spanish) % filled
    return text


def named(language: Words, name: str) -> str:
    return language.say(NAMES.get(name, name))
