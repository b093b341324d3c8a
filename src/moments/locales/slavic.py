"""Polish, Czech, Slovak, Slovenian, Croatian, Bulgarian, Russian and Ukrainian."""

from moments.locales import ordinals
from moments.locales.locale import AFTER_A_DAY, Locale, bent, names
from moments.locales.meridiems import parts
from moments.locales.plurals import croatian, czech, east_slavic, polish, slovenian, spans

POLISH = Locale(
    name="pl",
    months=names(
        "styczeń|luty|marzec|kwiecień|maj|czerwiec|lipiec|sierpień|wrzesień|październik|listopad|grudzień",
        bent(
            "D MMMM",
            "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|"
            "listopada|grudnia",
        ),
    ),
    months_short=names("sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru"),
    weekdays=names("niedziela|poniedziałek|wtorek|środa|czwartek|piątek|sobota"),
    weekdays_short=names("ndz|pon|wt|śr|czw|pt|sob"),
    weekdays_min=names("Nd|Pn|Wt|Śr|Cz|Pt|So"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY HH:mm",
        "LLLL": "dddd, D MMMM YYYY HH:mm",
    },
    relative=spans(
        "kilka sekund|minuta|% minuty/% minut|godzina|% godziny/% godzin|% dzień|% dni|"
        "miesiąc|% miesiące/% miesięcy|rok|% lata/% lat",
        polish,
    ),
    ordinals=ordinals.POINT,
)

CZECH = Locale(
    name="cs",
    months=names(
        "leden|únor|březen|duben|květen|červen|červenec|srpen|září|říjen|listopad|prosinec",
        bent(
            r"DD?[o.]?(\[[^\[\]]*\]|\s)+MMMM",
            "ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince",
        ),
    ),
    months_short=names("led|úno|bře|dub|kvě|čvn|čvc|srp|zář|říj|lis|pro"),
    weekdays=names("neděle|pondělí|úterý|středa|čtvrtek|pátek|sobota"),
    weekdays_short=names("ne|po|út|st|čt|pá|so"),
    weekdays_min=names("ne|po|út|st|čt|pá|so"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY H:mm",
        "LLLL": "dddd D. MMMM YYYY H:mm",
        "l": "D. M. YYYY",
    },
    relative=spans(
        "pár sekund|minuta|% minuty/% minut|hodina|% hodiny/% hodin|den|% dny/% dní|měsíc|"
        "% měsíce/% měsíců|rok|% roky/% let",
        czech,
    ),
    ordinals=ordinals.POINT,
)

SLOVAK = Locale(
    name="sk",
    months=names("január|február|marec|apríl|máj|jún|júl|august|september|október|november|december"),
    months_short=names("jan|feb|mar|apr|máj|jún|júl|aug|sep|okt|nov|dec"),
    weekdays=names("nedeľa|pondelok|utorok|streda|štvrtok|piatok|sobota"),
    weekdays_short=names("ne|po|ut|st|št|pi|so"),
    weekdays_min=names("ne|po|ut|st|št|pi|so"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY H:mm",
        "LLLL": "dddd D. MMMM YYYY H:mm",
    },
    relative=spans(
        "pár sekúnd|minúta|% minúty/% minút|hodina|% hodiny/% hodín|deň|% dni/% dní|mesiac|"
        "% mesiace/% mesiacov|rok|% roky/% rokov",
        czech,
    ),
    ordinals=ordinals.POINT,
)

SLOVENIAN = Locale(
    name="sl",
    months=names("januar|februar|marec|april|maj|junij|julij|avgust|september|oktober|november|december"),
    months_short=names("jan.|feb.|mar.|apr.|maj.|jun.|jul.|avg.|sep.|okt.|nov.|dec."),
    weekdays=names("nedelja|ponedeljek|torek|sreda|četrtek|petek|sobota"),
    weekdays_short=names("ned.|pon.|tor.|sre.|čet.|pet.|sob."),
    weekdays_min=names("ne|po|to|sr|če|pe|so"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD. MM. YYYY",
        "LL": "D. MMMM YYYY",
        "LLL": "D. MMMM YYYY H:mm",
        "LLLL": "dddd, D. MMMM YYYY H:mm",
    },
    relative=spans(
        "nekaj sekund|ena minuta|% minuta/% minuti/% minute/% minut|ena ura|"
        "% ura/% uri/% ure/% ur|en dan|% dan/% dni/% dni/% dni|en mesec|"
        "% mesec/% meseca/% mesece/% mesecev|eno leto|% leto/% leti/% leta/% let",
        slovenian,
    ),
    ordinals=ordinals.POINT,
    week_anchor=1,
)

CROATIAN = Locale(
    name="hr",
    months=names(
        "siječanj|veljača|ožujak|travanj|svibanj|lipanj|srpanj|kolovoz|rujan|listopad|studeni|prosinac",
        bent(
            AFTER_A_DAY,
            "siječnja|veljače|ožujka|travnja|svibnja|lipnja|srpnja|kolovoza|rujna|listopada|"
            "studenoga|prosinca",
        ),
    ),
    months_short=names("sij.|velj.|ožu.|tra.|svi.|lip.|srp.|kol.|ruj.|lis.|stu.|pro."),
    weekdays=names("nedjelja|ponedjeljak|utorak|srijeda|četvrtak|petak|subota"),
    weekdays_short=names("ned.|pon.|uto.|sri.|čet.|pet.|sub."),
    weekdays_min=names("ne|po|ut|sr|če|pe|su"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "Do MMMM YYYY",
        "LLL": "Do MMMM YYYY H:mm",
        "LLLL": "dddd, Do MMMM YYYY H:mm",
    },
    relative=spans(
        "par sekundi|jedna minuta|% minuta/% minute/% minuta|jedan sat|% sat/% sata/% sati|"
        "dan|% dan/% dana/% dana|mjesec|% mjesec/% mjeseca/% mjeseci|godinu|"
        "% godina/% godine/% godina",
        croatian,
    ),
    ordinals=ordinals.POINT,
    week_anchor=1,
)

BULGARIAN = Locale(
    name="bg",
    months=names("януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември"),
    months_short=names("яну|фев|мар|апр|май|юни|юли|авг|сеп|окт|ное|дек"),
    weekdays=names("неделя|понеделник|вторник|сряда|четвъртък|петък|събота"),
    weekdays_short=names("нед|пон|вто|сря|чет|пет|съб"),
    weekdays_min=names("нд|пн|вт|ср|чт|пт|сб"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "D.MM.YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY H:mm",
        "LLLL": "dddd, D MMMM YYYY H:mm",
    },
    relative=spans("няколко секунди|минута|% минути|час|% часа|ден|% дена|месец|% месеца|година|% години"),
    ordinals=ordinals.BULGARIAN,
    week_anchor=1,
)

RUSSIAN = Locale(
    name="ru",
    months=names(
        "январь|февраль|март|апрель|май|июнь|июль|август|сентябрь|октябрь|ноябрь|декабрь",
        bent(
            AFTER_A_DAY, "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
        ),
    ),
    months_short=names(
        "янв.|февр.|март|апр.|май|июнь|июль|авг.|сент.|окт.|нояб.|дек.",
        bent(AFTER_A_DAY, "янв.|февр.|мар.|апр.|мая|июня|июля|авг.|сент.|окт.|нояб.|дек."),
    ),
    weekdays=names(
        "воскресенье|понедельник|вторник|среда|четверг|пятница|суббота",
        bent(
            r"\[ ?[Вв] ?(?:прошлую|следующую|эту)? ?] ?dddd",
            "воскресенье|понедельник|вторник|среду|четверг|пятницу|субботу",
        ),
    ),
    weekdays_short=names("вс|пн|вт|ср|чт|пт|сб"),
    weekdays_min=names("вс|пн|вт|ср|чт|пт|сб"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D MMMM YYYY г.",
        "LLL": "D MMMM YYYY г., H:mm",
        "LLLL": "dddd, D MMMM YYYY г., H:mm",
    },
    relative=spans(
        "несколько секунд|минута|% минута/% минуты/% минут|час|% час/% часа/% часов|день|"
        "% день/% дня/% дней|месяц|% месяц/% месяца/% месяцев|год|% год/% года/% лет",
        east_slavic,
    ),
    ordinals=ordinals.by_period({"M d DDD": "-й", "D": "-го", "w W": "-я"}),
    meridiem=parts((400, "ночи"), (1200, "утра"), (1700, "дня"), (2400, "вечера"), afternoons="дня|вечера"),
)

UKRAINIAN = Locale(
    name="uk",
    months=names(
        "січень|лютий|березень|квітень|травень|червень|липень|серпень|вересень|жовтень|листопад|грудень",
        bent(
            AFTER_A_DAY,
            "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня",
        ),
    ),
    months_short=names("січ|лют|бер|квіт|трав|черв|лип|серп|вер|жовт|лист|груд"),
    weekdays=names(
        "неділя|понеділок|вівторок|середа|четвер|п’ятниця|субота",
        bent(r"(\[[ВвУу]\]) ?dddd", "неділю|понеділок|вівторок|середу|четвер|п’ятницю|суботу"),
        bent(
            r"\[?(?:минулої|наступної)? ?\] ?dddd",
            "неділі|понеділка|вівторка|середи|четверга|п’ятниці|суботи",
        ),
    ),
    weekdays_short=names("нд|пн|вт|ср|чт|пт|сб"),
    weekdays_min=names("нд|пн|вт|ср|чт|пт|сб"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D MMMM YYYY р.",
        "LLL": "D MMMM YYYY р., HH:mm",
        "LLLL": "dddd, D MMMM YYYY р., HH:mm",
    },
    relative=spans(
        "декілька секунд|хвилина|% хвилина/% хвилини/% хвилин|годину|"
        "% година/% години/% годин|день|% день/% дні/% днів|місяць|"
        "% місяць/% місяці/% місяців|рік|% рік/% роки/% років",
        east_slavic,
    ),
    ordinals=ordinals.by_period({"M d DDD w W": "-й", "D": "-го"}),
    meridiem=parts((400, "ночі"), (1200, "ранку"), (1700, "дня"), (2400, "вечора"), afternoons="дня|вечора"),
    week_anchor=1,
)

LOCALES = (
    POLISH,
    CZECH,
    SLOVAK,
    SLOVENIAN,
    CROATIAN,
    BULGARIAN,
    RUSSIAN,
    UKRAINIAN,
)
