"""Finnish, Estonian and Hungarian."""

from moments.locales import ordinals
from moments.locales.locale import Locale, names
from moments.locales.meridiems import halves
from moments.locales.plurals import finnish, spans

FINNISH = Locale(
    name="fi",
    months=names(
        "tammikuu|helmikuu|maaliskuu|huhtikuu|toukokuu|kesäkuu|heinäkuu|elokuu|syyskuu|"
        "lokakuu|marraskuu|joulukuu"
    ),
    months_short=names("tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu"),
    weekdays=names("sunnuntai|maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai"),
    weekdays_short=names("su|ma|ti|ke|to|pe|la"),
    weekdays_min=names("su|ma|ti|ke|to|pe|la"),
    formats={
        "LT": "HH.mm",
        "LTS": "HH.mm.ss",
        "L": "DD.MM.YYYY",
        "LL": "Do MMMM[ta] YYYY",
        "LLL": "Do MMMM[ta] YYYY, [klo] HH.mm",
        "LLLL": "dddd, Do MMMM[ta] YYYY, [klo] HH.mm",
        "l": "D.M.YYYY",
        "ll": "Do MMM YYYY",
        "lll": "Do MMM YYYY, [klo] HH.mm",
        "llll": "ddd, Do MMM YYYY, [klo] HH.mm",
    },
    relative=finnish(
        "muutama sekunti|minuutti|% minuuttia|tunti|% tuntia|päivä|% päivää|kuukausi|"
        "% kuukautta|vuosi|% vuotta",
        "muutaman sekunnin|minuutin|% minuutin|tunnin|% tunnin|päivän|% päivän|kuukauden|"
        "% kuukauden|vuoden|% vuoden",
    ),
    ordinals=ordinals.POINT,
)

ESTONIAN = Locale(
    name="et",
    months=names(
        "jaanuar|veebruar|märts|aprill|mai|juuni|juuli|august|september|oktoober|november|detsember"
    ),
    months_short=names("jaan|veebr|märts|apr|mai|juuni|juuli|aug|sept|okt|nov|dets"),
    weekdays=names("pühapäev|esmaspäev|teisipäev|kolmapäev|neljapäev|reede|laupäev"),
    weekdays_short=names("P|E|T|K|N|R|L"),
    weekdays_min=names("P|E|T|K|N|R|L"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY H:mm",
        "LLLL": "dddd, D. MMMM YYYY H:mm",
    },
    relative=spans(
        "paar sekundit|üks minut|% minutit|üks tund|% tundi|üks päev|% päeva|üks kuu|% kuud|"
        "üks aasta|% aastat"
    ),
    ordinals=ordinals.POINT,
)

HUNGARIAN = Locale(
    name="hu",
    months=names(
        "január|február|március|április|május|június|július|augusztus|szeptember|október|november|december"
    ),
    months_short=names("jan.|feb.|márc.|ápr.|máj.|jún.|júl.|aug.|szept.|okt.|nov.|dec."),
    weekdays=names("vasárnap|hétfő|kedd|szerda|csütörtök|péntek|szombat"),
    weekdays_short=names("vas|hét|kedd|sze|csüt|pén|szo"),
    weekdays_min=names("v|h|k|sze|cs|p|szo"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "YYYY.MM.DD.",
        "LL": "YYYY. MMMM D.",
        "LLL": "YYYY. MMMM D. H:mm",
        "LLLL": "YYYY. MMMM D., dddd H:mm",
    },
    relative=spans(
        "néhány másodperc|egy perc|% perc|egy óra|% óra|egy nap|% nap|egy hónap|% hónap|egy év|% év"
    ),
    ordinals=ordinals.POINT,
    meridiem=halves("DE", "DU"),
)

LOCALES = (
    FINNISH,
    ESTONIAN,
    HUNGARIAN,
)
