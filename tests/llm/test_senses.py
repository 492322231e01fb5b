"""Hearing through the real SDK, against a server of ours."""

import pytest

from config.manners import MediaSettings
from config.providers import GroqSettings, OpenAISettings
from llm.base import File, ModelRejected, Sense
from llm.senses import open_hearing
from tests.servers.senses import Senses, senses

VOICE = "audio/ogg"


def hearing_at(server: Senses) -> Sense:
    knobs = MediaSettings(url=server.url)
    opened = open_hearing(knobs, GroqSettings(), OpenAISettings(), lambda sense, _model: sense)
    assert opened is not None
    return opened


async def test_after_a_broken_recording_it_still_tells_how_sure_it_is() -> None:
    async with senses() as server:
        server.broken, server.words[b"ogg"] = frozenset({b"no ogg"}), "hola"
        hearing = hearing_at(server)
        with pytest.raises(ModelRejected):
            await hearing.read(File(b"no ogg", VOICE))

        heard = await hearing.read(File(b"ogg", VOICE))
        await hearing.close()

    assert heard.text == "hola"
    assert heard.confidence == pytest.approx(0.9, abs=0.02)
