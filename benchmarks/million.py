"""Fills a shop with many messages, as capture would leave them, by statements of Postgres."""

from typing import Final
from uuid import UUID

from store.session import open_connection

DAYS: Final = 180
TALKS_OF: Final = 200
"""Messages of one customer, about."""
# Keys are made of numbers, so that rows find theirs without being looked up.
_ID: Final = "('{kind}0000000-0000-4000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"
_AT: Final = f"now() - interval '{DAYS} days' * (1 - n::float8 / $2)"
_TALK: Final = _ID.format(kind="c", number="n / 8 % $3")
"""Who writes gets four answers in a row, then another customer does."""
_REPLY: Final = _ID.format(kind="e", number="n")
_BOT: Final = "n % 2 = 1"
FILLING: Final = (
    f"""INSERT INTO app.customer (shop_id, id, name)
        SELECT $1, {_ID.format(kind="c", number="n")}, 'Cliente ' || n
        FROM generate_series(0, $3::int - 1) n WHERE $2::int > 0""",  # noqa: S608
    f"""INSERT INTO app.conversation (shop_id, id, customer_id, account, chat, last_at)
        SELECT $1, id, id, CASE n % 3 WHEN 0 THEN 'web:main' ELSE 'whatsapp_cloud:main' END,
               n::text, now() - interval '1 minute' * n
        FROM (SELECT n, {_ID.format(kind="c", number="n")} AS id
              FROM generate_series(0, $3::int - 1) n WHERE $2::int > 0) one""",  # noqa: S608
    f"""INSERT INTO app.message (shop_id, id, conversation_id, position, author, content, text,
                                 request_id, at, received_at)
        SELECT $1, {_REPLY}, {_TALK}, n, CASE WHEN {_BOT} THEN 'bot' ELSE 'customer' END, 'text',
               'hola, ¿cuánto cuesta la polera ' || n || '?', {_REPLY}, {_AT}, {_AT}
        FROM generate_series(0, $2::int - 1) n WHERE $3::int > 0""",  # noqa: S608
    f"""INSERT INTO ml.training_data (shop_id, id, customer_id, conversation_id, request_id,
            position, author, user_message, bot_response, intensity, tone, locale, intent, slots,
            confidence, context, category, provider, model, model_version, tokens_in, tokens_out,
            latency_ms, asked_at, dispatched_at, created_at, quality_score, is_successful)
        SELECT $1, {_REPLY}, {_TALK}, {_TALK}, {_REPLY}, n, 'bot', '¿cuánto cuesta?',
               'Cuesta $12.990.', 0.5, 'neutral', 'es', 'consulta_' || n % 8, '{{}}', 0.9,
               '{{"verdict": "ok"}}', 'consulta_precio',
               CASE n % 4 WHEN 1 THEN 'groq' ELSE 'offline' END, 'model-' || n % 4, '1', 300, 60,
               100 + n % 1900, {_AT} - interval '2 seconds', {_AT}, {_AT},
               CASE WHEN n % 5 > 1 THEN 1 + n % 5 END, n % 40 = 1
        FROM generate_series(0, $2::int - 1) n WHERE {_BOT} AND $3::int > 0""",  # noqa: S608
    """INSERT INTO app.event_log (shop_id, reply_id, request_id, provider, model, tokens_in,
            tokens_out, latency_ms, cost_micros, ok, created_at)
        SELECT shop_id, id, request_id, provider, model, tokens_in, tokens_out, latency_ms,
               CASE provider WHEN 'groq' THEN 240 ELSE 0 END, true, dispatched_at
        FROM ml.training_data WHERE shop_id = $1 AND $2::int > 0 AND $3::int > 0""",
    f"""INSERT INTO app.orders (shop_id, id, customer_id, conversation_id, account, chat, state,
            currency, total, reply_id, confirmed_at, paid_at, updated_at, created_at)
        SELECT $1, {_REPLY}, {_TALK}, {_TALK}, 'web:main', '', 'paid', 'CLP', 9990 + n % 1000,
               CASE WHEN n % 200 = 1 THEN {_REPLY} END, {_AT}, {_AT}, {_AT}, {_AT}
        FROM generate_series(0, $2::int - 1) n WHERE n % 100 = 1 AND $3::int > 0""",  # noqa: S608
    f"""INSERT INTO app.hand_over (shop_id, id, conversation_id, reason, question, at, resolved_at)
        SELECT $1, {_REPLY}, {_TALK}, CASE n / 120 % 3 WHEN 0 THEN 'asked' ELSE 'doubt' END, '',
               {_AT}, CASE WHEN $2 - n > 3000 THEN {_AT} + interval '9 minutes' END
        FROM generate_series(0, $2::int - 1) n WHERE n % 120 = 7 AND $3::int > 0""",  # noqa: S608
    f"""INSERT INTO ml.rating (shop_id, id, training_id, role, via, thumb, updated_at)
        SELECT $1, {_REPLY}, {_REPLY}, 'customer', 'web', CASE n % 4 WHEN 1 THEN 1 ELSE -1 END,
               {_AT} FROM generate_series(0, $2::int - 1) n WHERE n % 50 = 1 AND $3::int > 0""",  # noqa: S608
    f"""INSERT INTO app.span (shop_id, request_id, id, conversation_id, name, kind, started_at,
                              duration_us, ok, attributes)
        SELECT $1, {_REPLY}, gen_random_uuid(), {_TALK}, step, 'internal', {_AT},
               1000 * (1 + n % 900), n % 500 <> 1, '{{"intent": "consulta_precio"}}'
        FROM generate_series(0, $2::int - 1) n,
             unnest(ARRAY['receive', 'queue', 'reply', 'understand', 'search', 'model']) step
        WHERE {_BOT} AND {_AT} > now() - interval '14 days' AND $3::int > 0""",  # noqa: S608
    f"""INSERT INTO ml.review_case (shop_id, training_id, reason, sample, at)
        SELECT $1, {_REPLY}, 1 + n / 200 % 5, n / 200 % 5 = 4, {_AT}
        FROM generate_series(0, $2::int - 1) n WHERE n % 200 = 1 AND $3::int > 0""",  # noqa: S608
)


async def fill(url: str, shop: UUID, messages: int) -> None:
    """Half of them are answers of the bot, spread evenly over the last days."""
    connection = await open_connection(url, limit_s=None)
    try:
        # What is written is known to hang together; looking each row up would take minutes.
        await connection.execute("SET session_replication_role = replica")
        people = max(10, messages // TALKS_OF)
        for statement in FILLING:
            await connection.execute(statement, shop, messages, people)
    finally:
        await connection.close()
    await settle(url)


async def settle(url: str) -> None:
    """What Postgres does by itself within a minute of so many rows."""
    connection = await open_connection(url, limit_s=None)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
