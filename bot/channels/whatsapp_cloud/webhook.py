"""Where Meta calls us: nothing is believed unsigned, nothing is confirmed before it is stored."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from bot.channels.base import Answer, Call, ChannelRefused, Hook, Ingest, NotStored
from bot.channels.calls import derived, equal, parsed, signature
from bot.channels.whatsapp_cloud.normaliser import CloudAccount, normalise, person_of, split
from bot.channels.whatsapp_cloud.people import Person
from bot.directory import Directory
from events.happened import Happened
from services.clock import Clock, now
from services.wire import WireClosed

log = structlog.get_logger()

LARGEST = 3 * 1024**2
PATIENCE_S = 5.0
FORBIDDEN, TOO_LARGE, LATER = Answer(403), Answer(413), Answer(503)


def path_of(app_secret: str) -> str:
    """Where Meta calls us for all numbers of an app."""
    return f"/whatsapp/{derived(app_secret, 'path')}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Meta repeats for a week what does not get 200, so that is said only of what is stored.

    Raises ChannelRefused without its two secrets: an empty one would let anybody in.
    """

    account: CloudAccount
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    directory: Directory
    clock: Clock = now
    patience_s: float = PATIENCE_S

    def __post_init__(self) -> None:
        for name in ("app_secret", "verify_token"):
            if not getattr(self, name):
                raise ChannelRefused(f"the webhook needs a secret: set whatsapp_cloud.{name}")

    def handler(self, ingest: Ingest) -> Hook:
        async def answer(call: Call) -> Answer:
            if call.method == "GET":
                return self._verified(call.query)
            if len(call.body) > LARGEST:
                return TOO_LARGE
            if not self._signed(call):
                log.warning("whatsapp_cloud.forged", account=self.account.key)
                return FORBIDDEN
            try:
                async with asyncio.timeout(self.patience_s):
                    await self._take(parsed(call.body), ingest)
            except (NotStored, WireClosed, TimeoutError) as error:
                reason = str(error) or "storage did not answer in time"
                log.warning("whatsapp_cloud.waiting", account=self.account.key, reason=reason)
                return LATER
            return Answer(200)

        return answer

    def _verified(self, query: Mapping[str, str]) -> Answer:
        known = equal(query.get("hub.verify_token", ""), self.verify_token)
        if not known or query.get("hub.mode") != "subscribe":
            return FORBIDDEN
        return Answer(200, query.get("hub.challenge", ""))

    def _signed(self, call: Call) -> bool:
        """Over the bytes as they came; the same JSON written anew is another body."""
        wanted = f"sha256={signature(self.app_secret, call.body)}"
        return equal(call.headers.get("x-hub-signature-256", ""), wanted)

    async def _known_as(self, person: Person) -> str:
        if not person.names:
            return ""
        return await self.directory.canonical(self.account.key, person.names, person.phones)

    async def _take(self, body: object, ingest: Ingest) -> None:
        """Conversations side by side, each in its order: one that waits holds up no other."""
        received_at = self.clock()
        lanes: dict[UUID, list[Happened]] = {}
        for item in split(body):
            if item.phone_id not in ("", self.account.phone_id):
                continue  # The numbers of one app share this address; each takes its own.
            known_as = await self._known_as(person_of(item))
            for event in normalise(
                item, account=self.account, known_as=known_as, received_at=received_at
            ):
                lanes.setdefault(event.conversation, []).append(event)
        ends = await asyncio.gather(
            *(_in_order(lane, ingest) for lane in lanes.values()), return_exceptions=True
        )
        for end in ends:
            if end is not None:
                raise end


async def _in_order(lane: list[Happened], ingest: Ingest) -> None:
    for event in lane:
        await ingest(event)
