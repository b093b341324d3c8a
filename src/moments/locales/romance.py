"""French, Italian and Romanian."""

from dataclasses import replace

from moments.locales import ordinals
from moments.locales.locale import Locale, names
from moments.locales.plurals import romanian, spans

FRENCH = Locale(
    name="fr",
    months=names("janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"),
    months_short=names("janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc."),
    weekdays=names("dimanche|lundi|mardi|mercredi|jeudi|vendredi|samedi"),
    weekdays_short=names("dim.|lun.|mar.|mer.|jeu.|ven.|sam."),
    weekdays_min=names("di|lu|ma|me|je|ve|sa"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY HH:mm",
        "LLLL": "dddd D MMMM YYYY HH:mm",
    },
    relative=spans(
        "quelques secondes|une minute|% minutes|une heure|% heures|un jour|% jours|un mois|% mois|un an|% ans"
    ),
    ordinals=ordinals.FRENCH,
)

ITALIAN = Locale(
    name="it",
    months=names(
        "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
    ),
    months_short=names("gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic"),
    weekdays=names("domenica|lunedì|martedì|mercoledì|giovedì|venerdì|sabato"),
    weekdays_short=names("dom|lun|mar|mer|gio|ven|sab"),
    weekdays_min=names("do|lu|ma|me|gi|ve|sa"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY HH:mm",
        "LLLL": "dddd D MMMM YYYY HH:mm",
    },
    relative=spans(
        "alcuni secondi|un minuto|% minuti|un'ora|% ore|un giorno|% giorni|un mese|% mesi|un anno|% anni"
    ),
    ordinals=ordinals.MASCULINE,
)

ROMANIAN = Locale(
    name="ro",
    months=names(
        "ianuarie|februarie|martie|aprilie|mai|iunie|iulie|august|septembrie|octombrie|noiembrie|decembrie"
    ),
    months_short=names("ian.|feb.|mart.|apr.|mai|iun.|iul.|aug.|sept.|oct.|nov.|dec."),
    weekdays=names("duminică|luni|marți|miercuri|joi|vineri|sâmbătă"),
    weekdays_short=names("Dum|Lun|Mar|Mie|Joi|Vin|Sâm"),
    weekdays_min=names("Du|Lu|Ma|Mi|Jo|Vi|Sâ"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY H:mm",
        "LLLL": "dddd, D MMMM YYYY H:mm",
    },
    relative=spans(
        "câteva secunde|un minut|% minute/% de minute|o oră|% ore/% de ore|o zi|"
        "% zile/% de zile|o lună|% luni/% de luni|un an|% ani/% de ani",
        romanian,
    ),
    ordinals=ordinals.PLAIN,
    week_anchor=1,
)

LOCALES = (
    FRENCH,
    replace(
        FRENCH,
        name="fr-ca",
        formats={
            "LT": "HH:mm",
            "LTS": "HH:mm:ss",
            "L": "YYYY-MM-DD",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY HH:mm",
            "LLLL": "dddd D MMMM YYYY HH:mm",
        },
        ordinals=ordinals.FRENCH_ABROAD,
        first_weekday=0,
        week_anchor=1,
    ),
    replace(
        FRENCH,
        name="fr-ch",
        formats={
            "LT": "HH:mm",
            "LTS": "HH:mm:ss",
            "L": "DD.MM.YYYY",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY HH:mm",
            "LLLL": "dddd D MMMM YYYY HH:mm",
        },
        ordinals=ordinals.FRENCH_ABROAD,
    ),
    ITALIAN,
    replace(
        ITALIAN,
        name="it-ch",
        formats={
            "LT": "HH:mm",
            "LTS": "HH:mm:ss",
            "L": "DD.MM.YYYY",
            "LL": "D MMMM YYYY",
            "LLL": "D MMMM YYYY HH:mm",
            "LLLL": "dddd D MMMM YYYY HH:mm",
        },
    ),
    ROMANIAN,
)
