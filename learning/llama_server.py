"""What llama.cpp's own server makes of a conversation, token by token."""

from typing import Any, Final

import httpx

from learning.ollama import ServerRefused, ServerUnavailable
from learning.trainers.chats import Messages
from learning.trainers.parity import Heard

ANSWER_S: Final = 30.0


async def heard_by(url: str, messages: Messages) -> Heard:
    """Its chat template writes the prompt, its tokenizer takes it apart; nothing is generated."""
    try:
        async with httpx.AsyncClient(base_url=url, timeout=ANSWER_S, trust_env=False) as client:
            said = {"messages": [dict(one) for one in messages]}
            written = (await client.post("/apply-template", json=said)).raise_for_status().json()
            text = written["prompt"]
            wished = {"content": text, "add_special": True, "parse_special": True}
            told = await client.post("/tokenize", json={**wished, "with_pieces": True})
            tokens = told.raise_for_status().json()["tokens"]
    except (httpx.HTTPStatusError, ValueError, KeyError) as error:
        raise ServerRefused(
            f"The server at {url} writes no prompts", str(error), "Is it llama.cpp's llama-server?"
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = str(error) or type(error).__name__
        raise ServerUnavailable(
            f"The server at {url} does not answer", why, "Start it, or look at its address"
        ) from error
    return Heard(text=text, tokens=[(int(one["id"]), _piece(one["piece"])) for one in tokens])


def _piece(piece: Any) -> str:  # noqa: ANN401  a text, or bytes where they are no text alone
    return piece if isinstance(piece, str) else bytes(piece).decode(errors="replace")
