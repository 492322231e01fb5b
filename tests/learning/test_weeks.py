from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.errors import PeriodInvalid
from learning.weeks import WEEK, end_of, week_of

MOMENTS = st.datetimes(
    datetime(2000, 1, 3), datetime(2100, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001  bounds
)  # fmt: skip


@given(MOMENTS)
def test_a_moment_lies_in_its_week(moment: datetime) -> None:
    end = end_of(week_of(moment))
    assert end - WEEK <= moment < end


@pytest.mark.parametrize("period", ["2026-W54", "2025-W53", "2026-W00", "2026-47", "../../etc", ""])
def test_what_is_no_week_is_refused(period: str) -> None:
    with pytest.raises(PeriodInvalid, match="a week is written like 2026-W47"):
        end_of(period)
