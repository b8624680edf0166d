"""Two languages that are both originals: how each writes dates, times, numbers and sentences.

English is British English; Japanese follows the rules of Japanese print. The sentences of the product are
English message ids; their Japanese stands in the catalogues `ja/*.po`, one for each area of the product.
Hides Babel and the catalogues; knows nothing of the web or the database.
"""

from newsletter.languages.apart import date_figures, in_a_margin, write_dates
from newsletter.languages.catalogues import Translate, translator
from newsletter.languages.choosing import choose
from newsletter.languages.figures import DayFigures
from newsletter.languages.naming import (
    NAMES,
    country_name,
    country_of,
    language_name,
    only_in,
    place_of,
    time_of,
    weekday_name,
    write_list,
)
from newsletter.languages.recognising import folded, names_day, sought
from newsletter.languages.weekdays import WrittenDay, days_with_weekdays
from newsletter.languages.writing import (
    day_figures,
    write_date,
    write_days,
    write_issue_number,
    write_moment,
    write_number,
    write_percent,
    write_time,
)

__all__ = [
    "NAMES",
    "DayFigures",
    "Translate",
    "WrittenDay",
    "choose",
    "country_name",
    "country_of",
    "date_figures",
    "day_figures",
    "days_with_weekdays",
    "folded",
    "in_a_margin",
    "language_name",
    "names_day",
    "only_in",
    "place_of",
    "sought",
    "time_of",
    "translator",
    "weekday_name",
    "write_date",
    "write_dates",
    "write_days",
    "write_issue_number",
    "write_list",
    "write_moment",
    "write_number",
    "write_percent",
    "write_time",
]
