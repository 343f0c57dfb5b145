"""Dates as sources give them: YYYY, YYYY-MM or YYYY-MM-DD; a missing part is taken as its first."""

from __future__ import annotations

import datetime as dt

MONTHS_A_YEAR = 12


def day_of(date: str) -> dt.date:
    """The first day that a date can mean."""
    return dt.date.fromisoformat(date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date)


def month_count(date: str) -> int:
    """Months from year 0 to the month of a date."""
    day = day_of(date)
    return day.year * MONTHS_A_YEAR + day.month


def months_between(earlier: str, later: str) -> int:
    """Whole months from one date to another."""
    short = day_of(later).day < day_of(earlier).day
    return month_count(later) - month_count(earlier) - short
