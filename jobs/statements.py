"""The statements of app.job_run; each is atomic, and now() is the only clock of leases."""

from typing import Final

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

FIRST_ROWS: Final = text("""
    SELECT shop.id, first.created_at
    FROM app.shop
    CROSS JOIN LATERAL (SELECT created_at FROM ml.training_data
                        WHERE shop_id = shop.id ORDER BY created_at LIMIT 1) AS first
""")
INSERT: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop, :name, period FROM unnest(CAST(:shops AS uuid[]), CAST(:periods AS text[]))
        AS missing (shop, period)
    ON CONFLICT DO NOTHING
""")
OFFER: Final = text("""
    UPDATE app.job_run SET offered_at = now()
    WHERE name = :name AND state IN ('waiting', 'running')
      AND (lease_until IS NULL OR lease_until <= now())
      AND (offered_at IS NULL OR offered_at <= now() - make_interval(secs => :again_s))
    RETURNING shop_id, period
""")
WITHDRAW: Final = text("""
    UPDATE app.job_run SET offered_at = NULL
    WHERE shop_id = :shop AND name = :name AND period = :period AND state <> 'running'
""")
NEXT: Final = text("""
    SELECT CASE WHEN count(*) > 0 THEN least(
        CAST(:backoff_s AS float8),
        min(extract(epoch FROM lease_until - now())::float8) FILTER (WHERE lease_until > now())
    ) END
    FROM app.job_run WHERE name = :name AND state IN ('waiting', 'running')
""")
GIVE_UP: Final = text("""
    UPDATE app.job_run SET state = 'failed', lease_until = NULL, finished_at = now(),
        error = concat_ws(E'\\n', error, 'it was begun too often without an end')
    WHERE name = :name AND state IN ('waiting', 'running')
      AND (lease_until IS NULL OR lease_until <= now())
      AND attempts - coalesce((result->>'before')::int, 0)
          - coalesce((result->>'failures')::int, 0) >= :deaths
""")
CLAIM: Final = text("""
    UPDATE app.job_run
    SET state = 'running', attempts = attempts + 1, offered_at = NULL,
        lease_until = now() + make_interval(secs => :lease_s)
    WHERE shop_id = :shop AND name = :name AND period = :period
      AND state IN ('waiting', 'running') AND (lease_until IS NULL OR lease_until <= now())
    RETURNING attempts
""")
EXTEND: Final = text("""
    UPDATE app.job_run SET lease_until = now() + make_interval(secs => :lease_s)
    WHERE shop_id = :shop AND name = :name AND period = :period
      AND state = 'running' AND attempts = :attempt
    RETURNING attempts
""")
FINISH: Final = text("""
    UPDATE app.job_run SET state = 'done', finished_at = now(), lease_until = NULL,
        offered_at = NULL, error = NULL, result = :result
    WHERE shop_id = :shop AND name = :name AND period = :period
      AND state = 'running' AND attempts = :attempt
    RETURNING attempts
""").bindparams(bindparam("result", type_=JSONB))
FAIL: Final = text("""
    WITH past AS (
        SELECT shop_id, name, period, coalesce((result->>'failures')::int, 0) + :counted AS failures
        FROM app.job_run
        WHERE shop_id = :shop AND name = :name AND period = :period
          AND state = 'running' AND attempts = :attempt
        FOR UPDATE
    )
    UPDATE app.job_run AS run
    SET state = CASE WHEN past.failures >= :failures THEN 'failed' ELSE 'waiting' END,
        finished_at = CASE WHEN past.failures >= :failures THEN now() END,
        lease_until = CASE WHEN past.failures < :failures
            THEN now() + make_interval(secs => :backoff_s * 2 ^ greatest(past.failures - 1, 0)) END,
        offered_at = NULL, error = :error,
        result = coalesce(result, '{}') || jsonb_build_object('failures', past.failures)
    FROM past
    WHERE run.shop_id = past.shop_id AND run.name = past.name AND run.period = past.period
    RETURNING run.state
""")
REVIVE: Final = text("""
    UPDATE app.job_run SET state = 'waiting', lease_until = NULL, offered_at = NULL,
        finished_at = NULL, result = jsonb_build_object('before', attempts)
    WHERE shop_id = :shop AND name = :name AND period = :period AND state = 'failed'
    RETURNING attempts
""")
