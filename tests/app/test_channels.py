"""`main.py channels` at the terminal: what it stores, what it tells, and what it never shows."""

import asyncio
import json
import os
import select
import sys
from collections.abc import AsyncIterator

import pytest

from app.doctor import examine
from app.networks import configured, without_configured
from store.accounts import ChannelAccount
from store.session import open_connection
from tests.app.terminal import KEY, TOKEN, channels, settings_of
from tests.conftest import ROOT
from tests.servers.telegram import BotApi, serving


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi(token=TOKEN)) as api:
        yield api


def telegram(api: BotApi, *words: str) -> list[str]:
    given = ["--secret-env", "token=MY_TOKEN", "--option", f"base_url={api.url}"]
    return ["add", "telegram", *given, *words]


async def in_clear(database_url: str) -> str:
    """Everything the table holds, as whoever reads a backup would see it."""
    connection = await open_connection(database_url, role="pipeline")
    rows = await connection.fetch(f"SELECT * FROM app.{ChannelAccount.__tablename__}")  # noqa: S608  ours
    await connection.close()
    return repr([dict(row) for row in rows])


async def test_an_empty_list_teaches_what_to_type(env: dict[str, str]) -> None:
    listed = await channels(env, "list")
    assert "main.py channels add telegram" in listed.said
    assert (await channels(env, "list", "--json")).json == []


async def test_an_account_is_added_listed_tested_changed_and_removed(
    env: dict[str, str], api: BotApi, database_url: str
) -> None:
    added = await channels(env, *telegram(api, "--name", "tienda", "--json"))
    assert (added.code, added.json["done"]) == (0, "added"), added.said
    assert "@TiendaBot" in added.json["detail"]

    (one,) = (await channels(env, "list", "--json")).json
    assert (one["account"], one["source"], one["state"]) == ("telegram:tienda", "stored", "stopped")
    assert one["options"] == {"base_url": api.url}
    tested = await channels(env, "test", "telegram:tienda")
    assert (tested.code, tested.said) == (0, "OK telegram:tienda: @TiendaBot")

    words = ["add", "telegram", "--name", "tienda", "--option", "poll_s=3", "--no-test"]
    changed = await channels(env, *words)
    assert "telegram:tienda updated" in changed.said
    assert "token as it was" in changed.said
    (one,) = (await channels(env, "list", "--json")).json
    assert one["options"] == {"base_url": api.url, "poll_s": "3"}

    secrets = [added, tested, changed, await channels(env, "list", "--json")]
    assert not [said for said in secrets if TOKEN in said.said]
    assert TOKEN not in await in_clear(database_url)

    removed = await channels(env, "remove", "telegram:tienda", "--yes", "--json")
    assert removed.json == {"account": "telegram:tienda", "served": False}
    assert (await channels(env, "list", "--json")).json == []
    gone = await channels(env, "remove", "telegram:tienda", "--yes")
    assert (gone.code, "no account" in gone.said) == (1, True)


async def test_what_is_missing_is_said_in_three_lines_with_its_variables(
    env: dict[str, str],
) -> None:
    env = env | {"WHATSAPP_TOKEN": "EAAtoken"}
    refused = await channels(env, "add", "whatsapp_cloud")
    assert refused.code == 2
    what, why, hint = refused.err.splitlines()[-3:]
    assert "whatsapp_cloud:main needs its phone_id, app_secret, verify_token" in what
    assert "WHATSAPP_PHONE_ID, WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN" in why
    assert "--secret-env phone_id=VARIABLE" in hint
    assert "EAAtoken" not in refused.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "signal"], "one of telegram, whatsapp_cloud, whatsapp"),
        (["add", "telegram", "--name", "mi tienda"], "cannot be used"),
        (["add", "telegram", "--option", "token=42:A"], "token is a secret"),
        (["add", "telegram", "--option", "colour=red"], "says nothing to telegram"),
        (["add", "telegram", "--secret-env", "token=NOT_SET_ANYWHERE"], "is empty"),
    ],
)
async def test_a_slip_of_the_pen_is_explained(
    env: dict[str, str], words: list[str], said: str
) -> None:
    refused = await channels(env, *words)
    assert refused.code == 2
    assert said in refused.said


async def test_a_value_that_does_not_fit_is_named_and_not_shown(
    env: dict[str, str], api: BotApi
) -> None:
    refused = await channels(env, *telegram(api, "--option", "poll_s=often", "--json"))
    assert refused.code == 3
    assert "poll_s" in refused.said
    assert TOKEN not in refused.said


async def test_the_same_bot_is_not_added_twice(env: dict[str, str], api: BotApi) -> None:
    assert (await channels(env, *telegram(api, "--no-test"))).code == 0
    twin = await channels(env, *telegram(api, "--name", "twin"))
    assert (twin.code, "telegram:main has the same token" in twin.said) == (3, True)


async def test_what_the_network_refuses_is_not_stored_unless_asked_for(
    env: dict[str, str], api: BotApi
) -> None:
    env["MY_TOKEN"] = "42:AAwrong-token-of-the-tests-00000000000000"
    refused = await channels(env, *telegram(api))
    assert (refused.code, "was not stored" in refused.said) == (1, True)
    assert env["MY_TOKEN"] not in refused.said
    assert (await channels(env, "list", "--json")).json == []
    assert (await channels(env, *telegram(api, "--no-test"))).code == 0
    tested = await channels(env, "test", "telegram:main", "--json")
    assert (tested.code, tested.json["ok"]) == (1, False)
    assert len((await channels(env, "test", "telegram:main")).out.splitlines()) == 1


async def test_accounts_added_at_the_same_time_are_one(
    env: dict[str, str], database_url: str
) -> None:
    """Two processes, each with its own idea of the key's file."""
    del env["APRENDIZ_SECRET_KEY"]
    words = ["main.py", "channels", "add", "telegram", "--secret-env", "token=MY_TOKEN"]
    both = [
        await asyncio.create_subprocess_exec(
            sys.executable, *words, "--no-test", "--json", cwd=ROOT, env={**os.environ, **env},
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    said = [json.loads((await process.communicate())[0])["done"] for process in both]
    assert sorted(said) == ["added", "updated"]
    (one,) = (await channels(env, "list", "--json")).json
    assert (one["account"], one["state"]) == ("telegram:main", "stopped")
    assert TOKEN not in await in_clear(database_url)


async def test_with_another_key_nothing_opens_and_it_says_so(
    env: dict[str, str], api: BotApi
) -> None:
    assert (await channels(env, *telegram(api, "--no-test"))).code == 0
    other = env | {"APRENDIZ_SECRET_KEY": "another secret key that is long enough as well"}
    tested = await channels(other, "test", "telegram:main")
    assert (tested.code, tested.said) == (
        1, "telegram:main: the secrets of telegram:main were sealed with another key or elsewhere"
    )  # fmt: skip
    (one,) = (await channels(other, "list", "--json")).json
    assert (one["state"], "another key" in one["detail"]) == ("refused", True)

    both = env | {"APRENDIZ_SECRET_KEY": f"{other['APRENDIZ_SECRET_KEY']}, {KEY}"}
    assert (await channels(both, "rekey", "--json")).json == ["telegram:main"]
    (one,) = (await channels(other, "list", "--json")).json
    assert (one["state"], one["detail"]) == ("stopped", "")


async def test_an_account_of_another_shop_cannot_be_taken(env: dict[str, str], api: BotApi) -> None:
    assert (await channels(env, *telegram(api, "--no-test"))).code == 0
    elsewhere = await channels(env | {"APRENDIZ_APP__SHOP": "other"}, *telegram(api, "--no-test"))
    assert (elsewhere.code, "belongs to another shop" in elsewhere.said) == (3, True)
    nobodys = await channels(env, *telegram(api, "--shop", "nobody"))
    assert (nobodys.code, "there is no shop" in nobodys.said) == (3, True)


async def test_an_account_of_the_settings_is_listed_and_cannot_be_removed(
    env: dict[str, str], api: BotApi
) -> None:
    env |= {"TELEGRAM_BOT_TOKEN": TOKEN, "APRENDIZ_TELEGRAM__BASE_URL": api.url}
    (one,) = (await channels(env, "list", "--json")).json
    assert (one["account"], one["source"], one["options"]) == ("telegram:main", "settings", {})
    refused = await channels(env, "remove", "telegram:main", "--yes")
    assert (refused.code, "unset TELEGRAM_BOT_TOKEN" in refused.said) == (1, True)


async def test_a_person_at_a_terminal_is_asked_and_nobody_can_look_over_the_shoulder(
    env: dict[str, str],
) -> None:
    ours, theirs = os.openpty()
    words = ["main.py", "channels", "add", "telegram", "--no-test", "--json"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env={**os.environ, **env}, stdin=theirs,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    asked = await asyncio.wait_for(process.stderr.readuntil(b"@BotFather: "), 120)
    os.write(ours, f"{TOKEN}\n".encode())
    out, err = await process.communicate()
    echoed = os.read(ours, 1000) if select.select([ours], [], [], 0)[0] else b""
    os.close(ours)
    os.close(theirs)
    assert json.loads(out)["done"] == "added"
    assert TOKEN.encode() not in asked + out + err + echoed
    (one,) = (await channels(env, "list", "--json")).json
    assert (one["account"], one["detail"]) == ("telegram:main", "")


async def test_the_doctor_looks_at_every_account(
    env: dict[str, str], prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    added = await channels(env, "add", "telegram", "--secret-env", "token=MY_TOKEN", "--no-test")
    assert added.code == 0
    here = settings_of(env, prefix, telegram={"base_url": "http://127.0.0.1:9"})
    assert await examine(here, as_json=True) == 1
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["telegram:main"]["state"] == "error"
    assert "cannot be reached" in found["telegram:main"]["detail"]


async def test_the_doctor_misses_the_account_that_should_carry_notices(
    env: dict[str, str], prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    staff = {"staff": ["telegram:otra:123", "web:main:jefa"]}
    assert await examine(settings_of(env, prefix, takeover=staff), as_json=True) == 1
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["staff"]["detail"] == "there is no account telegram:otra"


def test_the_demo_leaves_accounts_of_the_environment_alone(
    env: dict[str, str], prefix: str
) -> None:
    everything = settings_of(
        env,
        prefix,
        telegram={"token": TOKEN},
        whatsapp_cloud={"phone_id": "1"},
        whatsapp={"enabled": True},
    )
    named = {"telegram:main", "whatsapp_cloud:main", "whatsapp:main"}
    assert set(configured(everything)) == named
    assert configured(without_configured(everything)) == {}
