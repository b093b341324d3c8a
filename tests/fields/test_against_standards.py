"""Answers held against somebody else's: CLDR's, libphonenumber's, IANA's, and sums done otherwise."""

import re
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any

import phonenumbers
import pytest
from babel import Locale
from babel.numbers import format_currency, get_currency_precision, get_decimal_symbol
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

import fields
from moments import LOCALES as LOCALES_OF_DATES

LOCALES = re.findall(
    r"\w+",
    "en_US en_GB en_CA en_AU en_IN en_ZA de_DE de_AT de_CH fr_FR fr_CA fr_CH it_IT it_CH es_ES es_MX pt_BR "
    "pt_PT nl_NL sv_SE nb_NO da_DK fi_FI pl_PL cs_CZ sk_SK hu_HU ro_RO bg_BG hr_HR sl_SI uk_UA ru_RU el_GR "
    "tr_TR he_IL ja_JP ko_KR zh_CN zh_TW th_TH vi_VN id_ID hi_IN et_EE lv_LV lt_LT ca_ES is_IS",
)
CURRENCIES = ["USD", "EUR", "GBP", "JPY", "CHF", "KWD", "INR", "SEK", "BRL"]
AMOUNTS = [Decimal("1234567.891"), Decimal("-1234.5"), Decimal("0.05"), Decimal(7)]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("style", ["standard", "accounting"])
def test_an_amount_as_cldr_writes_it_is_read_as_the_amount(locale: str, style: Any) -> None:
    if (locale, style) == ("en_IN", "accounting"):
        return  # written with groups of three, which the locale's own pattern has not
    for code in CURRENCIES:
        for amount in AMOUNTS:
            written = format_currency(amount, code, locale=Locale.parse(locale), format_type=style)
            step = Decimal(1).scaleb(-get_currency_precision(code))

            read = fields.read_amount(written, {"locale": locale})

            assert read.ok, (written, read.problems)
            assert Decimal(read.value) == amount.quantize(step, rounding="ROUND_HALF_EVEN"), written


CHINESE = {"zh-cn": "zh_Hans_CN", "zh-tw": "zh_Hant_TW", "zh-hk": "zh_Hant_HK"}


@pytest.mark.parametrize("locale", [*LOCALES_OF_DATES, "de-li", "es-PE", "es_PA", "pt_PT", "de_DE"])
def test_the_sign_before_a_fraction_is_the_one_that_cldr_has(locale: str) -> None:
    sign = get_decimal_symbol(Locale.parse(CHINESE.get(locale, locale.replace("-", "_"))))

    read = fields.typecast("number", f"1{sign}5", locale=locale)

    assert (read.value, read.warnings) == (1.5, ())


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_example_numbers_of_a_region_are_read_as_people_write_them(region: str) -> None:
    for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE):
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None:
            continue
        national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        abroad = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        expected = (
            f"+{number.country_code}{'0' if number.italian_leading_zero else ''}{number.national_number}"
        )

        assert fields.check("phoneNumber", national, {"default_region": region}).value == expected
        assert fields.check("phoneNumber", abroad).value == expected


# Python 3.11's copy of IANA's registry is older (192.0.0.0/24: RFC 6890; 192.88.99.0/24: RFC 7526), and
# Azure's own address is in none.
BESIDES = [ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")]


@given(
    st.ip_addresses(v=4)
    | st.sampled_from(["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16"]).flatmap(
        lambda network: st.ip_addresses(network=network, v=4)
    )
)
@settings(max_examples=500, deadline=None)
def test_an_address_may_be_fetched_from_if_iana_has_it_global(address: IPv4Address) -> None:
    assume(not any(address in network for network in BESIDES))
    is_public = address.is_global and not address.is_multicast

    for host in (str(address), str(int(address)), hex(int(address)), f"[::ffff:{address}]"):
        assert fields.check_file_url(f"http://{host}/a.png").ok is is_public, host


@given(st.ip_addresses(v=4))
@settings(max_examples=200, deadline=None)
def test_an_ipv4_address_is_not_reached_by_way_of_ipv6(address: IPv4Address) -> None:
    number = int(address)
    ways = {
        "NAT64": IPv6Address(int(IPv6Address("64:ff9b::")) + number),
        "local NAT64": IPv6Address(int(IPv6Address("64:ff9b:1::")) + number),
        "6to4": IPv6Address((0x2002 << 112) + (number << 80)),
        "Teredo": IPv6Address((0x20010000 << 96) + (number ^ 0xFFFFFFFF)),
        "compatible": IPv6Address(number),
    }

    for way, wrapped in ways.items():
        assert not fields.check_file_url(f"http://[{wrapped}]/").ok, way


def gs1_sum(digits: str) -> int:
    """The weighted sum with the check digit in: 1 for the last, 3 for the one before, and so on."""
    return sum(int(digit) * (3, 1)[(len(digits) - place) % 2] for place, digit in enumerate(digits))


@given(
    st.sampled_from([("ean8", 8), ("upca", 12), ("ean13", 13), ("itf14", 14), ("sscc", 18), ("gln", 13)]),
    st.text("0123456789", min_size=18, max_size=18),
)
@settings(max_examples=300, deadline=None)
def test_one_check_digit_of_ten_is_right_and_is_suggested(kind: tuple[str, int], digits: str) -> None:
    type, length = kind
    body = digits[: length - 1]
    [right] = [body + last for last in "0123456789" if gs1_sum(body + last) % 10 == 0]

    for last in "0123456789":
        answer = fields.check("barcode", {"text": body + last, "type": type})
        assert answer.ok is (body + last == right)
        assert answer.ok or answer.problems[0].suggestion == right


@given(st.text("0123456789", min_size=9, max_size=9))
@settings(max_examples=200, deadline=None)
def test_an_isbn_10_has_a_sum_that_eleven_divides(body: str) -> None:
    for value, last in enumerate("0123456789X"):
        total = sum((10 - place) * int(digit) for place, digit in enumerate(body)) + value
        answer = fields.check("barcode", {"text": body + last, "type": "isbn10"})
        assert answer.ok is (total % 11 == 0)


@given(st.text("0123456789", min_size=7, max_size=7))
@settings(max_examples=200, deadline=None)
def test_an_issn_has_a_sum_that_eleven_divides(body: str) -> None:
    for value, last in enumerate("0123456789X"):
        total = sum((8 - place) * int(digit) for place, digit in enumerate(body)) + value
        answer = fields.check("barcode", {"text": f"{body[:4]}-{body[4:]}{last}", "type": "issn"})
        assert answer.ok is (total % 11 == 0)


# ISO/IEC 16388: the values of its characters, written out.
VALUES = {sign: value for value, sign in enumerate([*"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", *"-. $/+%"])}


@given(st.text(list(VALUES), min_size=1, max_size=20), st.sampled_from(list(VALUES)))
@settings(max_examples=200, deadline=None)
def test_code_39_may_end_with_the_sum_of_its_values_modulo_43(text: str, last: str) -> None:
    is_right = sum(VALUES[sign] for sign in text) % 43 == VALUES[last]

    assert fields.check("barcode", {"text": text + last, "type": "Code 39 Mod 43"}).ok is is_right
    assert fields.check("barcode", {"text": text + last, "type": "code39"}).ok


@given(st.integers(0, 9999), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_length_of_time_is_the_sum_of_its_parts(
    hours: int,
    minutes: int,
    seconds: int,
    thousandths: int,
    is_negative: bool,  # noqa: FBT001 - a part as others
) -> None:
    sign = "-" if is_negative else ""
    whole = 3600 * hours + 60 * minutes + seconds
    total = Decimal(whole) + Decimal(thousandths) / 1000
    expected = float(-total if is_negative else total)
    clock = f"{sign}{hours}:{minutes:02}:{seconds:02}.{thousandths:03}"
    united = f"{sign}{hours}h {minutes}m {seconds}.{thousandths:03}s"
    iso = f"{sign}PT{hours}H{minutes}M{seconds},{thousandths:03}S"

    assert [fields.read_duration(text).value for text in (clock, united, iso)] == [expected] * 3
    assert fields.read_duration(f"{hours}:{minutes:02}", {"durationFormat": "h:mm"}).value == (
        3600 * hours + 60 * minutes
    )
    options = {"durationFormat": "h:mm:ss.SSS"}
    assert fields.typecast("duration", fields.text("duration", expected, options), options).value == expected


# WHATWG MIME Sniffing Standard, section 6: types and the bytes that tell them, in hexadecimal.
SIGNATURES = {
    "image/x-icon": ["00000100", "00000200"],
    "image/bmp": ["424d"],
    "image/gif": ["474946383761", "474946383961"],
    "image/webp": ["5249464600000000574542505650"],
    "image/png": ["89504e470d0a1a0a"],
    "image/jpeg": ["ffd8ff"],
    "audio/aiff": ["464f524d0000000041494646"],
    "audio/mpeg": ["494433"],
    "application/ogg": ["4f67675300"],
    "audio/midi": ["4d54686400000006"],
    "video/avi": ["524946460000000041564920"],
    "audio/wave": ["524946460000000057415645"],
    "video/mp4": ["0000001866747970" + "6d703432" + "00000000" + "6d703432" + "69736f6d"],
    "video/webm": ["1a45dfa3" + "9f" + "4282" + "84" + "7765626d"],
    "font/ttf": ["00010000"],
    "font/otf": ["4f54544f"],
    "font/collection": ["74746366"],
    "font/woff": ["774f4646"],
    "font/woff2": ["774f4632"],
    "application/x-gzip": ["1f8b08"],
    "application/zip": ["504b0304"],
    "application/x-rar-compressed": ["526172211a0700"],
    "application/pdf": ["255044462d"],
    "application/postscript": ["252150532d41646f62652d"],
}


@pytest.mark.parametrize("type", SIGNATURES)
def test_a_file_is_of_the_type_whose_signature_it_has_and_of_no_other(type: str) -> None:
    for told in SIGNATURES[type]:
        head = bytes.fromhex(told)

        assert fields.check_file_kind(head).value == {"type": type}
        assert fields.check_file_kind(head, declared=type).ok
        for other in SIGNATURES:
            assert fields.check_file_kind(head, declared=other).ok is (other == type)
