"""neonize's messages, without its Go half: the tests' own process needs no second runtime.

Importing it also sets up logging for everybody, which is undone here.
"""

import logging
import os
from typing import Any

_handlers, _level = logging.root.handlers[:], logging.root.level
_before = os.environ.get("SPHINX")
os.environ["SPHINX"] = "1"  # its own switch for building documentation: no shared library
from neonize.proto import Neonize_pb2 as N  # noqa: E402
from neonize.proto.waE2E.WAWebProtobufsE2E_pb2 import Message  # noqa: E402
from neonize.utils.jid import build_jid  # noqa: E402

logging.root.handlers[:] = _handlers
logging.root.setLevel(_level)
if _before is None:
    del os.environ["SPHINX"]

__all__ = ["Message", "N"]
CONNECTED, MESSAGE, RECEIPT, TYPING, UNREADABLE = 3, 17, 18, 19, 44
US, US_HIDDEN = "56900000000", "900000000000000"


def fill(message: Any) -> Any:  # noqa: ANN401  any protobuf
    """The Go half sets every field its protocol requires; so must we."""
    for one in message.DESCRIPTOR.fields:
        if one.is_repeated:
            continue
        if one.message_type is None:
            if one.is_required and not message.HasField(one.name):
                first = one.enum_type.values[0].number if one.enum_type else one.default_value
                setattr(message, one.name, first)
        elif one.message_type.full_name.startswith("neonize.") and (
            one.is_required or message.HasField(one.name)
        ):
            getattr(message, one.name).SetInParent()
            fill(getattr(message, one.name))
    return message


def jid(name: str) -> Any:  # noqa: ANN401  a protobuf
    user, _, server = name.partition("@")
    return build_jid(user, server or "s.whatsapp.net")


def info(id_: str, chat: str, **more: Any) -> Any:  # noqa: ANN401  a protobuf
    """`sender` defaults to the chat; the rest are fields of the source or of the info."""
    source = N.MessageSource(
        Chat=jid(chat),
        Sender=jid(more.pop("sender", chat)),
        IsFromMe=more.pop("from_me", False),
        IsGroup=chat.endswith("@g.us"),
    )
    for name in ("SenderAlt", "RecipientAlt"):
        if name in more:
            getattr(source, name).CopyFrom(jid(more.pop(name)))
    return N.MessageInfo(ID=id_, MessageSource=source, Type="text", **more)


def message(id_: str, chat: str, contents: Any, **more: Any) -> bytes:  # noqa: ANN401  a protobuf
    """A message event, as neonize gets it. `contents` is a text, fields, or a Message."""
    flags = {name: more.pop(name) for name in tuple(more) if name.startswith("Is")}
    more.setdefault("Pushname", "Ana")
    if isinstance(contents, str):
        contents = Message(conversation=contents)
    elif isinstance(contents, dict):
        contents = Message(**contents)
    event = N.Message(Info=info(id_, chat, **more), Message=contents, **flags)
    return bytes(fill(event).SerializeToString())
