"""German, Dutch and Afrikaans."""

from dataclasses import replace

from moments.locales import ordinals
from moments.locales.locale import Locale, bent, names
from moments.locales.meridiems import halves
from moments.locales.plurals import spans

GERMAN = Locale(
    name="de",
    months=names("Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"),
    months_short=names("Jan.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sep.|Okt.|Nov.|Dez."),
    weekdays=names("Sonntag|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag"),
    weekdays_short=names("So.|Mo.|Di.|Mi.|Do.|Fr.|Sa."),
    weekdays_min=names("So|Mo|Di|Mi|Do|Fr|Sa"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY HH:mm",
        "LLLL": "dddd, D. MMMM YYYY HH:mm",
    },
    relative=spans(
        "ein paar Sekunden|eine Minute|% Minuten|eine Stunde|% Stunden|ein Tag|% Tage|"
        "ein Monat|% Monate|ein Jahr|% Jahre"
    ),
    ordinals=ordinals.POINT,
)

DUTCH = Locale(
    name="nl",
    months=names("januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"),
    months_short=names(
        "jan.|feb.|mrt.|apr.|mei|jun.|jul.|aug.|sep.|okt.|nov.|dec.",
        bent("-MMM-", "jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec"),
    ),
    weekdays=names("zondag|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag"),
    weekdays_short=names("zo.|ma.|di.|wo.|do.|vr.|za."),
    weekdays_min=names("zo|ma|di|wo|do|vr|za"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD-MM-YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY HH:mm",
        "LLLL": "dddd D MMMM YYYY HH:mm",
    },
    relative=spans(
        "een paar seconden|één minuut|% minuten|één uur|% uur|één dag|% dagen|één maand|"
        "% maanden|één jaar|% jaar"
    ),
    ordinals=ordinals.DUTCH,
)

AFRIKAANS = Locale(
    name="af",
    months=names(
        "Januarie|Februarie|Maart|April|Mei|Junie|Julie|Augustus|September|Oktober|November|Desember"
    ),
    months_short=names("Jan|Feb|Mrt|Apr|Mei|Jun|Jul|Aug|Sep|Okt|Nov|Des"),
    weekdays=names("Sondag|Maandag|Dinsdag|Woensdag|Donderdag|Vrydag|Saterdag"),
    weekdays_short=names("Son|Maa|Din|Woe|Don|Vry|Sat"),
    weekdays_min=names("So|Ma|Di|Wo|Do|Vr|Sa"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY HH:mm",
        "LLLL": "dddd, D MMMM YYYY HH:mm",
    },
    relative=spans(
        "'n paar sekondes|'n minuut|% minute|'n uur|% ure|'n dag|% dae|'n maand|% maande|'n jaar|% jaar"
    ),
    ordinals=ordinals.DUTCH,
    meridiem=halves("VM", "NM"),
)

LOCALES = (
    GERMAN,
    replace(
        GERMAN,
        name="de-at",
        months=names("Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"),
        months_short=names("Jän.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sep.|Okt.|Nov.|Dez."),
    ),
    replace(
        GERMAN,
        name="de-ch",
        weekdays_short=names("So|Mo|Di|Mi|Do|Fr|Sa"),
    ),
    DUTCH,
    replace(
        DUTCH,
        name="nl-be",
        formats={
            "LT": "HH:mm",
            "LTS": "HH:mm:ss",
            "L": "DD/MM/YYYY",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY HH:mm",
            "LLLL": "dddd D MMMM YYYY HH:mm",
        },
    ),
    AFRIKAANS,
)
