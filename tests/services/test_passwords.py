"""Hashes of passwords: slow to guess, and never many at once."""

import asyncio

from argon2 import PasswordHasher

from services.passwords import AT_ONCE, Passwords, is_dated


async def test_a_password_fits_its_hash_and_no_other() -> None:
    passwords = Passwords()
    hashed = await passwords.hashed("ñandú secreto largo")
    assert hashed.startswith("$argon2id$")
    assert "secreto" not in hashed
    assert await passwords.fit(hashed, "ñandú secreto largo")
    assert not await passwords.fit(hashed, "nandu secreto largo")
    assert not await passwords.fit(None, "ñandú secreto largo")
    assert not await passwords.fit("rubbish", "ñandú secreto largo")
    assert await passwords.hashed("ñandú secreto largo") != hashed


def test_a_hash_of_an_older_cost_is_dated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    assert is_dated(weak.hash("x"))
    assert not is_dated(PasswordHasher().hash("x"))


async def test_two_are_hashed_at_once_and_the_others_wait() -> None:
    passwords = Passwords()
    async with passwords.turn, passwords.turn:
        waiting = asyncio.create_task(passwords.hashed("x"))
        await asyncio.sleep(0.3)
        assert AT_ONCE == 2
        assert not waiting.done()
    assert await waiting
