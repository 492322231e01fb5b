"""What networks that call us have in common: how they prove themselves, and what they say."""

import hashlib
import hmac
import json


def derived(secret: str, purpose: str) -> str:
    """Nobody can guess it, and every process that knows the secret finds the same."""
    return hmac.new(_bytes(secret), purpose.encode(), hashlib.sha256).hexdigest()[:40]


def signature(secret: str, body: bytes) -> str:
    return hmac.new(_bytes(secret), body, hashlib.sha256).hexdigest()


def equal(given: str, wanted: str) -> bool:
    """In constant time, and as bytes: text that is not ASCII cannot be compared so."""
    return hmac.compare_digest(_bytes(given), _bytes(wanted))


def parsed(body: bytes) -> object:
    """What is not JSON is kept as the text it is: refusing it would only bring it back."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
