"""What a bot tells about itself: how long its traces are kept, and whether it watches over them."""

from pydantic import Field

from config.manners import Section


class ObserveSettings(Section):
    """Where `traces`, each step of a reply is kept for `trace_days`; at most `trace_buffer` steps
    wait to be written, the others are dropped and counted. Where `alerts`, one bot at a time looks
    every minute at what was stored, as of `delay_s` ago, so that it has been stored by then. Each
    step goes to the OpenTelemetry collector at `otlp_url` too, where there is one.
    """

    traces: bool = True
    trace_days: int = Field(default=14, ge=1, le=90)
    trace_buffer: int = Field(default=20_000, ge=100)
    alerts: bool = True
    delay_s: float = Field(default=20.0, ge=0, le=300)
    otlp_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]")

    @property
    def traced(self) -> bool:
        """Somebody wants to have the steps."""
        return self.traces or self.otlp_url is not None
