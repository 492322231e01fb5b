"""The web app of a test, for tests that need a machine of their own."""

from tests.web.conftest import address, channel, inbox, pack, parts

__all__ = ["address", "channel", "inbox", "pack", "parts"]
