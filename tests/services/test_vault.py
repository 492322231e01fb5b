"""Secrets open with their key, for their owner, and in no other way."""

import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet

from services.vault import KeyRefused, NotOpened, Vault, former, keys_in

OLD, NEW = "the old key that is long enough to be one", Fernet.generate_key().decode()
SHOP, OTHER = UUID(int=1), UUID(int=2)
HIDDEN = {"token": "42:ñandú secreto"}
FERNET = (
    b"gAAAAABrA2efA_bacETyurrokQM7zFXE44ivESk3kOaOzEoiqqWJ4nIRHSU-rdLSOKlm5oMm5U0xpmhF-eWKiK9SuD"
    b"zfMDarUv61ps5Oy3iegkA5ELk2gK3Y4cB_z_e_k0iU53Uqn1mJWv24cHO4edwHEuguFBvpWJPewzrBWN7R5n0BCd5M"
    b"PbY="
)
"""HIDDEN of telegram:main, as a release before this one sealed it with OLD."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "secret.key"


def test_what_was_sealed_opens_and_is_not_readable_meanwhile(file: Path) -> None:
    vault = Vault([OLD], file)
    sealed = vault.seal(SHOP, "telegram:main", HIDDEN)
    assert vault.open(SHOP, "telegram:main", sealed) == HIDDEN
    assert b"secreto" not in sealed
    assert vault.seal(SHOP, "telegram:main", HIDDEN) != sealed
    assert not file.exists()


def test_without_a_configured_key_one_is_made_that_nobody_else_can_read(file: Path) -> None:
    sealed = Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    assert Vault([], file).open(SHOP, "telegram:main", sealed) == HIDDEN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]


def test_processes_that_come_together_make_one_key(file: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        sealed = list(pool.map(lambda n: Vault([], file).seal(SHOP, f"a:{n}", HIDDEN), range(32)))
    assert all(Vault([], file).open(SHOP, f"a:{n}", one) == HIDDEN for n, one in enumerate(sealed))


@pytest.mark.parametrize("keys", [[NEW, OLD], [OLD]])
def test_while_a_key_is_changed_both_open(file: Path, keys: Sequence[str]) -> None:
    sealed = Vault([OLD], file).seal(SHOP, "telegram:main", HIDDEN)
    assert Vault(keys, file).open(SHOP, "telegram:main", sealed) == HIDDEN


def test_the_newest_key_seals(file: Path) -> None:
    sealed = Vault([NEW, OLD], file).seal(SHOP, "telegram:main", HIDDEN)
    assert Vault([NEW], file).open(SHOP, "telegram:main", sealed) == HIDDEN
    with pytest.raises(NotOpened):
        Vault([OLD], file).open(SHOP, "telegram:main", sealed)


def test_a_configured_key_does_not_lock_out_what_the_file_sealed(file: Path) -> None:
    sealed = Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    assert Vault([NEW], file).open(SHOP, "telegram:main", sealed) == HIDDEN


def test_another_key_or_none_says_so_in_words(file: Path) -> None:
    sealed = Vault([OLD], file).seal(SHOP, "telegram:main", HIDDEN)
    with pytest.raises(NotOpened, match="telegram:main were sealed with another key"):
        Vault([NEW], file).open(SHOP, "telegram:main", sealed)
    with pytest.raises(NotOpened, match="is not here"):
        Vault([], file).open(SHOP, "telegram:main", sealed)


def test_secrets_moved_to_another_account_do_not_open(file: Path) -> None:
    sealed = Vault([OLD], file).seal(SHOP, "telegram:main", HIDDEN)
    with pytest.raises(NotOpened):
        Vault([OLD], file).open(SHOP, "telegram:other", sealed)


def test_secrets_moved_to_another_shop_do_not_open(file: Path) -> None:
    sealed = Vault([OLD], file).seal(SHOP, "telegram:main", HIDDEN)
    with pytest.raises(NotOpened):
        Vault([OLD], file).open(OTHER, "telegram:main", sealed)


@pytest.mark.parametrize("place", [0, 1, 12, 13, -1])
def test_secrets_that_somebody_changed_do_not_open(file: Path, place: int) -> None:
    sealed = bytearray(Vault([OLD], file).seal(SHOP, "telegram:main", HIDDEN))
    sealed[place] ^= 1
    with pytest.raises(NotOpened):
        Vault([OLD], file).open(SHOP, "telegram:main", bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 5, 13, 20])
def test_secrets_that_were_cut_do_not_open(file: Path, length: int) -> None:
    sealed = Vault([OLD], file).seal(SHOP, "telegram:main", HIDDEN)
    with pytest.raises(NotOpened):
        Vault([OLD], file).open(SHOP, "telegram:main", sealed[:length])


def test_what_releases_before_sealed_still_opens_and_is_sealed_anew(file: Path) -> None:
    vault = Vault([NEW, OLD], file)
    assert former(FERNET)
    assert vault.open(SHOP, "telegram:main", FERNET) == HIDDEN
    again = vault.seal(SHOP, "telegram:main", vault.open(SHOP, "telegram:main", FERNET))
    assert not former(again)
    assert vault.open(SHOP, "telegram:main", again) == HIDDEN
    with pytest.raises(NotOpened, match="not those of telegram:other"):
        vault.open(SHOP, "telegram:other", FERNET)
    with pytest.raises(NotOpened, match="another key"):
        Vault([NEW], file).open(SHOP, "telegram:main", FERNET)


def test_a_short_key_is_refused_without_being_told(file: Path) -> None:
    with pytest.raises(KeyRefused, match="6 characters") as refused:
        Vault(["secret"], file).seal(SHOP, "telegram:main", HIDDEN)
    assert "secret'" not in str(refused.value)


def test_a_key_that_others_can_read_is_refused(file: Path) -> None:
    Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    file.chmod(0o644)
    with pytest.raises(KeyRefused, match="chmod 600"):
        Vault([], file).seal(SHOP, "telegram:main", HIDDEN)


@pytest.mark.parametrize("damaged", [b"", b"cut", b"\xff" * 40], ids=["empty", "cut", "no text"])
def test_a_file_that_was_damaged_is_no_key(file: Path, damaged: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(damaged)
    file.chmod(0o600)
    refused = r"holds (no text|\d characters, it needs 32)"
    with pytest.raises(KeyRefused, match=refused):
        Vault([], file).seal(SHOP, "telegram:main", HIDDEN)
    with pytest.raises(KeyRefused, match=refused):
        Vault([], file).pepper("addresses")


def test_keys_stand_beside_each_other_by_commas() -> None:
    assert keys_in(f" {NEW}, {OLD},") == (NEW, OLD)


def test_a_pepper_is_the_same_for_a_key_and_another_for_a_purpose(file: Path) -> None:
    vault = Vault([OLD], file)
    assert vault.pepper("addresses") == Vault([OLD], Path("/nowhere")).pepper("addresses")
    others = {vault.pepper("links"), Vault([NEW], file).pepper("addresses")}
    assert len(others | {vault.pepper("addresses")}) == 3
    made = Vault([], file).pepper("addresses")
    assert made == Vault([], file).pepper("addresses")
