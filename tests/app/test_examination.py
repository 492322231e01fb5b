"""What `channels test` finds wrong with an account, asked of networks on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from app.examination import Standing, examine, standing
from app.plugins import Setting
from bot.channels.base import Ingest
from bot.channels.telegram.factory import telegram
from bot.receiver import lease_key
from bot.states import States, Told
from config.manners import Section
from config.networks import TelegramSettings, WhatsAppCloudSettings, WhatsAppSettings
from events.happened import Happened
from services.clock import milliseconds, now
from services.wire import Wire
from tests.fixtures.bots import until
from tests.servers import graph, telegram_webhook
from tests.servers.graph import GraphApi
from tests.servers.telegram import TOKEN, BotApi, serving

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def at(wire: Wire, prefix: str) -> Setting:
    return Setting(uuid4(), "telegram:main", wire, prefix)


def a_bot(api: BotApi | None, **fields: Any) -> TelegramSettings:  # noqa: ANN401  any field
    given = {"client": "ptb", "token": TOKEN, "base_url": api.url if api else NOBODY}
    return TelegramSettings.model_validate(given | fields)


async def said(section: Section, at: Setting, here: Standing | None = None) -> tuple[bool, str]:
    verdict = await examine(section, at, here or Standing())
    assert "\n" not in verdict.line
    return verdict.fine, verdict.line


def told(state: Any, detail: str = "", process: str = "") -> Standing:  # noqa: ANN401  one of State
    return Standing(Told(state, milliseconds(now()), detail), process)


# Telegram


@asynccontextmanager
async def another_poller(api: BotApi, at: Setting) -> AsyncIterator[None]:
    """Somebody else's program with our token, which polls again whenever it is told off."""

    async def ingest(_event: Happened) -> bool:
        return True

    channel = telegram(a_bot(api, poll_s=5), at.shop)
    polling = asyncio.create_task(_received(channel.receive, ingest))

    async def polls() -> bool:
        return bool(api.called("getUpdates"))

    try:
        await until(polls)
        yield
    finally:
        polling.cancel()
        await asyncio.wait([polling])
        await channel.close()


async def _received(receive: Any, ingest: Ingest) -> None:  # noqa: ANN401  a channel's method
    with suppress(asyncio.CancelledError):
        await receive(ingest)


async def test_a_bot_that_is_all_right_says_its_name(at: Setting) -> None:
    async with serving(BotApi()) as api:
        assert await said(a_bot(api), at) == (True, "@TiendaBot")
        assert api.unconfirmed == []


async def test_what_customers_wrote_meanwhile_stays_for_the_bot(at: Setting) -> None:
    async with serving(BotApi()) as api:
        number = await api.customer_says("hola")
        assert (await said(a_bot(api), at))[0]
        assert api.unconfirmed == [number]


async def test_a_wrong_token_and_a_network_out_of_reach_are_two_things(at: Setting) -> None:
    async with serving(BotApi()) as api:
        wrong = await said(a_bot(api, token="42:AAwrong-token-00000000000000000000000"), at)
    away = await said(a_bot(None), at)
    assert (wrong[0], "does not know the token" in wrong[1]) == (False, True)
    assert (away[0], "cannot be reached" in away[1]) == (False, True)


async def test_a_webhook_that_was_left_behind_is_named_by_its_host(at: Setting) -> None:
    async with serving(BotApi()) as api:
        await api.updates.add("poll", {})
        api.webhook = telegram_webhook.Webhook(api.updates, "https://old.example/x7f3", None)
        fine, line = await said(a_bot(api), at)
    assert not fine
    assert "Telegram calls old.example" in line
    assert "x7f3" not in line


async def test_another_program_with_the_token_is_found_out(at: Setting) -> None:
    async with serving(BotApi()) as api, another_poller(api, at):
        fine, line = await said(a_bot(api), at)
    assert (fine, "another program polls with this token" in line) == (False, True)


async def test_a_bot_of_ours_that_polls_is_not_disturbed_but_heard(at: Setting) -> None:
    async with serving(BotApi()) as api:
        fine = await said(a_bot(api), at, told("ready", process="a1"))
        unwell = await said(a_bot(api), at, told("unwell", "Conflict: another poll", "a1"))
        assert api.called("getUpdates") == []
    assert fine[0]
    assert (unwell[0], unwell[1]) == (False, "Conflict: another poll (0 s ago)")


async def test_a_webhook_needs_an_address(at: Setting) -> None:
    async with serving(BotApi()) as api:
        missing = await said(a_bot(api, mode="webhook"), at)
        stopped = await said(a_bot(api, mode="webhook", webhook_url="https://bot.example"), at)
        served = told("ready", process="a1")
        deaf = await said(a_bot(api, mode="webhook", webhook_url="https://bot.example"), at, served)
    assert (missing[0], "webhook_url" in missing[1]) == (False, True)
    assert stopped[0]
    assert (deaf[0], "does not call our address" in deaf[1]) == (False, True)


# WhatsApp


def a_number(api: GraphApi, **fields: Any) -> WhatsAppCloudSettings:  # noqa: ANN401  any field
    given = {
        "token": api.token,
        "phone_id": api.number.phone_id,
        "app_secret": api.app_secret,
        "verify_token": api.verify_token,
        "base_url": api.url,
    }
    return WhatsAppCloudSettings.model_validate(given | fields)


async def test_a_number_that_is_all_right_says_where_meta_has_to_call(at: Setting) -> None:
    async with graph.serving(GraphApi()) as api:
        fine, line = await said(a_number(api), at)
    assert fine
    assert "Tienda" in line
    assert "/whatsapp/" in line
    assert api.app_secret not in line


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("token", "EAAwrong", "token"),
        ("phone_id", "999", "WHATSAPP_PHONE_ID"),
        ("app_secret", "another app's secret", "app secret is not the one"),
        ("app_secret", None, "WHATSAPP_APP_SECRET"),
        ("verify_token", None, "WHATSAPP_VERIFY_TOKEN"),
    ],
)
async def test_each_credential_of_a_number_is_looked_at(
    at: Setting, field: str, value: str | None, words: str
) -> None:
    async with graph.serving(GraphApi()) as api:
        fine, line = await said(a_number(api, **{field: value}), at)
    assert (fine, words in line) == (False, True), line


async def test_a_phone_tells_through_the_bot_that_serves_it(at: Setting) -> None:
    phone = WhatsAppSettings(enabled=True, session=SecretStr("postgresql://secret"))
    fresh = await examine(phone, at, Standing(), new=True)
    assert (fresh.fine, "channels pair" in fresh.line) == (True, True)
    assert (await said(phone, at))[1].startswith("not paired")
    assert (await said(phone, at, told("pairing", process="a1")))[1].startswith("not paired")
    assert await said(phone, at, told("ready", process="a1")) == (True, "paired and connected")
    assert await said(phone, at, told("ready")) == (True, "paired; no bot runs")
    assert await said(phone, at, told("refused", "logged out")) == (False, "logged out")


async def test_a_state_does_not_outlive_the_process_that_told_it(at: Setting) -> None:
    states = States(at.wire, at.prefix)
    await states.tell(at.account, "ready")
    assert (await standing(at.wire, at.prefix, at.account)).state == "stopped"
    await at.wire.command("SET", lease_key(at.prefix, at.account), "a1:7")
    here = await standing(at.wire, at.prefix, at.account)
    assert (here.state, here.process) == ("ready", "a1")
