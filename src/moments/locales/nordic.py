"""Swedish, Danish, Norwegian and Icelandic."""

from moments.locales import ordinals
from moments.locales.locale import Locale, names
from moments.locales.plurals import icelandic, spans

SWEDISH = Locale(
    name="sv",
    months=names("januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"),
    months_short=names("jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec"),
    weekdays=names("söndag|måndag|tisdag|onsdag|torsdag|fredag|lördag"),
    weekdays_short=names("sön|mån|tis|ons|tor|fre|lör"),
    weekdays_min=names("sö|må|ti|on|to|fr|lö"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "YYYY-MM-DD",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY [kl.] HH:mm",
        "LLLL": "dddd D MMMM YYYY [kl.] HH:mm",
        "lll": "D MMM YYYY HH:mm",
        "llll": "ddd D MMM YYYY HH:mm",
    },
    relative=spans(
        "några sekunder|en minut|% minuter|en timme|% timmar|en dag|% dagar|en månad|% månader|ett år|% år"
    ),
    ordinals=ordinals.SWEDISH,
)

DANISH = Locale(
    name="da",
    months=names("januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"),
    months_short=names("jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec"),
    weekdays=names("søndag|mandag|tirsdag|onsdag|torsdag|fredag|lørdag"),
    weekdays_short=names("søn|man|tir|ons|tor|fre|lør"),
    weekdays_min=names("sø|ma|ti|on|to|fr|lø"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY HH:mm",
        "LLLL": "dddd [d.] D. MMMM YYYY [kl.] HH:mm",
    },
    relative=spans(
        "få sekunder|et minut|% minutter|en time|% timer|en dag|% dage|en måned|% måneder|et år|% år"
    ),
    ordinals=ordinals.POINT,
)

NORWEGIAN = Locale(
    name="nb",
    months=names("januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"),
    months_short=names("jan.|feb.|mars|apr.|mai|juni|juli|aug.|sep.|okt.|nov.|des."),
    weekdays=names("søndag|mandag|tirsdag|onsdag|torsdag|fredag|lørdag"),
    weekdays_short=names("sø.|ma.|ti.|on.|to.|fr.|lø."),
    weekdays_min=names("sø|ma|ti|on|to|fr|lø"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY [kl.] HH:mm",
        "LLLL": "dddd D. MMMM YYYY [kl.] HH:mm",
    },
    relative=spans(
        "noen sekunder|ett minutt|% minutter|én time|% timer|én dag|% dager|én måned|% måneder|ett år|% år"
    ),
    ordinals=ordinals.POINT,
)

NYNORSK = Locale(
    name="nn",
    months=names("januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"),
    months_short=names("jan.|feb.|mars|apr.|mai|juni|juli|aug.|sep.|okt.|nov.|des."),
    weekdays=names("sundag|måndag|tysdag|onsdag|torsdag|fredag|laurdag"),
    weekdays_short=names("su.|må.|ty.|on.|to.|fr.|lau."),
    weekdays_min=names("su|må|ty|on|to|fr|la"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY [kl.] H:mm",
        "LLLL": "dddd D. MMMM YYYY [kl.] HH:mm",
    },
    relative=spans(
        "nokre sekund|eit minutt|% minutt|ein time|% timar|ein dag|% dagar|ein månad|% månader|eit år|% år"
    ),
    ordinals=ordinals.POINT,
)

ICELANDIC = Locale(
    name="is",
    months=names("janúar|febrúar|mars|apríl|maí|júní|júlí|ágúst|september|október|nóvember|desember"),
    months_short=names("jan|feb|mar|apr|maí|jún|júl|ágú|sep|okt|nóv|des"),
    weekdays=names("sunnudagur|mánudagur|þriðjudagur|miðvikudagur|fimmtudagur|föstudagur|laugardagur"),
    weekdays_short=names("sun|mán|þri|mið|fim|fös|lau"),
    weekdays_min=names("Su|Má|Þr|Mi|Fi|Fö|La"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY [kl.] H:mm",
        "LLLL": "dddd, D. MMMM YYYY [kl.] H:mm",
    },
    relative=spans(
        "nokkrar sekúndur|mínúta|% mínúta/% mínútur|klukkustund|"
        "% klukkustund/% klukkustundir|dagur|% dagur/% dagar|mánuður|% mánuður/% mánuðir|ár|"
        "% ár",
        icelandic,
    ),
    ordinals=ordinals.POINT,
)

LOCALES = (
    SWEDISH,
    DANISH,
    NORWEGIAN,
    NYNORSK,
    ICELANDIC,
)
