"""What the page of the API says is true: its examples are asked, and every code is told there."""

import asyncio
import json
import os

import pytest

from tests.docs.pages import codes, page
from tests.web.conftest import KEY, served
from web.api.problems import SAID
from web.app import WebParts

EXAMPLES = page("docs/api.md").blocks("bash")


def test_every_code_of_a_problem_is_told() -> None:
    assert set(SAID) <= set(codes(page("docs/api.md").section("Manners")))


@pytest.mark.parametrize("example", EXAMPLES)
async def test_what_the_page_shows_can_be_asked(first: WebParts, example: str) -> None:
    async with served(first) as address:
        asked = await asyncio.create_subprocess_shell(
            example,
            env={**os.environ, "URL": address, "KEY": KEY},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asked.communicate()
    told = json.loads(said)
    assert asked.returncode == 0
    assert "code" not in told, told
