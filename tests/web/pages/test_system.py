"""The system's page: what is wrong comes first, with what to do about it."""

from dataclasses import replace

from tests.web.roles import acting
from web.app import WebParts
from web.observed import Facts, Finding, Observed, Queue

PAGE = "/admin/sistema"
FOUND = (
    Finding("python", "ok", "3.11.2"),
    Finding("dead letters", "warning", "2 wait", "main.py dead list"),
    Finding("redis", "error", "<b>evicting</b>", "CONFIG SET maxmemory-policy noeviction"),
)


async def known() -> Facts:
    queues = [Queue("reply", 3, 1, 12.5)]
    return Facts(FOUND, queues, 2, {"fastapi": "0.163.2"}, {"fastapi": "MIT"})


async def test_what_is_wrong_comes_first_with_its_remedy(parts: WebParts) -> None:
    async with acting(replace(parts, observed=Observed(facts=known)), "admin") as admin:
        page = (await admin.get(PAGE)).text
    assert page.index("redis") < page.index("mensajes sin procesar") < page.index("3.11.2")
    assert "CONFIG SET maxmemory-policy noeviction" in page
    assert "&lt;b&gt;evicting" in page
    assert "2 en espera" in page
    assert page.count("wide-table") == page.count('wide-table" tabindex="0" role="group"')
    for told in ("1 problema", "12,5 s", "0.163.2", "MIT", "2 mensajes que nadie"):
        assert told in page


async def test_without_a_bot_it_says_so_and_only_the_desk_sees_it(parts: WebParts) -> None:
    async with acting(parts, "admin") as admin:
        assert "corren sin su bot" in (await admin.get(PAGE)).text
    async with acting(parts, "owner") as owner:
        assert (await owner.get(PAGE)).status_code == 403
