"""What browsers, links and programs carry, as it is looked up: never the thing itself."""

import hashlib


def digest_of(token: str) -> bytes:
    """A token is long and random, so one round is enough."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
