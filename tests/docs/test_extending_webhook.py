"""The receiver that operations.md shows believes us, and nobody else."""

import time
from collections.abc import Callable

from services.posts import signature
from tests.docs.pages import ROOT, Page

SECRET = "a-secret-of-the-shops"
BODY = b'{"type": "alert.firing"}'


def test_the_receiver_believes_what_we_sign_while_it_is_fresh() -> None:
    shown: dict[str, Callable[..., bool]] = {}
    exec(Page(ROOT / "docs" / "operations.md").blocks("python")[0], shown)  # noqa: S102  our own page
    believed, at_s = shown["believed"], int(time.time())
    header = signature(SECRET, at_s, BODY)
    assert believed(SECRET, header, BODY)
    assert not believed("another-secret-of-all", header, BODY)
    assert not believed(SECRET, header, BODY.replace(b"firing", b"resolved"))
    assert not believed(SECRET, header.replace(str(at_s), str(at_s + 60)), BODY)
    assert not believed(SECRET, signature(SECRET, at_s - 4000, BODY), BODY)
