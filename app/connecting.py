"""Accounts that are connected on a page: tried, sealed, stored, and taken up by every bot."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from app.accounts import opened, vault
from app.examination import Standing, Verdict, examine, standing
from app.networks import NETWORKS, AccountRefused, configured, forget_session
from app.parting import hung_up, stopped
from app.plugins import Setting
from bot.states import States
from config.manners import Section
from config.networks import TelegramSettings
from config.settings import Settings
from services.clock import milliseconds, now
from services.vault import KeyRefused, VaultError
from services.wire import Wire
from store import choices
from store.accounts import (
    AccountRow,
    ChannelAccount,
    remove_account,
    save_account,
    stored_accounts,
)
from store.session import ReadSession, Store, WriteSession
from web.connecting import CLOUD, Found, Offer
from web.hands import Hand

TAKEN_S, LOOK_S = 8.0, 0.1


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the command does at a terminal, for the pages of a shop."""

    settings: Settings
    store: Store
    wire: Wire
    shop: UUID

    @property
    def fixed(self) -> frozenset[str]:
        return frozenset(configured(self.settings))

    async def test(self, account: str) -> Found:
        try:
            section = await self._section(account)
        except VaultError:
            return Found(account, why="sealed")
        except AccountRefused as error:
            return Found(account, str(error), "refused")
        if section is None:
            return Found(account, why="gone")
        here = await standing(self.wire, self._prefix, account)
        return _found(account, await examine(section, self._at(account), here))

    async def probe(self, account: str, offer: Offer) -> Found:
        offer = _whole(offer)
        async with self.store.reading() as session:
            rows = await stored_accounts(session, self.shop)
        before = next((row for row in rows if row.account == account), None)
        if account and (before is None or before.network != offer.network):
            return Found(account, why="gone")
        given = self._given(before, offer)
        known = self._known(rows, offer.network)
        if twin := NETWORKS[offer.network].twin(known, account, given):
            return Found(twin, why="twin")
        section = NETWORKS[offer.network].made("new", given)
        same = bool(account) and known.get(account, {}).get("token") == given.get("token")
        process = (await standing(self.wire, self._prefix, account)).process if same else ""
        at = self._at(account or f"{offer.network}:new")
        return _found(account, await examine(section, at, Standing(None, process), new=True))

    async def connect(self, account: str, offer: Offer, by: Hand, *, anyway: bool) -> Found:
        offer = _whole(offer)
        found = await self.probe(account, offer)
        if not (found.fine or (anyway and found.why == "left")):
            return found
        since = milliseconds(now())
        try:
            async with self.store.transaction() as session:
                await choices.hold(session, self.shop)
                rows = await stored_accounts(session, self.shop)
                before = next((row for row in rows if row.account == account), None)
                if account and before is None:
                    return Found(account, why="gone")
                given, known = self._given(before, offer), self._known(rows, offer.network)
                if twin := NETWORKS[offer.network].twin(known, account, given):
                    return Found(twin, why="twin")
                kept = await self._kept(session, before, offer)
                if not kept:
                    return Found(account, why="foreign")
                act = "channel.replaced" if account else "channel.connected"
                await by.note(session, act, kept)
        except KeyRefused:
            return Found(account, why="key")
        await self._taken(kept, since)
        if before is not None and (old := self._left(before, given.get("token", ""))) is not None:
            await hung_up(old)
        return Found(kept, found.line, path=_path(given), verify=given.get("verify_token", ""))

    async def remove(self, account: str, by: Hand) -> bool:
        async with self.store.transaction() as session:
            row = await _row(session, self.shop, account)
            if row is None:
                return False
            await remove_account(session, self.shop, account)
            await by.note(session, "channel.removed", account)
        gone = account not in self.fixed and await stopped(self.wire, self._prefix, account)
        if (old := self._left(row, "")) is not None:
            await hung_up(old)
        if gone:
            await States(self.wire, self._prefix).forget(account)
            forget_session(self.settings.app.var, account)
        return True

    async def _kept(
        self, session: WriteSession, before: ChannelAccount | None, offer: Offer
    ) -> str:
        """A new one gets the first name that is free, in this shop and in all the others; "" where
        none is."""
        network, given = NETWORKS[offer.network], self._given(before, offer)
        rows = await stored_accounts(session, self.shop)
        taken = {row.account for row in rows} | self.fixed
        new = ("main", network.known_as(given))
        names = [before.name] if before else [n for n in new if network.account(n) not in taken]
        options = before.options if before else {}
        for name in names:
            account = network.account(name)
            row = AccountRow(
                shop_id=self.shop,
                account=account,
                network=network.name,
                name=name,
                options=options | _only(offer.given, network.options),
                secrets=vault(self.settings).seal(self.shop, account, self._hidden(before, offer)),
            )
            if await save_account(session, row) != "foreign":
                return account
        return ""

    async def _taken(self, account: str, since: int) -> None:
        """Until the bot that serves it has told how it is with what was stored."""
        states = States(self.wire, self._prefix)
        with suppress(TimeoutError):
            async with asyncio.timeout(TAKEN_S):
                while True:
                    told = (await states.of([account])).get(account)
                    if told is not None and told.at >= since:
                        return
                    await asyncio.sleep(LOOK_S)

    async def _section(self, account: str) -> Section | None:
        if (named := configured(self.settings).get(account)) is not None:
            return named[1]
        async with self.store.reading() as session:
            row = await _row(session, self.shop, account)
        return None if row is None else opened(row, vault(self.settings), self.settings)[1]

    def _known(self, rows: Sequence[ChannelAccount], network: str) -> dict[str, dict[str, Any]]:
        """What every account on the network is made of, as far as it opens, by its name."""
        found = {
            row.account: {**row.options, **self._before(row)}
            for row in rows
            if row.network == network
        }
        for account, (one, section) in configured(self.settings).items():
            if one.name == network:
                found[account] = {name: _bare(value) for name, value in section}
        return found

    def _given(self, before: ChannelAccount | None, offer: Offer) -> dict[str, Any]:
        network = NETWORKS[offer.network]
        options = {**(before.options if before else {}), **_only(offer.given, network.options)}
        return network.shared(self.settings) | options | self._hidden(before, offer)

    def _hidden(self, before: ChannelAccount | None, offer: Offer) -> dict[str, str]:
        return self._before(before) | _only(offer.given, NETWORKS[offer.network].secrets)

    def _before(self, row: ChannelAccount | None) -> dict[str, str]:
        """What no key of ours opens is given anew."""
        if row is None:
            return {}
        try:
            return vault(self.settings).open(row.shop_id, row.account, row.secrets or b"")
        except VaultError:
            return {}

    def _left(self, row: ChannelAccount, token: str) -> TelegramSettings | None:
        """Telegram calls us for the bot that stood there, unless it is the same with that token."""
        try:
            _, section = opened(row, vault(self.settings), self.settings)
        except (AccountRefused, VaultError):
            return None
        if not isinstance(section, TelegramSettings) or section.mode != "webhook":
            return None
        known = section.token.get_secret_value() if section.token else ""
        return None if known == token else section

    def _at(self, account: str) -> Setting:
        return Setting(self.shop, account, self.wire, self._prefix)

    @property
    def _prefix(self) -> str:
        return self.settings.redis.prefix


async def _row(session: ReadSession, shop: UUID, account: str) -> ChannelAccount | None:
    return next(iter(await stored_accounts(session, shop, [account])), None)


def _whole(offer: Offer) -> Offer:
    """Meta shows us a word that only we and its page know; nobody has to invent one."""
    own = {"verify_token": token_urlsafe(24)} if offer.network == CLOUD else {}
    return Offer(offer.network, {**own, **offer.given})


def _path(given: Mapping[str, Any]) -> str:
    """Where Meta has to be told to call; Telegram is told by the bot itself."""
    if "app_secret" not in given:
        return ""
    from bot.channels.whatsapp_cloud.webhook import path_of  # noqa: PLC0415  only who uses it pays

    return path_of(given["app_secret"])


def _only(given: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name in names}


def _bare(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _found(account: str, verdict: Verdict) -> Found:
    return Found(account, verdict.line, "" if verdict.fine else verdict.why or "refused")
