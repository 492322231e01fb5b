"""A whole bot with a collector of OpenTelemetry beside it, and with one that is away."""

import asyncio

from services.state import Endpoints
from tests.app.test_commands import run
from tests.servers.collector import collecting, values

SAID = "soy Canaria Uno, ¿cuánto cuesta la mochila urbana azul?\n".encode()
STAGES = {"receive", "queue", "reply", "understand", "model", "verify", "send"}
TALK = ("run", "--no-web", "--no-jobs", "--console")


def places(database_url: str, endpoints: Endpoints, prefix: str, collector: str) -> dict[str, str]:
    return {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector,
    }


async def test_each_step_of_a_reply_arrives_and_not_a_word_of_it(
    database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    async with collecting() as collector:
        env = places(database_url, endpoints, prefix, collector.url)
        done = await asyncio.to_thread(run, *TALK, given=SAID, env=env)
        assert "24.990" in done.stdout.decode(), done.stderr.decode()
        found = [(one, values(one)) for one in collector.spans()]
    asked = {one.trace_id for one, noted in found if noted.get("aprendiz.intent")}
    assert len(asked) == 1
    stages = {noted["aprendiz.stage"] for one, noted in found if one.trace_id in asked}
    assert stages >= STAGES
    whole = b"".join(collector.bodies).lower()
    assert not any(word in whole for word in (b"canaria", b"mochila", b"24.990", b"24990"))


async def test_a_bot_whose_collector_is_away_answers_and_ends_as_ever(
    database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    env = places(database_url, endpoints, prefix, "http://127.0.0.1:1")
    done = await asyncio.to_thread(run, *TALK, given=SAID, env=env)
    assert done.returncode == 0, done.stderr.decode()
    assert "24.990" in done.stdout.decode()
    assert b"telemetry.away" in done.stderr
    assert b"Traceback" not in done.stderr


async def test_doctor_tells_where_the_steps_go(
    database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    env = places(database_url, endpoints, prefix, "http://collector.example:4318")
    done = await asyncio.to_thread(run, "doctor", env=env)
    told = " ".join(done.stdout.decode().split())
    assert "telemetry: steps go to http://collector.example:4318" in told
