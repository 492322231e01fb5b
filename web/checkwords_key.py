"""What `doctor` and the vault say of the key to the secrets of accounts, and its Spanish."""

from collections.abc import Sequence
from typing import Final

SEALED: Final[Sequence[tuple[str, str]]] = (
    (
        r"the key that sealed the secrets of (?P<a>.+) is not here",
        "no está la llave que selló los secretos de %(a)s",
    ),
    (
        r"the secrets of (?P<a>.+) were sealed with another key or elsewhere",
        "los secretos de %(a)s se sellaron con otra llave o en otro lugar",
    ),
    (
        r"the secrets of (?P<a>.+) were sealed with another key",
        "los secretos de %(a)s se sellaron con otra llave",
    ),
    (r"none needed before an account is added", "no hace falta hasta agregar una cuenta"),
    (
        r"(?P<a>.+) is not there; accounts stored: (?P<b>\d+)",
        "%(a)s no está; cuentas guardadas: %(b)s",
    ),
    (
        r"(?P<a>.+) has mode (?P<b>[0-7]+), it needs 600",
        "%(a)s tiene los permisos %(b)s y necesita 600",
    ),
    (
        r"(?P<a>.+) holds (?P<b>\d+) characters, it needs (?P<c>\d+)",
        "%(a)s tiene %(b)s caracteres y necesita %(c)s",
    ),
    (r"(?P<a>.+) holds no text", "%(a)s no contiene texto"),
    (
        r"accounts sealed as releases before this one did: (?P<a>\d+)",
        "cuentas selladas como en versiones anteriores: %(a)s",
    ),
    (r"of the configuration", "está en la configuración"),
    (r"(?P<a>.+), which its owner alone can read", "%(a)s, que solo lee su dueño"),
    (r"give it 32 characters or more", "dale 32 caracteres o más"),
    (
        r"put it back from its copy, or give the tokens anew: (?P<said>.+)",
        "ponla de nuevo desde su copia, o da otra vez los tokens: %(said)s",
    ),
    (r"these secrets are not those of (?P<a>.+)", "estos secretos no son los de %(a)s"),
    (
        r"the secret key has (?P<a>\d+) characters, it needs (?P<b>\d+)",
        "la llave secreta tiene %(a)s caracteres y necesita %(b)s",
    ),
    (r"others can read (?P<a>.+): (?P<b>chmod .+)", "otros pueden leer %(a)s: %(b)s"),
    (r"(?P<a>.+) belongs to another user", "%(a)s es de otro usuario"),
)
