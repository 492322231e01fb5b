"""The chat of customers, put together."""

from web.pages.chat import Chat
from web.pages.thumbs import Thumbs
from web.parts import Desk
from web.routing import Area


def chats(desk: Desk) -> list[Area]:
    parts = desk.parts
    chat = Chat(
        pages=desk.pages,
        chatting=desk.chatting,
        store=parts.store,
        lines=desk.lines,
        photo_name={article.sku: article.name for article in parts.pack.products}.get,
        signs=desk.limit("signs", 60, 60),
        embeds=bool(parts.embeds),
    )
    return [chat, Thumbs(chat)]
