"""A browser by the name its owner knows."""

import pytest

from web.agents import device

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155M) AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        (f"{PHONE} Chrome/129.0.0.0 Mobile Safari/537.36", "Chrome · Android"),
        (f"{PHONE} SamsungBrowser/26.0 Chrome/122.0 Mobile", "Samsung Internet · Android"),
        (f"{APPLE} Version/18.1 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/129.0 Safari/537.36 Edg/129.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0", "Firefox · Linux"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_its_owner_calls_it(agent: str, called: str) -> None:
    assert device(agent) == called
