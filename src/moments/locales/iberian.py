"""The languages of Spain and Portugal, and of the Americas that speak them."""

from dataclasses import replace

from moments.locales import ordinals
from moments.locales.locale import Locale, bent, names
from moments.locales.plurals import spans

SPANISH = Locale(
    name="es",
    months=names("enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"),
    months_short=names(
        "ene.|feb.|mar.|abr.|may.|jun.|jul.|ago.|sep.|oct.|nov.|dic.",
        bent("-MMM-", "ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic"),
    ),
    weekdays=names("domingo|lunes|martes|miércoles|jueves|viernes|sábado"),
    weekdays_short=names("dom.|lun.|mar.|mié.|jue.|vie.|sáb."),
    weekdays_min=names("do|lu|ma|mi|ju|vi|sá"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D [de] MMMM [de] YYYY",
        "LLL": "D [de] MMMM [de] YYYY H:mm",
        "LLLL": "dddd, D [de] MMMM [de] YYYY H:mm",
    },
    relative=spans(
        "unos segundos|un minuto|% minutos|una hora|% horas|un día|% días|un mes|% meses|un año|% años"
    ),
    ordinals=ordinals.MASCULINE,
)

CATALAN = Locale(
    name="ca",
    months=names(
        "gener|febrer|març|abril|maig|juny|juliol|agost|setembre|octubre|novembre|desembre",
        bent(
            r"D[oD]?(\s)+MMMM",
            "de gener|de febrer|de març|d'abril|de maig|de juny|de juliol|d'agost|de setembre|"
            "d'octubre|de novembre|de desembre",
        ),
    ),
    months_short=names("gen.|febr.|març|abr.|maig|juny|jul.|ag.|set.|oct.|nov.|des."),
    weekdays=names("diumenge|dilluns|dimarts|dimecres|dijous|divendres|dissabte"),
    weekdays_short=names("dg.|dl.|dt.|dc.|dj.|dv.|ds."),
    weekdays_min=names("dg|dl|dt|dc|dj|dv|ds"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM [de] YYYY",
        "LLL": "D MMMM [de] YYYY [a les] H:mm",
        "LLLL": "dddd D MMMM [de] YYYY [a les] H:mm",
        "ll": "D MMM YYYY",
        "lll": "D MMM YYYY, H:mm",
        "llll": "ddd D MMM YYYY, H:mm",
    },
    relative=spans(
        "uns segons|un minut|% minuts|una hora|% hores|un dia|% dies|un mes|% mesos|un any|% anys"
    ),
    ordinals=ordinals.CATALAN,
)

GALICIAN = Locale(
    name="gl",
    months=names("xaneiro|febreiro|marzo|abril|maio|xuño|xullo|agosto|setembro|outubro|novembro|decembro"),
    months_short=names("xan.|feb.|mar.|abr.|mai.|xuñ.|xul.|ago.|set.|out.|nov.|dec."),
    weekdays=names("domingo|luns|martes|mércores|xoves|venres|sábado"),
    weekdays_short=names("dom.|lun.|mar.|mér.|xov.|ven.|sáb."),
    weekdays_min=names("do|lu|ma|mé|xo|ve|sá"),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D [de] MMMM [de] YYYY",
        "LLL": "D [de] MMMM [de] YYYY H:mm",
        "LLLL": "dddd, D [de] MMMM [de] YYYY H:mm",
    },
    relative=spans(
        "uns segundos|un minuto|% minutos|unha hora|% horas|un día|% días|un mes|% meses|un ano|% anos"
    ),
    ordinals=ordinals.MASCULINE,
)

BASQUE = Locale(
    name="eu",
    months=names(
        "urtarrila|otsaila|martxoa|apirila|maiatza|ekaina|uztaila|abuztua|iraila|urria|azaroa|abendua"
    ),
    months_short=names("urt.|ots.|mar.|api.|mai.|eka.|uzt.|abu.|ira.|urr.|aza.|abe."),
    weekdays=names("igandea|astelehena|asteartea|asteazkena|osteguna|ostirala|larunbata"),
    weekdays_short=names("ig.|al.|ar.|az.|og.|ol.|lr."),
    weekdays_min=names("ig|al|ar|az|og|ol|lr"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "YYYY-MM-DD",
        "LL": "YYYY[ko] MMMM[ren] D[a]",
        "LLL": "YYYY[ko] MMMM[ren] D[a] HH:mm",
        "LLLL": "dddd, YYYY[ko] MMMM[ren] D[a] HH:mm",
        "l": "YYYY-M-D",
        "ll": "YYYY[ko] MMM D[a]",
        "lll": "YYYY[ko] MMM D[a] HH:mm",
        "llll": "ddd, YYYY[ko] MMM D[a] HH:mm",
    },
    relative=spans(
        "segundo batzuk|minutu bat|% minutu|ordu bat|% ordu|egun bat|% egun|hilabete bat|"
        "% hilabete|urte bat|% urte"
    ),
    ordinals=ordinals.POINT,
    week_anchor=1,
)

PORTUGUESE = Locale(
    name="pt",
    months=names("janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"),
    months_short=names("jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez"),
    weekdays=names("Domingo|Segunda-feira|Terça-feira|Quarta-feira|Quinta-feira|Sexta-feira|Sábado"),
    weekdays_short=names("Dom|Seg|Ter|Qua|Qui|Sex|Sáb"),
    weekdays_min=names("Do|2ª|3ª|4ª|5ª|6ª|Sá"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D [de] MMMM [de] YYYY",
        "LLL": "D [de] MMMM [de] YYYY HH:mm",
        "LLLL": "dddd, D [de] MMMM [de] YYYY HH:mm",
    },
    relative=spans(
        "segundos|um minuto|% minutos|uma hora|% horas|um dia|% dias|um mês|% meses|um ano|% anos"
    ),
    ordinals=ordinals.MASCULINE,
)

LOCALES = (
    SPANISH,
    replace(
        SPANISH,
        name="es-do",
        formats={
            "LT": "h:mm A",
            "LTS": "h:mm:ss A",
            "L": "DD/MM/YYYY",
            "LL": "D [de] MMMM [de] YYYY",
            "LLL": "D [de] MMMM [de] YYYY h:mm A",
            "LLLL": "dddd, D [de] MMMM [de] YYYY h:mm A",
        },
    ),
    replace(
        SPANISH,
        name="es-mx",
        first_weekday=0,
        week_anchor=3,
    ),
    replace(
        SPANISH,
        name="es-us",
        formats={
            "LT": "h:mm A",
            "LTS": "h:mm:ss A",
            "L": "MM/DD/YYYY",
            "LL": "D [de] MMMM [de] YYYY",
            "LLL": "D [de] MMMM [de] YYYY h:mm A",
            "LLLL": "dddd, D [de] MMMM [de] YYYY h:mm A",
        },
        first_weekday=0,
        week_anchor=1,
    ),
    CATALAN,
    GALICIAN,
    BASQUE,
    PORTUGUESE,
    replace(
        PORTUGUESE,
        name="pt-br",
        weekdays=names("domingo|segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|sábado"),
        weekdays_short=names("dom|seg|ter|qua|qui|sex|sáb"),
        weekdays_min=names("do|2ª|3ª|4ª|5ª|6ª|sá"),
        formats={
            "LT": "HH:mm",
            "LTS": "HH:mm:ss",
            "L": "DD/MM/YYYY",
            "LL": "D [de] MMMM [de] YYYY",
            "LLL": "D [de] MMMM [de] YYYY [às] HH:mm",
            "LLLL": "dddd, D [de] MMMM [de] YYYY [às] HH:mm",
        },
        relative=spans(
            "poucos segundos|um minuto|% minutos|uma hora|% horas|um dia|% dias|um mês|% meses|um ano|% anos"
        ),
        first_weekday=0,
        week_anchor=1,
    ),
)
