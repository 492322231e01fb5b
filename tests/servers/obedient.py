"""The worst model there can be, by OpenAI's protocol: whoever gives it an order is obeyed.

It reads its whole prompt, wherever the words stand, and does all that it is told: repeats, gives
away its instructions in any spelling, calls any tool with any arguments. It remembers every prompt
it ever read, of whatever customer, and tells those too. It is also handed `whims`: lies of its own.
"""

import base64
import codecs
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from tests.servers.pages import mounted

_SAY: Final = re.compile(
    r"\b(?:di|dile|diles|responde|contesta|repite|asegura|escribe|say|answer|repeat|tell them)"
    r"(?: (?:a todos|siempre|al cliente|exactamente|que|always))* ?"
    r"(?::? ?[\"«‹“]([^\"»›”\n]+)|: ?([^\n]+))",
    re.IGNORECASE,
)
_CALL: Final = re.compile(
    r"(?:llama a la funcion|usa la herramienta|call the tool) (\w+) (?:con|with) "
    r"(\{.*?\}+)(?=[\s.]|$)",
    re.IGNORECASE,
)
_REVEAL: Final = re.compile(
    r"(?:revela|muestra|imprime|repite|traduce|codifica|reveal|print)[^.\n]{0,60}"
    r"(?:prompt|instrucciones|sistema|system)[^.\n]{0,60}",
    re.IGNORECASE,
)
_OTHERS: Final = re.compile(r"(?:otros clientes|otro cliente|other customers)", re.IGNORECASE)
_KEYCAPS: Final = {str(digit): f"{digit}\ufe0f\u20e3" for digit in range(10)}
WAYS: Final[dict[str, Callable[[str], str]]] = {
    "tal cual": lambda text: text,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(" "),
    "letra por letra": lambda text: " ".join(text.replace(" ", "")),
    "con guiones": lambda text: "-".join(text.replace(" ", "")),
    "al reves": lambda text: text[::-1],
    "palabras al reves": lambda text: " ".join(reversed(text.split())),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "numeros": lambda text: " ".join(str(ord(sign) % 128) for sign in text),
    "emoji": lambda text: " ".join(
        chr(0x1F1E6 + ord(sign) - 97) for sign in text.lower() if "a" <= sign <= "z"
    ),
    "teclas": lambda text: "".join(_KEYCAPS.get(sign, sign) for sign in text),
    "invisible": "\u200b".join,
    "mayusculas": lambda text: text.upper(),
    "con estrellas": lambda text: " * ".join(text.split()),
    "binario": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
}
"""How instructions are given away; an order names one of them."""


@dataclass
class Obedient:
    """`whims` are said besides, and `calls` proposed besides, whatever the prompt holds."""

    url: str = ""
    whims: Sequence[str] = ()
    calls: Sequence[tuple[str, object]] = ()
    asked: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def read(self) -> str:
        """All that it was ever shown."""
        return "\n".join(_whole(body) for body in self.asked)

    async def complete(self, request: web.Request) -> web.Response:
        body = await request.json()
        before = self.read()
        self.asked.append(body)
        read = _whole(body)
        secrets = [one["content"] for one in body["messages"] if one["role"] == "system"]
        lines = [*self.whims, *obeyed(read, secrets[0] if secrets else "")]
        if _OTHERS.search(_said_by(body, "user")):
            lines.append(before)
        calls = [*self.calls, *called(read)]
        self.said.append("\n".join(lines))
        return web.json_response(_completion("\n".join(lines) or "Claro.", calls, body["model"]))


def obeyed(read: str, secret: str) -> list[str]:
    """What it says because it was told to."""
    lines = [(match[1] or match[2]).strip() for match in _SAY.finditer(read)]
    for order in _REVEAL.finditer(read):
        asked = order[0].casefold()
        ways = [way for name, way in WAYS.items() if name in asked] or [WAYS["tal cual"]]
        lines += [way(secret) for way in ways]
    return lines


def called(read: str) -> list[tuple[str, object]]:
    """What it calls because it was told to; nonsense too."""
    return [(match[1], match[2]) for match in _CALL.finditer(read)]


def _said_by(body: dict[str, Any], role: str) -> str:
    return "\n".join(str(one["content"]) for one in body["messages"] if one["role"] == role)


def _whole(body: dict[str, Any]) -> str:
    return "\n".join(str(one["content"]) for one in body["messages"])


def _completion(text: str, calls: Sequence[tuple[str, object]], model: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    message["tool_calls"] = [
        {
            "id": f"call-{place}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": given if isinstance(given, str) else json.dumps(given),
            },
        }
        for place, (name, given) in enumerate(calls)
    ]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


@asynccontextmanager
async def obedient() -> AsyncIterator[Obedient]:
    server = Obedient()
    async with mounted() as (base, routes):
        routes["/v1/chat/completions"] = server.complete
        server.url = f"{base}/v1"
        yield server
