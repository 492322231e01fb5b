"""The statements of app.job_run; each is atomic, and now() is the only clock of leases."""

from typing import Final

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from store.filters import UNKNOWN

FIRST_ROWS: Final = {
    "turns": text("""
    SELECT shop.id, first.created_at
    FROM app.shop
    CROSS JOIN LATERAL (SELECT created_at FROM ml.training_data
                        WHERE shop_id = shop.id ORDER BY created_at LIMIT 1) AS first
"""),
    "risks": text("SELECT shop_id, min(trained_at) FROM ml.risk_model WHERE active GROUP BY 1"),
    "readers": text("SELECT shop_id, min(created_at) FROM app.weekly_reader GROUP BY 1"),
}
INSERT: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop, :name, period FROM unnest(CAST(:shops AS uuid[]), CAST(:periods AS text[]))
        AS missing (shop, period)
    ON CONFLICT DO NOTHING
""")
LEFT: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop_id, :name, id || '@' || (waiting->>'at') FROM ml.document
    WHERE waiting IS NOT NULL
    ON CONFLICT DO NOTHING
""")
RIGHTS: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop_id, CASE kind WHEN 'export' THEN :export ELSE :erasure END, CAST(id AS text)
    FROM app.privacy_request WHERE state <> 'done' AND kind IN ('export', 'erasure')
    ON CONFLICT DO NOTHING
""")
APPROVED: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop_id, :name, CAST(id AS text) FROM ml.training_job
    WHERE state IN ('pending', 'running', 'paused') AND approved_by IS NOT NULL
    ON CONFLICT DO NOTHING
""")
GIVEN_UP: Final = text("""
    UPDATE ml.training_job AS job
    SET state = 'failed', stage = 'given up', finished_at = now(), error = concat_ws(E'\\n',
        'Nobody follows it any more; its trainer may go on', run.error)
    FROM app.job_run AS run
    WHERE run.name = :name AND run.state = 'failed' AND run.shop_id = job.shop_id
      AND run.period = CAST(job.id AS text) AND job.state IN ('pending', 'running', 'paused')
""")
ABANDONED: Final = text("""
    UPDATE ml.preparation AS one
    SET state = 'failed', finished_at = now(), error = concat_ws(': ', 'GivenUp', run.error)
    FROM app.job_run AS run
    WHERE run.name = :name AND run.state = 'failed' AND run.shop_id = one.shop_id
      AND run.period = CAST(one.id AS text) AND one.state IN ('pending', 'running')
""")
PROPOSE: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop_id, :name, max(period) FROM app.job_run
    WHERE name = :datasets AND state = 'done' GROUP BY shop_id
    ON CONFLICT DO NOTHING
""")
_AGAIN: Final = """
    ON CONFLICT (shop_id, name, period) DO UPDATE SET state = 'waiting', lease_until = NULL,
        offered_at = NULL, finished_at = NULL, error = NULL,
        result = jsonb_build_object('before', old.attempts)
"""
GROWN: Final = text(f"""
    INSERT INTO app.job_run AS old (shop_id, name, period)
    SELECT shop_id, :name, model || ':' || dim FROM ml.corpus
    WHERE NOT ann AND passages > :large AND model NOT LIKE 'offline%' AND dim = ANY(:dims)
    {_AGAIN} WHERE old.state = 'done'
""")  # noqa: S608  our own text
# One round at a time: a shop whose last one still waits or runs gets no other.
JUDGED: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop.id, :name, :period FROM app.shop shop
    WHERE (EXISTS (SELECT FROM ml.score s WHERE s.shop_id = shop.id AND s.scorer = 'lexicon'
                   AND s.created_at > CAST(:now AS timestamptz) - interval '4 days')
           OR EXISTS (SELECT FROM ml.rating r WHERE r.shop_id = shop.id AND r.role = 'customer'
                      AND r.updated_at > CAST(:now AS timestamptz) - interval '4 days'))
      AND NOT EXISTS (SELECT FROM app.job_run open WHERE open.shop_id = shop.id
                      AND open.name = :name AND open.state IN ('waiting', 'running'))
    ON CONFLICT DO NOTHING
""")
STANDING: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop.id, :name, :period FROM app.shop shop
    WHERE EXISTS (SELECT FROM app.event_log WHERE shop_id = shop.id)
       OR EXISTS (SELECT FROM app.sense_log WHERE shop_id = shop.id)
       OR EXISTS (SELECT FROM ml.eval_result WHERE shop_id = shop.id)
    ON CONFLICT DO NOTHING
""")
# The last hours are looked at again: a round that failed, or that nobody offered, leaves nothing.
ASKED: Final = text(f"""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT shop.id, :name, :period FROM app.shop shop
    WHERE EXISTS (SELECT FROM ml.training_data t
                  LEFT JOIN ml.question_asked a ON a.shop_id = t.shop_id AND a.training_id = t.id
                  WHERE t.shop_id = shop.id AND {UNKNOWN} AND t.user_message <> ''
                    AND t.created_at > CAST(:now AS timestamptz) - interval '6 hours'
                    AND a.training_id IS NULL)
      AND NOT EXISTS (SELECT FROM app.job_run open WHERE open.shop_id = shop.id
                      AND open.name = :name AND open.state IN ('waiting', 'running'))
    ON CONFLICT DO NOTHING
""")  # noqa: S608  our own text
ASK: Final = text(f"""
    INSERT INTO app.job_run AS old (shop_id, name, period, asked_by)
    VALUES (:shop, :name, :period, :by)
    {_AGAIN}, asked_by = excluded.asked_by WHERE old.state IN ('done', 'failed')
""")  # noqa: S608  our own text
HURRY: Final = text("""
    UPDATE app.job_run SET lease_until = NULL, offered_at = NULL
    WHERE shop_id = :shop AND name = :name AND period = :period AND state = 'waiting'
""")
OFFER_ONE: Final = text("""
    UPDATE app.job_run SET offered_at = now()
    WHERE shop_id = :shop AND name = :name AND period = :period AND state = 'waiting'
      AND offered_at IS NULL AND (lease_until IS NULL OR lease_until <= now())
    RETURNING period
""")
OFFER: Final = text("""
    UPDATE app.job_run SET offered_at = now()
    WHERE name = ANY(:names) AND state IN ('waiting', 'running')
      AND (lease_until IS NULL OR lease_until <= now())
      AND (offered_at IS NULL OR offered_at <= now() - make_interval(secs => :again_s))
    RETURNING shop_id, name, period
""")
OFFERED: Final = text("""
    SELECT EXISTS (SELECT FROM app.job_run WHERE state = 'waiting' AND offered_at IS NOT NULL)
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
    FROM app.job_run WHERE name = ANY(:names) AND state IN ('waiting', 'running')
""")
GIVE_UP: Final = text("""
    UPDATE app.job_run SET state = 'failed', lease_until = NULL, finished_at = now(),
        error = concat_ws(E'\\n', error, 'it was begun too often without an end')
    WHERE name = ANY(:names) AND state IN ('waiting', 'running')
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
MARK: Final = text("""
    UPDATE app.job_run SET result = coalesce(result, '{}') || :marks
    WHERE shop_id = :shop AND name = :name AND period = :period
      AND state = 'running' AND attempts = :attempt
    RETURNING attempts
""").bindparams(bindparam("marks", type_=JSONB))
HOLD: Final = text("""
    SELECT attempts FROM app.job_run
    WHERE shop_id = :shop AND name = :name AND period = :period
      AND state = 'running' AND attempts = :attempt
    FOR UPDATE
""")
REST: Final = text("""
    UPDATE app.job_run SET state = 'waiting', offered_at = NULL, error = NULL,
        lease_until = now() + make_interval(secs => :seconds),
        result = jsonb_build_object('before', attempts)
    WHERE shop_id = :shop AND name = :name AND period = :period
      AND state = 'running' AND attempts = :attempt
    RETURNING attempts
""")
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
