"""What Meta posts to a business, in the shapes it publishes: messages of customers, statuses."""

from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Customer:
    """Who hides the phone behind a username has no `wa_id`; older payloads have no `bsuid`."""

    wa_id: str | None = "56911112222"
    bsuid: str | None = "CL.13491208655302741918"
    name: str = "Ana"

    @property
    def address(self) -> str:
        return self.wa_id or self.bsuid or ""

    def contact(self) -> Json:
        known = {"wa_id": self.wa_id, "user_id": self.bsuid}
        return {"profile": {"name": self.name}} | _present(known)

    def message(self, wamid: str, at: float, kind: str, content: Json, **more: object) -> Json:
        whom = _present({"from": self.wa_id, "from_user_id": self.bsuid})
        return {**whom, "id": wamid, "timestamp": str(int(at)), "type": kind, kind: content, **more}

    def status(self, wamid: str, at: float, state: str, **more: object) -> Json:
        field = "recipient_id" if self.wa_id else "recipient_user_id"
        whom = {field: self.address}
        return {"id": wamid, "status": state, "timestamp": str(int(at)), **whom, **more}


def _present(fields: dict[str, str | None]) -> Json:
    return {name: value for name, value in fields.items() if value is not None}


ANA = Customer()
HIDDEN = Customer(wa_id=None, name="Quiltro")


@dataclass(frozen=True)
class Number:
    """One phone number of the business, under one WhatsApp account."""

    phone_id: str = "1122334455667"
    display: str = "56221112222"
    waba: str = "5467539754836534"

    def value(self, *customers: Customer, **lists: list[Json]) -> Json:
        metadata = {"display_phone_number": self.display, "phone_number_id": self.phone_id}
        head = {"messaging_product": "whatsapp", "metadata": metadata}
        return {**head, "contacts": [one.contact() for one in customers], **lists}

    def entry(self, value: Json, field: str = "messages") -> Json:
        return {"id": self.waba, "changes": [{"value": value, "field": field}]}


def webhook(*entries: Json) -> Json:
    return {"object": "whatsapp_business_account", "entry": list(entries)}
