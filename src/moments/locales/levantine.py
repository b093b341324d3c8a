"""Greek, Turkish and Hebrew."""

from moments.locales import ordinals
from moments.locales.locale import Locale, bent, names
from moments.locales.meridiems import halves, parts
from moments.locales.plurals import hebrew, spans

GREEK = Locale(
    name="el",
    months=names(
        "Ιανουάριος|Φεβρουάριος|Μάρτιος|Απρίλιος|Μάιος|Ιούνιος|Ιούλιος|Αύγουστος|Σεπτέμβριος|"
        "Οκτώβριος|Νοέμβριος|Δεκέμβριος",
        bent(
            "D.*?MMMM",
            "Ιανουαρίου|Φεβρουαρίου|Μαρτίου|Απριλίου|Μαΐου|Ιουνίου|Ιουλίου|Αυγούστου|Σεπτεμβρίου|"
            "Οκτωβρίου|Νοεμβρίου|Δεκεμβρίου",
        ),
    ),
    months_short=names("Ιαν|Φεβ|Μαρ|Απρ|Μαϊ|Ιουν|Ιουλ|Αυγ|Σεπ|Οκτ|Νοε|Δεκ"),
    weekdays=names("Κυριακή|Δευτέρα|Τρίτη|Τετάρτη|Πέμπτη|Παρασκευή|Σάββατο"),
    weekdays_short=names("Κυρ|Δευ|Τρι|Τετ|Πεμ|Παρ|Σαβ"),
    weekdays_min=names("Κυ|Δε|Τρ|Τε|Πε|Πα|Σα"),
    formats={
        "LT": "h:mm A",
        "LTS": "h:mm:ss A",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY h:mm A",
        "LLLL": "dddd, D MMMM YYYY h:mm A",
    },
    relative=spans(
        "λίγα δευτερόλεπτα|ένα λεπτό|% λεπτά|μία ώρα|% ώρες|μία μέρα|% μέρες|ένας μήνας|"
        "% μήνες|ένας χρόνος|% χρόνια"
    ),
    ordinals=ordinals.always("%η"),
    meridiem=halves("ΠΜ", "ΜΜ", pattern=r"[ΠΜ]\.?Μ?\.?", first_letter="Μ"),
)

TURKISH = Locale(
    name="tr",
    months=names("Ocak|Şubat|Mart|Nisan|Mayıs|Haziran|Temmuz|Ağustos|Eylül|Ekim|Kasım|Aralık"),
    months_short=names("Oca|Şub|Mar|Nis|May|Haz|Tem|Ağu|Eyl|Eki|Kas|Ara"),
    weekdays=names("Pazar|Pazartesi|Salı|Çarşamba|Perşembe|Cuma|Cumartesi"),
    weekdays_short=names("Paz|Pzt|Sal|Çar|Per|Cum|Cmt"),
    weekdays_min=names("Pz|Pt|Sa|Ça|Pe|Cu|Ct"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD.MM.YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY HH:mm",
        "LLLL": "dddd, D MMMM YYYY HH:mm",
    },
    relative=spans(
        "birkaç saniye|bir dakika|% dakika|bir saat|% saat|bir gün|% gün|bir ay|% ay|bir yıl|% yıl"
    ),
    ordinals=ordinals.TURKISH,
    meridiem=halves("ÖÖ", "ÖS"),
    week_anchor=1,
)

HEBREW = Locale(
    name="he",
    months=names("ינואר|פברואר|מרץ|אפריל|מאי|יוני|יולי|אוגוסט|ספטמבר|אוקטובר|נובמבר|דצמבר"),
    months_short=names("ינו׳|פבר׳|מרץ|אפר׳|מאי|יוני|יולי|אוג׳|ספט׳|אוק׳|נוב׳|דצמ׳"),
    weekdays=names("ראשון|שני|שלישי|רביעי|חמישי|שישי|שבת"),
    weekdays_short=names("א׳|ב׳|ג׳|ד׳|ה׳|ו׳|ש׳"),
    weekdays_min=names("א|ב|ג|ד|ה|ו|ש"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D [ב]MMMM YYYY",
        "LLL": "D [ב]MMMM YYYY HH:mm",
        "LLLL": "dddd, D [ב]MMMM YYYY HH:mm",
        "l": "D/M/YYYY",
        "ll": "D MMM YYYY",
        "lll": "D MMM YYYY HH:mm",
        "llll": "ddd, D MMM YYYY HH:mm",
    },
    relative=spans(
        "מספר שניות|דקה|% דקות|שעה|שעתיים/% שעות|"
        "יום|יומיים/% ימים|חודש|חודשיים/% חודשים|שנה|שנתיים/% שנים/% שנה",
        hebrew,
    ),
    ordinals=ordinals.PLAIN,
    meridiem=parts(
        (500, "לפנות בוקר"),
        (1000, "בבוקר"),
        (1200, 'לפנה"צ/לפני הצהריים'),
        (1800, 'אחה"צ/אחרי הצהריים'),
        (2400, "בערב"),
        afternoons='אחה"צ|אחרי הצהריים|בערב',
    ),
    first_weekday=0,
    week_anchor=1,
)

LOCALES = (
    GREEK,
    TURKISH,
    HEBREW,
)
