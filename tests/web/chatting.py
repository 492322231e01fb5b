"""What a customer does on the chat page, and what stands on it."""

import re

import httpx2

from web.chatting import chat_of


def key_in(html: str) -> str:
    found = re.search(r'name="clave" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def said(html: str) -> list[str]:
    """The texts of the bubbles, in order."""
    return re.findall(r'<p class="said">(.*?)</p>', html, re.DOTALL)


async def say(
    client: httpx2.AsyncClient, text: str, key: str = "una-clave-0001"
) -> httpx2.Response:
    return await client.post("/chat/messages", data={"texto": text, "clave": key})


async def opened(client: httpx2.AsyncClient) -> str:
    """Opens the chat; gives its name as the channel knows it."""
    await client.get("/chat")
    return chat_of(client.cookies["chat"])
