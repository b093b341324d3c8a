"""Japanese, Korean, Chinese, Vietnamese, Thai, Indonesian and Malay."""

from dataclasses import replace

from moments.locales import ordinals
from moments.locales.eras import JAPANESE_ERAS
from moments.locales.locale import Locale, names
from moments.locales.meridiems import halves, parts_with_noon
from moments.locales.plurals import spans

JAPANESE = Locale(
    name="ja",
    months=names("1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月"),
    months_short=names("1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月"),
    weekdays=names("日曜日|月曜日|火曜日|水曜日|木曜日|金曜日|土曜日"),
    weekdays_short=names("日|月|火|水|木|金|土"),
    weekdays_min=names("日|月|火|水|木|金|土"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "YYYY/MM/DD",
        "LL": "YYYY年M月D日",
        "LLL": "YYYY年M月D日 HH:mm",
        "LLLL": "YYYY年M月D日 dddd HH:mm",
        "l": "YYYY/MM/DD",
        "ll": "YYYY年M月D日",
        "lll": "YYYY年M月D日 HH:mm",
        "llll": "YYYY年M月D日(ddd) HH:mm",
    },
    relative=spans("数秒|1分|%分|1時間|%時間|1日|%日|1ヶ月|%ヶ月|1年|%年"),
    ordinals=ordinals.JAPANESE,
    meridiem=halves("午前", "午後"),
    first_weekday=0,
    week_anchor=1,
    eras=JAPANESE_ERAS,
)

KOREAN = Locale(
    name="ko",
    months=names("1월|2월|3월|4월|5월|6월|7월|8월|9월|10월|11월|12월"),
    months_short=names("1월|2월|3월|4월|5월|6월|7월|8월|9월|10월|11월|12월"),
    weekdays=names("일요일|월요일|화요일|수요일|목요일|금요일|토요일"),
    weekdays_short=names("일|월|화|수|목|금|토"),
    weekdays_min=names("일|월|화|수|목|금|토"),
    formats={
        "LT": "A h:mm",
        "LTS": "A h:mm:ss",
        "L": "YYYY.MM.DD.",
        "LL": "YYYY년 MMMM D일",
        "LLL": "YYYY년 MMMM D일 A h:mm",
        "LLLL": "YYYY년 MMMM D일 dddd A h:mm",
        "l": "YYYY.MM.DD.",
        "ll": "YYYY년 MMMM D일",
        "lll": "YYYY년 MMMM D일 A h:mm",
        "llll": "YYYY년 MMMM D일 dddd A h:mm",
    },
    relative=spans("몇 초|1분|%분|한 시간|%시간|하루|%일|한 달|%달|일 년|%년"),
    ordinals=ordinals.by_period({"d D DDD": "일", "M": "월", "w W": "주"}),
    meridiem=halves("오전", "오후"),
    first_weekday=0,
    week_anchor=1,
)

CHINESE = Locale(
    name="zh-cn",
    months=names("一月|二月|三月|四月|五月|六月|七月|八月|九月|十月|十一月|十二月"),
    months_short=names("1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月"),
    weekdays=names("星期日|星期一|星期二|星期三|星期四|星期五|星期六"),
    weekdays_short=names("周日|周一|周二|周三|周四|周五|周六"),
    weekdays_min=names("日|一|二|三|四|五|六"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "YYYY/MM/DD",
        "LL": "YYYY年M月D日",
        "LLL": "YYYY年M月D日Ah点mm分",
        "LLLL": "YYYY年M月D日ddddAh点mm分",
        "l": "YYYY/M/D",
        "ll": "YYYY年M月D日",
        "lll": "YYYY年M月D日 HH:mm",
        "llll": "YYYY年M月D日dddd HH:mm",
    },
    relative=spans("几秒|1 分钟|% 分钟|1 小时|% 小时|1 天|% 天|1 个月|% 个月|1 年|% 年"),
    ordinals=ordinals.by_period({"d D DDD": "日", "M": "月", "w W": "周"}),
    meridiem=parts_with_noon(
        (600, "凌晨"),
        (900, "早上"),
        (1130, "上午"),
        (1230, "中午"),
        (1800, "下午"),
        (2400, "晚上"),
        mornings="凌晨|早上|上午",
        noon="中午",
    ),
)

TAIWANESE = replace(
    CHINESE,
    name="zh-tw",
    weekdays_short=names("週日|週一|週二|週三|週四|週五|週六"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "YYYY/MM/DD",
        "LL": "YYYY年M月D日",
        "LLL": "YYYY年M月D日 HH:mm",
        "LLLL": "YYYY年M月D日dddd HH:mm",
        "l": "YYYY/M/D",
        "ll": "YYYY年M月D日",
        "lll": "YYYY年M月D日 HH:mm",
        "llll": "YYYY年M月D日dddd HH:mm",
    },
    relative=spans("幾秒|1 分鐘|% 分鐘|1 小時|% 小時|1 天|% 天|1 個月|% 個月|1 年|% 年"),
    ordinals=ordinals.by_period({"d D DDD": "日", "M": "月", "w W": "週"}),
    first_weekday=0,
    week_anchor=1,
)

VIETNAMESE = Locale(
    name="vi",
    months=names(
        "tháng 1|tháng 2|tháng 3|tháng 4|tháng 5|tháng 6|tháng 7|tháng 8|tháng 9|tháng 10|tháng 11|tháng 12"
    ),
    months_short=names("Thg 01|Thg 02|Thg 03|Thg 04|Thg 05|Thg 06|Thg 07|Thg 08|Thg 09|Thg 10|Thg 11|Thg 12"),
    weekdays=names("chủ nhật|thứ hai|thứ ba|thứ tư|thứ năm|thứ sáu|thứ bảy"),
    weekdays_short=names("CN|T2|T3|T4|T5|T6|T7"),
    weekdays_min=names("CN|T2|T3|T4|T5|T6|T7"),
    formats={
        "LT": "HH:mm",
        "LTS": "HH:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM [năm] YYYY",
        "LLL": "D MMMM [năm] YYYY HH:mm",
        "LLLL": "dddd, D MMMM [năm] YYYY HH:mm",
        "l": "DD/M/YYYY",
        "ll": "D MMM YYYY",
        "lll": "D MMM YYYY HH:mm",
        "llll": "ddd, D MMM YYYY HH:mm",
    },
    relative=spans("vài giây|một phút|% phút|một giờ|% giờ|một ngày|% ngày|một tháng|% tháng|một năm|% năm"),
    ordinals=ordinals.PLAIN,
    meridiem=halves("SA", "CH"),
)

THAI = Locale(
    name="th",
    months=names("มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"),
    months_short=names("ม.ค.|ก.พ.|มี.ค.|เม.ย.|พ.ค.|มิ.ย.|ก.ค.|ส.ค.|ก.ย.|ต.ค.|พ.ย.|ธ.ค."),
    weekdays=names("อาทิตย์|จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์"),
    weekdays_short=names("อาทิตย์|จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์"),
    weekdays_min=names("อา.|จ.|อ.|พ.|พฤ.|ศ.|ส."),
    formats={
        "LT": "H:mm",
        "LTS": "H:mm:ss",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY เวลา H:mm",
        "LLLL": "วันddddที่ D MMMM YYYY เวลา H:mm",
    },
    relative=spans("ไม่กี่วินาที|1 นาที|% นาที|1 ชั่วโมง|% ชั่วโมง|1 วัน|% วัน|1 เดือน|% เดือน|1 ปี|% ปี"),
    ordinals=ordinals.PLAIN,
    meridiem=halves("ก่อนเที่ยง", "หลังเที่ยง"),
    first_weekday=0,
    week_anchor=1,
)

INDONESIAN = Locale(
    name="id",
    months=names("Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"),
    months_short=names("Jan|Feb|Mar|Apr|Mei|Jun|Jul|Agt|Sep|Okt|Nov|Des"),
    weekdays=names("Minggu|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu"),
    weekdays_short=names("Min|Sen|Sel|Rab|Kam|Jum|Sab"),
    weekdays_min=names("Mg|Sn|Sl|Rb|Km|Jm|Sb"),
    formats={
        "LT": "HH.mm",
        "LTS": "HH.mm.ss",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY [pukul] HH.mm",
        "LLLL": "dddd, D MMMM YYYY [pukul] HH.mm",
    },
    relative=spans(
        "beberapa detik|semenit|% menit|sejam|% jam|sehari|% hari|sebulan|% bulan|setahun|% tahun"
    ),
    ordinals=ordinals.PLAIN,
    meridiem=parts_with_noon(
        (1100, "pagi"), (1500, "siang"), (1900, "sore"), (2400, "malam"), mornings="pagi", noon="siang"
    ),
    first_weekday=0,
    week_anchor=1,
)

MALAY = Locale(
    name="ms",
    months=names("Januari|Februari|Mac|April|Mei|Jun|Julai|Ogos|September|Oktober|November|Disember"),
    months_short=names("Jan|Feb|Mac|Apr|Mei|Jun|Jul|Ogs|Sep|Okt|Nov|Dis"),
    weekdays=names("Ahad|Isnin|Selasa|Rabu|Khamis|Jumaat|Sabtu"),
    weekdays_short=names("Ahd|Isn|Sel|Rab|Kha|Jum|Sab"),
    weekdays_min=names("Ah|Is|Sl|Rb|Km|Jm|Sb"),
    formats={
        "LT": "HH.mm",
        "LTS": "HH.mm.ss",
        "L": "DD/MM/YYYY",
        "LL": "D MMMM YYYY",
        "LLL": "D MMMM YYYY [pukul] HH.mm",
        "LLLL": "dddd, D MMMM YYYY [pukul] HH.mm",
    },
    relative=spans("beberapa saat|seminit|% minit|sejam|% jam|sehari|% hari|sebulan|% bulan|setahun|% tahun"),
    ordinals=ordinals.PLAIN,
    meridiem=parts_with_noon(
        (1100, "pagi"),
        (1500, "tengahari"),
        (1900, "petang"),
        (2400, "malam"),
        mornings="pagi",
        noon="tengahari",
    ),
    week_anchor=1,
)

LOCALES = (
    JAPANESE,
    KOREAN,
    CHINESE,
    TAIWANESE,
    replace(
        TAIWANESE,
        name="zh-hk",
        meridiem=parts_with_noon(
            (600, "凌晨"),
            (900, "早上"),
            (1200, "上午"),
            (1201, "中午"),
            (1800, "下午"),
            (2400, "晚上"),
            mornings="凌晨|早上|上午",
            noon="中午",
        ),
    ),
    VIETNAMESE,
    THAI,
    INDONESIAN,
    MALAY,
)
