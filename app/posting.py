"""Tells the webhook of the settings of every alert that begins and ends: one process at a time,
apart from who decides, so that a slow program holds nobody up."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import structlog

from app.parts import Parts
from evaluation.alert_texts import told
from events.happened import caused_by
from services.clock import Clock
from services.leases import Lease
from services.posts import Poster
from store import alerts
from store.alerts import Alert, AlertRule
from store.base import StoreError
from store.session import Store

log = structlog.get_logger()
EVERY_S: Final = 5.0
LEASE_MS: Final = 60_000
FIRST_S, LONGEST_S, DOUBLED = 10, 3600, 10
"""Waits between tries: each twice the one before, so many times."""
STALE: Final = timedelta(days=1)
"""What happened longer ago is not told any more."""


@dataclass(frozen=True, slots=True)
class Posting:
    """`key` is the shop's; texts are in its `language`, and `site` is where its pages are."""

    store: Store
    shop: UUID
    key: str
    lease: Lease
    poster: Poster
    language: str
    site: str
    clock: Clock

    async def attend(self) -> None:
        """Until cancelled; an outage is waited for."""
        me = uuid4().hex
        try:
            while True:
                try:
                    await self.lease.held(me, self._hold)
                except StoreError as error:
                    log.warning("alerts.posting_waits", reason=str(error))
                await asyncio.sleep(EVERY_S)
        finally:
            await self.poster.close()

    async def _hold(self, token: str) -> None:
        while await self.lease.renew(token):
            for alert, muted in await self.due():
                if not await self.lease.renew(token):
                    return
                await self.tell(alert, muted=muted)
            await asyncio.sleep(EVERY_S)

    async def due(self) -> list[tuple[Alert, bool]]:
        """Alerts of which something is to be told now, and whether their rule is muted."""
        at = self.clock()
        async with self.store.reading() as session:
            waiting = await alerts.unposted(session, self.shop, at, at - STALE)
            rules = {one.id: one for one in await alerts.rules(session, self.shop)}
        return [(one, _muted(rules[one.rule_id], at)) for one in waiting]

    async def tell(self, alert: Alert, *, muted: bool = False) -> None:
        """An alert that began in silence ends in silence. Killed after the post and before it is
        marked, the same one goes again under the same id."""
        turn = "firing" if alert.posted is None else "resolved"
        if muted and turn == "firing":
            await self._mark(alert, posted="resolved")
            return
        at, body = self.clock(), json.dumps(self.said(alert, turn), ensure_ascii=False)
        why = await self.poster.post(delivery(alert, turn), int(at.timestamp()), body.encode())
        if not why:
            await self._mark(alert, posted=turn, post_tries=0, post_at=None)
            return
        wait = min(LONGEST_S, FIRST_S * 2 ** min(alert.post_tries, DOUBLED))
        later = at + timedelta(seconds=wait)
        await self._mark(alert, post_tries=alert.post_tries + 1, post_at=later)
        log.warning("alert.unposted", kind=alert.kind, turn=turn, reason=why, again_in_s=wait)

    def said(self, alert: Alert, turn: str) -> dict[str, Any]:
        ended = alert.resolved_at if turn == "resolved" else None
        text = told(alert.kind, alert.value, alert.threshold, self.language, self.site)
        return {
            "id": str(delivery(alert, turn)),
            "type": f"alert.{turn}",
            "at": _iso(ended or alert.fired_at),
            "shop": self.key,
            "alert": {
                "id": str(alert.id), "rule": alert.kind, "value": alert.value,
                "peak": alert.peak, "threshold": alert.threshold,
                "fired_at": _iso(alert.fired_at), "resolved_at": _iso(ended) if ended else None,
            },
            "text": text,
        }  # fmt: skip

    async def _mark(self, alert: Alert, **values: object) -> None:
        async with self.store.transaction() as session:
            await alerts.change(session, alert, **values)


def delivery(alert: Alert, turn: str) -> UUID:
    """The same one however often it is sent."""
    return caused_by(alert.id, f"posted {turn}")


def _muted(rule: AlertRule, at: datetime) -> bool:
    return rule.muted_until is not None and rule.muted_until > at


def _iso(at: datetime) -> str:
    return at.isoformat()


def posting_of(parts: Parts) -> Posting | None:
    """None where no program is to be told."""
    settings = parts.settings
    url, secret = settings.alerts.webhook_url, settings.alerts.webhook_secret
    if url is None or secret is None:
        return None
    return Posting(
        store=parts.store,
        shop=parts.shop,
        key=settings.app.shop,
        lease=Lease(parts.wire, f"{settings.redis.prefix}:{{alert-posts}}", LEASE_MS),
        poster=Poster.to(url, secret.get_secret_value()),
        language=parts.pack.identity.language,
        site=(settings.web.public_url or "").rstrip("/"),
        clock=parts.replier.clock,
    )
