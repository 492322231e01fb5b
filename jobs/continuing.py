"""What follows from trainings and rollouts that have ended, as rows of app.job_run.

A training that was begun by itself goes on so: once its model is deployed it is evaluated, and once
that has passed a rollout is proposed. Each row's period names the version, so there is one, ever;
in an evaluation's it stands where else the moment does.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from learning.ordering import AUTOMATIC

# Once for each end of a rollout that left old models behind.
OUTDATED: Final = text("""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT ended.shop_id, :name, ended.id || '@' || ended.number FROM ml.rollout AS ended
    WHERE ended.state IN ('promoted', 'rolled_back')
      AND ended.ended_at > CAST(:now AS timestamptz) - interval '7 days'
      AND EXISTS (SELECT FROM ml.model_version old
                  WHERE old.shop_id = ended.shop_id AND old.provider = 'ollama'
                    AND old.state IN ('retired', 'withdrawn'))
    ON CONFLICT DO NOTHING
""")
_OURS: Final = """
    FROM ml.model_version v
    JOIN ml.training_job job ON job.shop_id = v.shop_id AND job.id = v.job_id
    WHERE job.requested_by = :by AND job.state = 'succeeded' AND v.state = 'candidate'
      AND job.finished_at > now() - interval '7 days'
      AND NOT jsonb_exists(v.parameters, 'checkpoint')
"""
EVALUATED: Final = text(f"""
    INSERT INTO app.job_run (shop_id, name, period, asked_by)
    SELECT v.shop_id, 'evaluation', 'test||' || v.name || '|' || v.id, :by {_OURS}
      AND (v.provider <> 'ollama' OR EXISTS (
          SELECT FROM app.job_run put WHERE put.shop_id = v.shop_id AND put.name = 'deployment'
            AND put.period = CAST(v.id AS text) AND put.state = 'done'))
      AND NOT EXISTS (SELECT FROM ml.eval_run e
                      WHERE e.shop_id = v.shop_id AND e.version_id = v.id)
    ON CONFLICT DO NOTHING
""")  # noqa: S608  our own text
PASSED: Final = text(f"""
    INSERT INTO app.job_run (shop_id, name, period)
    SELECT v.shop_id, 'rollout-proposal', CAST(v.id AS text) {_OURS}
      AND EXISTS (SELECT FROM ml.eval_run e
                  WHERE e.shop_id = v.shop_id AND e.version_id = v.id AND e.verdict = 'passed')
      AND NOT EXISTS (SELECT FROM ml.rollout r
                      WHERE r.shop_id = v.shop_id AND r.version_id = v.id)
    ON CONFLICT DO NOTHING
""")  # noqa: S608  our own text


async def insert_following(session: AsyncSession, now: datetime, *, automatic: bool) -> None:
    """What has become due since somebody looked last."""
    await session.execute(OUTDATED, {"name": "sweeping", "now": now})
    if automatic:
        await session.execute(EVALUATED, {"by": AUTOMATIC})
        await session.execute(PASSED, {"by": AUTOMATIC})
