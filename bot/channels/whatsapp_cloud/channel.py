"""One number on Meta's own interface to WhatsApp: it calls us, and we call the Graph API."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal
from uuid import UUID

import structlog

from bot.channels.base import (
    ChannelRefused,
    ChannelUnavailable,
    Hook,
    Ingest,
    Part,
    Rate,
    SendResult,
)
from bot.channels.fields import words
from bot.channels.unfit import Unfit
from bot.channels.whatsapp import markup
from bot.channels.whatsapp_cloud.errors import GraphFailed, Rejected, Unauthorized
from bot.channels.whatsapp_cloud.outbox import Outbox
from bot.channels.whatsapp_cloud.payloads import receipt
from bot.channels.whatsapp_cloud.people import CloudAccount
from bot.channels.whatsapp_cloud.transport import CloudTransport
from bot.channels.whatsapp_cloud.webhook import Webhook, path_of
from bot.directory import Directory
from bot.states import State, States
from bot.telling import Teller
from config.networks import WhatsAppCloudSettings
from events.contents import Composed
from services.clock import Clock, now
from services.wire import Wire

log = structlog.get_logger()

CALL_S, ATTENTION_S = 20.0, 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """All four, or the channel does not start."""

    phone_id: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)

    @property
    def missing(self) -> str:
        """The settings a person has to add, with their usual variables."""
        lacking = [one.name for one in fields(self) if not getattr(self, one.name)]
        return ", ".join(f"whatsapp_cloud.{name} (WHATSAPP_{name.upper()})" for name in lacking)


class WhatsAppCloudChannel:
    idempotent = False
    limit = 4096
    dedupe_s = 8 * 24 * 3600
    window_s = 24 * 3600
    repeats: Literal["after_status"] = "after_status"
    status_s = 45.0

    def __init__(
        self,
        transport: CloudTransport,
        us: CloudAccount,
        credentials: Credentials,
        directory: Directory,
        states: States,
        *,
        clock: Clock = now,
    ) -> None:
        self.account = us.key
        self.us = us
        self._credentials = credentials
        self._directory = directory
        self._clock = clock
        self._transport = transport
        self._outbox = Outbox(transport, us.key, self._tell_of_sending)
        self._teller = Teller(us.key, states)
        self._number = ""

    # Receiving

    @property
    def path(self) -> str | None:
        """The numbers of one app share it, as Meta knows one address for an app."""
        if not self._credentials.app_secret or not self._credentials.verify_token:
            return None
        return path_of(self._credentials.app_secret)

    def webhook(self, ingest: Ingest) -> Hook:
        """What the web app mounts at `path`. Raises ChannelRefused when a secret is missing."""
        secret, token = self._credentials.app_secret, self._credentials.verify_token
        return Webhook(self.us, secret, token, self._directory, self._clock).handler(ingest)

    async def receive(self, ingest: Ingest) -> None:  # noqa: ARG002  what arrives comes by the webhook
        pause = FIRST_PAUSE_S
        while True:
            try:
                self._number = await self.examine()
            except ChannelRefused as refusal:
                self._teller.tell("refused", str(refusal))
                await self._teller.settled()
                raise
            except ChannelUnavailable as trouble:
                log.warning("whatsapp_cloud.unwell", account=self.account, reason=str(trouble))
                self._teller.tell("unwell", str(trouble))
            else:
                break
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
        log.info("whatsapp_cloud.ready", account=self.account, number=self._number)
        self._teller.tell("ready", self._number)
        await asyncio.Event().wait()

    async def examine(self) -> str:
        """Our number and name as Meta knows them. Raises ChannelRefused with what a person has to
        mend, ChannelUnavailable when nobody can say."""
        if missing := self._credentials.missing:
            raise ChannelRefused(f"the Cloud API needs more settings: {missing}")
        try:
            told = await self._transport.number(timeout_s=CALL_S)
        except Rejected as refusal:
            hint = "check WHATSAPP_PHONE_ID and whether the token may use it"
            said = f"WhatsApp does not know our number: {hint}"
            raise Unfit(said, "number") from refusal
        except Unauthorized as refusal:
            raise Unfit(f"{refusal}: check WHATSAPP_TOKEN", "access") from refusal
        except GraphFailed as failure:
            raise ChannelUnavailable(str(failure)) from failure
        known = (words(told.get(name)) for name in ("display_phone_number", "verified_name"))
        return " ".join(filter(None, known)) or self.us.phone_id

    def download(self, ref: str, limit: int) -> AsyncIterator[bytes]:
        return self._transport.download(ref, limit)

    # Sending

    def compose(self, text: str) -> Composed:
        return markup.compose(text)

    async def send(self, part: Part) -> SendResult:
        return await self._outbox.send(part)

    def rates(self, part: Part) -> Sequence[Rate]:
        return self._outbox.rates(part)

    async def attend(self, chat: str, thread: str | None, platform_id: str | None) -> None:  # noqa: ARG002  Meta finds both by the message
        if not (platform_id or "").startswith("wamid."):
            return
        try:
            await self._transport.send(receipt(platform_id or ""), timeout_s=ATTENTION_S)
        except GraphFailed as failure:
            log.debug("whatsapp_cloud.unattended", account=self.account, reason=str(failure))

    # How it is

    def _tell_of_sending(self, state: State, detail: str) -> None:
        """A send that succeeds takes back what was said before it, and is no news otherwise."""
        if state != "ready":
            self._teller.tell(state, detail)
        elif self._teller.said("unwell", "refused"):
            self._teller.tell("ready", self._number)

    async def close(self) -> None:
        await self._teller.close()
        await self._transport.close()


def whatsapp_cloud(
    settings: WhatsAppCloudSettings,
    shop: UUID,
    wire: Wire,
    prefix: str = "aprendiz",
    *,
    clock: Clock = now,
) -> WhatsAppCloudChannel:
    us = CloudAccount(shop, f"whatsapp_cloud:{settings.name}", settings.phone_id or "")
    secrets = (settings.token, settings.app_secret, settings.verify_token)
    bare = [secret.get_secret_value() if secret is not None else "" for secret in secrets]
    credentials = Credentials(us.phone_id, *bare)
    transport = CloudTransport(
        credentials.token, settings.base_url, settings.api_version, us.phone_id
    )
    directory, states = Directory(wire, prefix), States(wire, prefix)
    return WhatsAppCloudChannel(transport, us, credentials, directory, states, clock=clock)
