"""Webhooks of the Cloud API, and what they become."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bot.channels.base import Call
from bot.channels.whatsapp_cloud.normaliser import CloudAccount, normalise, person_of, split
from events.happened import Happened
from events.vocabulary import DeliveryUpdated, MessageReceived

Json = dict[str, Any]
NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
US = CloudAccount(UUID(int=1), "whatsapp_cloud:main", "1122334455667")
SECRET, TOKEN = "app-secret", "verify-token"
LINE, PHONE, BSUID = "56221112222", "56911112222", "CL.13491208655302741918"
ANA = {"profile": {"name": "Ana"}, "wa_id": PHONE, "user_id": BSUID}


def a_message(kind: str = "text", content: object = None, **fields: object) -> Json:
    said = {"body": "hola"} if content is None and kind == "text" else content
    head = {"from": PHONE, "id": "wamid.1", "timestamp": str(int(NOW.timestamp())), "type": kind}
    return {name: value for name, value in {**head, kind: said, **fields}.items() if value != ()}


def a_status(state: str, **fields: object) -> Json:
    at = str(int(NOW.timestamp()))
    return {"id": "wamid.out", "status": state, "timestamp": at, "recipient_id": PHONE, **fields}


def a_value(phone_id: str = US.phone_id, contacts: object = (ANA,), **lists: object) -> Json:
    metadata = {"display_phone_number": LINE, "phone_number_id": phone_id}
    return {"messaging_product": "whatsapp", "metadata": metadata, "contacts": contacts, **lists}


def a_webhook(*values: Json, field: str = "messages") -> Json:
    """One entry for each value."""
    entries = [{"id": "waba", "changes": [{"value": one, "field": field}]} for one in values]
    # As it would arrive: tuples become lists.
    whole: Json = json.loads(json.dumps({"object": "whatsapp_business_account", "entry": entries}))
    return whole


def with_message(kind: str = "text", content: object = None, **fields: object) -> Json:
    return a_webhook(a_value(messages=[a_message(kind, content, **fields)]))


def with_status(state: str, **fields: object) -> Json:
    return a_webhook(a_value(statuses=[a_status(state, **fields)]))


def with_echo(kind: str = "text", content: object = None, **fields: object) -> Json:
    echo = a_message(kind, content, **{"from": LINE, "to": PHONE, **fields})
    return a_webhook(a_value(message_echoes=[echo]), field="smb_message_echoes")


def events_of(body: object, account: CloudAccount = US) -> list[Happened]:
    """Each customer under the first of the names in the webhook itself."""
    return [
        event
        for item in split(body)
        for event in normalise(
            item,
            account=account,
            known_as="".join(person_of(item).names[:1]),
            received_at=NOW,
        )
    ]


def received(body: object) -> MessageReceived:
    (event,) = events_of(body)
    assert isinstance(event, MessageReceived)
    return event


def told(body: object) -> DeliveryUpdated:
    event = events_of(body)[0]
    assert isinstance(event, DeliveryUpdated)
    return event


def signed(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def a_call(body: object, signature: str | None = None) -> Call:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"x-hub-signature-256": signed(raw) if signature is None else signature}
    return Call("POST", raw, headers, {})
