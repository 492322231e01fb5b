"""What `doctor` says of the key to the secrets, and what to do then."""

import json
import os
from pathlib import Path

import pytest

from app.doctor import examine
from app.keyfile import looked_at
from config.settings import Settings
from services.vault import Vault
from store.session import open_connection
from tests.app.terminal import KEY, channels, settings_of
from tests.services.test_vault import FERNET, HIDDEN, OLD, SHOP

ME = os.geteuid()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secret.key"


def test_a_key_that_is_its_owners_alone_is_fine(file: Path) -> None:
    sealed = Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    found = looked_at(Vault([], file), [sealed], ME)
    assert (found.state, found.detail) == ("ok", f"{file}, which its owner alone can read")


def test_nothing_is_missing_before_an_account_is_added(file: Path) -> None:
    found = looked_at(Vault([], file), [], ME)
    assert (found.state, found.detail) == ("ok", "none needed before an account is added")
    assert not file.exists()


def test_a_file_that_is_gone_is_missed_by_what_it_sealed(file: Path) -> None:
    sealed = Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    file.unlink()
    found = looked_at(Vault([], file), [sealed, sealed], ME)
    assert (found.state, found.detail) == ("error", f"{file} is not there; accounts stored: 2")
    assert "put it back from its copy" in found.fix


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o700, 0o200])
def test_a_file_with_another_mode_is_told_with_the_command_that_mends_it(
    file: Path, mode: int
) -> None:
    Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    file.chmod(mode)
    found = looked_at(Vault([KEY], file), [], ME)
    assert (found.state, found.fix) == ("error", f"chmod 600 {file}")
    assert found.detail == f"{file} has mode {mode:o}, it needs 600"
    file.chmod(0o600)
    assert looked_at(Vault([KEY], file), [], ME).state == "ok"


def test_a_file_of_somebody_else_is_told(file: Path) -> None:
    Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    found = looked_at(Vault([], file), [], ME + 1)
    assert (found.state, found.detail) == ("error", f"{file} belongs to another user")
    assert found.fix == f"chown {ME + 1} {file}"


def test_a_file_that_was_cut_is_told_and_none_of_it(file: Path) -> None:
    Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    file.write_text("a short one")
    found = looked_at(Vault([], file), [], ME)
    assert (found.state, found.detail) == ("error", f"{file} holds 11 characters, it needs 32")
    file.write_bytes(b"\xff" * 40)
    found = looked_at(Vault([], file), [], ME)
    assert (found.state, found.detail) == ("error", f"{file} holds no text")


def test_a_configured_key_that_is_too_short_is_told(file: Path) -> None:
    found = looked_at(Vault([KEY, "secret"], file), [], ME)
    assert (found.state, found.fix) == ("error", "give it 32 characters or more")
    assert looked_at(Vault([KEY], file), [], ME).detail == "of the configuration"


def test_what_releases_before_sealed_is_to_be_sealed_anew(file: Path) -> None:
    vault = Vault([OLD], file)
    found = looked_at(vault, [FERNET, vault.seal(SHOP, "telegram:two", HIDDEN)], ME)
    assert (found.state, found.fix) == ("warning", "main.py channels rekey")
    assert found.detail == "accounts sealed as releases before this one did: 1"


async def told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    await examine(settings, as_json=True)
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return next(one for one in found if one["name"] == "secret key")


async def test_rekey_seals_anew_what_releases_before_sealed(
    env: dict[str, str], prefix: str, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    env |= {"APRENDIZ_SECRET_KEY": f"{KEY},{OLD}"}
    added = await channels(env, "add", "telegram", "--secret-env", "token=MY_TOKEN", "--no-test")
    assert added.code == 0, added.said
    connection = await open_connection(database_url, role="pipeline")
    query = "UPDATE app.channel_account SET secrets = $1 WHERE account = 'telegram:main'"
    await connection.execute(query, FERNET)
    here = settings_of(env, prefix)
    assert (await told(here, capsys))["state"] == "warning"
    assert (await channels(env, "rekey", "--json")).json == ["telegram:main"]
    assert (await told(here, capsys))["state"] == "ok"
    rows = await connection.fetch("SELECT shop_id, secrets FROM app.channel_account")
    await connection.close()
    ((shop, sealed),) = rows
    assert Vault([KEY], Path("/nowhere")).open(shop, "telegram:main", sealed) == HIDDEN


async def test_the_doctor_misses_the_file_that_sealed_an_account(
    env: dict[str, str], prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del env["APRENDIZ_SECRET_KEY"]
    added = await channels(env, "add", "telegram", "--secret-env", "token=MY_TOKEN", "--no-test")
    assert added.code == 0, added.said
    own = settings_of(env, prefix)
    here = own.model_copy(update={"app": own.app.model_copy(update={"secret_key": None})})
    file = here.app.var / "secret.key"
    assert (await told(here, capsys))["state"] == "ok"
    file.unlink()
    assert "accounts stored: 1" in (await told(here, capsys))["detail"]
