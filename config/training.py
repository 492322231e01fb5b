"""How models are trained, what that may cost, and what happens without being asked for."""

from pydantic import Field

from config.manners import Section


class TrainingSettings(Section):
    """`trainer` and `base_model` are the usual choice. No shop's trainings may cost more than
    `month_usd` in a calendar month; `prices` are dollars per million trained tokens of a base
    model, `unknown_price` is that of the others. A set of examples holds `examples` at most.

    `trainers` are one's own: functions of the settings, by name, as `module:function`.

    `automatic`: each week in which `threshold` good answers are new, a training is proposed; what
    comes of it is evaluated, and a rollout of it proposed. With `approval` both wait for a person.
    Models that end within `warn_days` are warned about.
    """

    trainer: str = "examples"
    base_model: str | None = None
    poll_s: float = Field(default=10.0, gt=0)
    month_usd: float = Field(default=20.0, ge=0)
    prices: dict[str, float] = {}
    trainers: dict[str, str] = {}
    unknown_price: float = Field(default=25.0, ge=0)
    examples: int = Field(default=200, ge=1, le=2000)
    automatic: bool = False
    threshold: int = Field(default=200, ge=1)
    approval: bool = True
    warn_days: int = Field(default=30, ge=1)
