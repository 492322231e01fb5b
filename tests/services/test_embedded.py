"""Starting, sharing and leaving the embedded servers."""

import asyncpg
from redis.asyncio import Redis

from services.state import Endpoints


async def test_postgres_answers_and_knows_vectors(endpoints: Endpoints) -> None:
    connection = await asyncpg.connect(endpoints.database_url)
    await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    assert await connection.fetchval("SELECT '[1,2]'::vector <-> '[1,4]'::vector") == 2.0
    await connection.close()


async def test_redis_writes_every_change_to_its_file(endpoints: Endpoints) -> None:
    async with Redis.from_url(endpoints.redis_url) as redis:
        assert (await redis.config_get("appendonly"))["appendonly"] == "yes"
