"""Numbers, probabilities, durations and moments as the page's language writes them.

Digits are 0 to 9 in every language, Arabic too: these pages are about those ten signs, and a number that stands beside
a picture of a 7 has to show a 7. Scripts do the same in `static/js/format.js`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil

from babel import Locale, dates, numbers
from flask_babel import get_locale, ngettext

ENGLISH = Locale("en", "GB")  # "22 November 2026", as the texts are written
ISOLATE, END_ISOLATE = "\u2066", "\u2069"  # Unicode's left-to-right isolate: "> 99.9 %" keeps its order in Arabic


def page_locale() -> Locale:
    """The locale of the current page; English outside a request."""
    locale = get_locale()
    return ENGLISH if locale is None or locale.language == "en" else locale


def percent(probability: float) -> str:
    """A probability in words that never claim more than the network can know.

    >>> percent(0.998), percent(0.99999), percent(1.0), percent(0.00001)
    ('99.8 %', '> 99.9 %', '> 99.9 %', '< 0.1 %')
    """
    shown = round(100 * probability, 1)
    sign, value = (">", 99.9) if shown >= 100 else ("<", 0.1) if shown <= 0 else ("", shown)
    return _left_to_right(f"{sign} {decimal(value, '0.0')} %".strip())


def number(value: float) -> str:
    """A number with at most three decimals, and none where it is whole.

    >>> number(25.0), number(99.5)
    ('25', '99.5')
    """
    return decimal(value, "0.###")


def decimal(value: float, pattern: str = "#,##0.##") -> str:
    """A number in a pattern of Unicode's LDML.

    >>> decimal(747419), decimal(0.7425, "0.00")
    ('747,419', '0.74')
    """
    words: str = numbers.format_decimal(value, pattern, locale=page_locale())
    return words


def per_cent(share: float, pattern: str = "0.0#") -> str:
    r"""A share of something counted, which may well be all; with one or two digits after the point.

    >>> per_cent(0.9964), per_cent(0.97), per_cent(0.95, "0.##")
    ('99.64\xa0%', '97.0\xa0%', '95\xa0%')
    """
    return _left_to_right(f"{decimal(100 * share, pattern)}\N{NO-BREAK SPACE}%")


def duration(hours: float) -> str:
    """Hours in the largest unit that says them plainly.

    >>> duration(0.5), duration(24), duration(168)
    ('30 minutes', '24 hours', '7 days')
    """
    if hours >= 48:
        value = round(hours / 24, 1)
        return str(ngettext("%(value)s day", "%(value)s days", ceil(value), value=number(value)))
    if hours >= 2:
        value = round(hours, 1)
        return str(ngettext("%(value)s hour", "%(value)s hours", ceil(value), value=number(value)))
    value = round(60 * hours)
    return str(ngettext("%(value)s minute", "%(value)s minutes", value, value=number(value)))


def moment(time: datetime) -> str:
    """Day and minute of a moment in UTC; a script turns it into the reader's own time.

    >>> moment(datetime(2026, 11, 22, 22, 17, tzinfo=UTC))
    '22 November 2026, 22:17 UTC'
    """
    locale, in_utc = page_locale(), time.astimezone(UTC)
    day = dates.format_date(in_utc, "long", locale=locale)
    return f"{day}, {dates.format_time(in_utc, 'short', locale=locale)} UTC"


def _left_to_right(words: str) -> str:
    return f"{ISOLATE}{words}{END_ISOLATE}" if page_locale().text_direction == "rtl" else words
