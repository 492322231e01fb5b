"""What a running bot does by the calendar, besides the weekly dataset."""

from pydantic import Field

from config.manners import Section


class CadenceSettings(Section):
    """`facts`: each day is counted at `hour` of the next one. `report`: every other week, on
    `report_weekday` (0 is Monday) at `report_hour`, the shop's people are told what the bot
    learned, sold and cost. All by the clock of `hours.timezone`.

    `report_to` are those of `takeover.staff` who get it; without any all of them. `template`
    reaches a person whose window is closed (WhatsApp).

    `risk`: every night each open loan and instalment of a lender is asked about, where a model of
    risk is in use, and once a week whether its clients still look like those it learned from.

    What pages add up is counted every `rollups_s` seconds; 0 is never.
    """

    facts: bool = True
    hour: int = Field(default=4, ge=0, le=23)
    risk: bool = True
    report: bool = True
    report_weekday: int = Field(default=0, ge=0, le=6)
    report_hour: int = Field(default=9, ge=0, le=23)
    report_to: tuple[str, ...] = ()
    template: str | None = None
    rollups_s: float = Field(default=300.0, ge=0)
