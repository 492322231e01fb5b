"""A phone is linked before a person's eyes, in the terminal."""

import asyncio
from pathlib import Path

import pytest

from app.channel_views import pair
from bot.receiver import lease_key
from bot.states import States
from services.wire import Wire
from tests.app.terminal import channels, settings_of
from tests.fixtures.bots import until


async def test_a_phone_is_paired_before_our_eyes_and_forgotten_when_removed(
    env: dict[str, str], wire: Wire, prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    account, states, seen = "whatsapp:tienda", States(wire, prefix), list[str]()

    async def shown(words: str) -> None:
        async def is_there() -> bool:
            seen.append(capsys.readouterr().out)
            return words in "".join(seen)

        await until(is_there)

    assert (await channels(env, "add", "whatsapp", "--name", "tienda")).code == 0
    await wire.command("SET", lease_key(prefix, account), "a1:1")
    await states.tell(account, "pairing", qr="2@qr-of-the-tests")
    here = settings_of(env, prefix)
    pairing = asyncio.create_task(pair(here, account))
    await shown("▄")
    await states.tell(account, "pairing", code="ABCD-1234")
    await shown("ABCD-1234")
    await states.tell(account, "ready")
    await pairing
    await shown(f"{account} is paired")

    session = Path(env["APRENDIZ_APP__VAR"]) / "whatsapp" / "whatsapp-tienda.session"
    session.parent.mkdir(parents=True)
    session.touch()
    await wire.command("DEL", lease_key(prefix, account))
    assert (await channels(env, "remove", account)).code == 0
    assert not session.exists()
    assert (await states.of([account])) == {}


async def test_only_phones_are_paired(env: dict[str, str]) -> None:
    refused = await channels(env, "pair", "telegram:main")
    assert (refused.code, "not paired by a phone" in refused.said) == (1, True)
