"""What a lender does with the risks that its models estimate."""

from pydantic import Field

from config.manners import Section


class RiskSettings(Section):
    """From `threshold` on, a loan or an instalment is one that somebody should look at; choose it
    by what a needless call costs beside a payment that never comes."""

    threshold: float = Field(default=0.3, gt=0, lt=1)
