"""Whatever the fields of an event hold, the normaliser has an answer."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.news import News
from bot.channels.whatsapp.normaliser import normalise
from bot.channels.whatsapp.people import place_of
from tests.bot.channels.whatsapp.said import ACCOUNT, ANA, GROUP, NOW
from tests.servers.protobufs import MESSAGE, RECEIPT, UNREADABLE

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
NAMES = [
    "imageMessage", "conversation", "extendedTextMessage", "protocolMessage", "reactionMessage",
    "locationMessage", "contactMessage", "listResponseMessage", "albumMessage", "ephemeralMessage",
    "messageContextInfo", "interactiveResponseMessage", "pollCreationMessage", "contextInfo",
    "mentionedJID", "message", "key", "ID", "type",
]  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(NAMES), JSON | st.dictionaries(st.sampled_from(NAMES), JSON)
)


@given(contents=FIELDS, rest=JSON, code=st.sampled_from([MESSAGE, RECEIPT, UNREADABLE]))
def test_nothing_raises(contents: dict[str, Any], rest: object, code: int) -> None:
    source = {"Chat": GROUP, "Sender": ANA}
    bodies: Sequence[dict[str, Any]] = [
        {"Info": rest, "Message": rest, "code": code},
        {"Info": {"ID": "x", "MessageSource": source}, "Message": contents, "code": code},
        {"MessageSource": source, "MessageIDs": rest, "Type": rest, "code": code, "ours": rest},
    ]
    for body in bodies:
        place = place_of(body)
        assert place is None or place.chat
        news = News(ACCOUNT, 1, body, "p", {}, NOW, NOW)
        assert all(event.account == ACCOUNT.key for event in normalise(news))
