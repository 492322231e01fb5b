"""Each row of a batch is found by its key, from the first minute of a new shop on."""

import re
from uuid import UUID

import pytest

from capture import statements
from capture.recorder import Recorder
from evaluation import caching
from store.session import Store, open_connection
from tests.capture.talk import Talk, capture

BY_POSITION = {
    "ix_message_shop_id_conversation_id_position",
    "ix_training_data_shop_id_conversation_id_position",
}
BY_POSITION_SAID = {"ix_message_shop_id_conversation_id_position"}
BY_PART = {"pk_delivery_part", "ix_delivery_part_shop_id_reply_id"}
BY_PLATFORM = {"ix_message_shop_id_conversation_id_platform_id"}
LOOKED_UP = {
    "PAIR": {"pk_training_data", *BY_POSITION},
    "MASKS": BY_POSITION_SAID,
    "HEARD_FROM": BY_POSITION_SAID,
    "DELIVER": {"pk_message", *BY_PART},
    "TELL": {*BY_POSITION_SAID, "pk_delivery"},
    "TELL_MORE": {"pk_delivery_part"},
    "SETTLE": {"pk_delivery", *BY_PART},
    "REACH": {"pk_conversation", *BY_POSITION_SAID},
    "TOUCH": {"pk_conversation"},
    "EDIT": BY_PLATFORM,
    "DELETE": BY_PLATFORM,
    "PRODUCTS": {"pk_product"},
    "KEEP": {"pk_training_data"},
    "FOLLOW": {"pk_training_data"},
    "LOCK": {"pk_training_data"},
    "VOICES": {"pk_score"},
    "CACHE": {"pk_training_data"},
}
SCAN = re.compile(
    r"(Seq Scan on \S+|(?:Index(?: Only)? Scan(?: Backward)? using|Bitmap Index Scan on) (\S+))"
)
JOINED_OTHERWISE = re.compile(r"Hash|Merge")


async def plan(store: Store, statement: str) -> str:
    """What Postgres keeps for a statement, whatever its arguments will be."""
    async with store.batch() as connection:
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE one AS {statement}")
        nulls = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", statement))))
        lines = await connection.fetch(f"EXPLAIN EXECUTE one ({nulls})")
        await connection.execute("DEALLOCATE one")
    return "\n".join(line[0] for line in lines)


@pytest.mark.parametrize("name", LOOKED_UP)
@pytest.mark.parametrize("rows", [0, 1])
async def test_a_plan_made_while_the_tables_are_small_reads_by_key(
    store: Store, database_url: str, shop: UUID, name: str, rows: int
) -> None:
    if rows:
        talk = Talk(shop)
        await capture(
            Recorder(store), talk.says("hola"), talk.replies("¡hola!"), talk.sent("1"),
            talk.status("1", "read"),
        )  # fmt: skip
        owner = await open_connection(database_url)
        await owner.execute("ANALYZE")
        await owner.close()
    statement = getattr(statements, name, None) or getattr(caching, name)
    explained = await plan(store, statement)
    scans = [using or scan for scan, using in SCAN.findall(explained)]
    assert set(scans) == LOOKED_UP[name], explained
    assert rows or explained.count("Index Cond") == len(scans), explained
    assert not JOINED_OTHERWISE.search(explained), explained
