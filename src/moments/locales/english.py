"""English, in seven countries."""

from dataclasses import replace

from moments.locales import ordinals
from moments.locales.locale import Locale, names
from moments.locales.plurals import spans

ENGLISH = Locale(
    name="en",
    months=names("January|February|March|April|May|June|July|August|September|October|November|December"),
    months_short=names("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"),
    weekdays=names("Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday"),
    weekdays_short=names("Sun|Mon|Tue|Wed|Thu|Fri|Sat"),
    weekdays_min=names("Su|Mo|Tu|We|Th|Fr|Sa"),
    formats={
        "LT": "h:mm A",
        "LTS": "h:mm:ss A",
        "L": "MM/DD/YYYY",
        "LL": "MMMM D, YYYY",
        "LLL": "MMMM D, YYYY h:mm A",
        "LLLL": "dddd, MMMM D, YYYY h:mm A",
    },
    relative=spans(
        "a few seconds|a minute|% minutes|an hour|% hours|a day|% days|a month|% months|a year|% years"
    ),
    ordinals=ordinals.ENGLISH,
    first_weekday=0,
    week_anchor=1,
)

LOCALES = (
    ENGLISH,
    replace(
        ENGLISH,
        name="en-au",
        formats={
            "LT": "h:mm A",
            "LTS": "h:mm:ss A",
            "L": "DD/MM/YYYY",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY h:mm A",
            "LLLL": "dddd, D MMMM YYYY h:mm A",
        },
        week_anchor=3,
    ),
    replace(
        ENGLISH,
        name="en-ca",
        formats={
            "LT": "h:mm A",
            "LTS": "h:mm:ss A",
            "L": "YYYY-MM-DD",
            "LL": "MMMM D, YYYY",
            "LLL": "MMMM D, YYYY h:mm A",
            "LLLL": "dddd, MMMM D, YYYY h:mm A",
        },
    ),
    replace(
        ENGLISH,
        name="en-gb",
        formats={
            "LT": "HH:mm",
            "LTS": "HH:mm:ss",
            "L": "DD/MM/YYYY",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY HH:mm",
            "LLLL": "dddd, D MMMM YYYY HH:mm",
        },
        first_weekday=1,
        week_anchor=4,
    ),
    replace(
        ENGLISH,
        name="en-ie",
        formats={
            "LT": "HH:mm",
            "LTS": "HH:mm:ss",
            "L": "DD/MM/YYYY",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY HH:mm",
            "LLLL": "dddd D MMMM YYYY HH:mm",
        },
        first_weekday=1,
        week_anchor=4,
    ),
    replace(
        ENGLISH,
        name="en-in",
        formats={
            "LT": "h:mm A",
            "LTS": "h:mm:ss A",
            "L": "DD/MM/YYYY",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY h:mm A",
            "LLLL": "dddd, D MMMM YYYY h:mm A",
        },
    ),
    replace(
        ENGLISH,
        name="en-nz",
        formats={
            "LT": "h:mm A",
            "LTS": "h:mm:ss A",
            "L": "DD/MM/YYYY",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY h:mm A",
            "LLLL": "dddd, D MMMM YYYY h:mm A",
        },
        first_weekday=1,
        week_anchor=4,
    ),
)
