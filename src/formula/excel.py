"""Functions of spreadsheets that Airtable lacks, each with what to write instead."""

from collections.abc import Mapping

_PI = "3.141592653589793"

EQUIVALENTS: Mapping[str, str] = {
    "CHOOSE": "SWITCH(index, 1, first, 2, second)",
    "CLEAN": r'REGEX_REPLACE(text, "[\\x00-\\x1F]", "")',
    "COSH": "(EXP(number) + EXP(-number)) / 2",
    "COUNTBLANK": "COUNTALL(values) - COUNTA(values)",
    "DATE": (
        'DATEADD(DATEADD(DATEADD("1900-01-01", year - 1900, "years"), month - 1, "months"), day - 1, "days")'
    ),
    "DATEDIF": "DATETIME_DIFF(end, start, 'days')",
    "DATEVALUE": 'DATEADD(DATESTR(text), 0, "days")',
    "DAYS": "DATETIME_DIFF(DATESTR(end), DATESTR(start), 'days')",
    "DEGREES": f"angle * 180 / {_PI}",
    "EDATE": "DATEADD(start, months, 'months')",
    "EOMONTH": 'DATEADD(DATEADD(DATETIME_FORMAT(start, "YYYY-MM-01"), months + 1, "months"), -1, "days")',
    "EXACT": 'first & "" = second & ""',
    "IFERROR": "IF(ISERROR(value), otherwise, value)",
    "IFNA": "IF(ISERROR(value), otherwise, value)",
    "INDEX": "ARRAYSLICE(array, position, position)",
    "ISBLANK": 'LEN(value & "") = 0',
    "ISEVEN": "MOD(ROUNDDOWN(number, 0), 2) = 0",
    "ISNONTEXT": 'LEN(T(value) & "") = 0',
    "ISNUMBER": "COUNT(value) = 1",
    "ISODD": "MOD(ROUNDDOWN(number, 0), 2) = 1",
    "ISOWEEKNUM": 'VALUE(DATETIME_FORMAT(date, "W"))',
    "ISTEXT": 'LEN(T(value) & "") > 0',
    "LN": "LOG(number, EXP(1))",
    "LOG10": "LOG(number)",
    "MROUND": "ROUND(number / multiple) * multiple",
    "NETWORKDAYS": "WORKDAY_DIFF(start, end, holidays)",
    "NUMBERVALUE": 'VALUE(SUBSTITUTE(SUBSTITUTE(text, group_separator, ""), decimal_separator, "."))',
    "PI": _PI,
    "PRODUCT": "first * second",
    "PROPER": "UPPER(LEFT(text, 1)) & LOWER(MID(text, 2, LEN(text)))",
    "QUOTIENT": "ROUNDDOWN(number / divisor, 0)",
    "RADIANS": f"angle * {_PI} / 180",
    "SIGN": "IF(number > 0, 1, IF(number < 0, -1, 0))",
    "SINH": "(EXP(number) - EXP(-number)) / 2",
    "SUMSQ": "first * first + second * second",
    "TANH": "1 - 2 / (EXP(2 * number) + 1)",
    "TEXTAFTER": "MID(text, FIND(delimiter, text) + LEN(delimiter), LEN(text))",
    "TEXTBEFORE": "LEFT(text, FIND(delimiter, text) - 1)",
    "TEXTJOIN": "ARRAYJOIN(ARRAYCOMPACT(texts), delimiter)",
    "TIME": "MOD(hour * 3600 + minute * 60 + second, 86400) / 86400",
    "TIMEVALUE": "(HOUR(text) * 3600 + MINUTE(text) * 60 + SECOND(text)) / 86400",
    "TRUNC": "ROUNDDOWN(number, digits)",
    "UNIQUE": "ARRAYUNIQUE(array)",
}
"""A formula of Airtable's that says the same of the fields with these names."""

_LINK = "a linked record and a lookup field"
_ROLLUP = "a rollup with a condition"
_NO_TRIGONOMETRY = "a number that a script or an automation keeps: Airtable has no trigonometry"
_NO_STATISTICS = "a number that a script or an automation keeps: Airtable knows SUM, AVERAGE, MIN and MAX"

_FIND = 'FIND("part", text), or REGEX_MATCH(text, "pattern")'

ADVICE: Mapping[str, str] = {
    **dict.fromkeys(("CONTAINS", "INCLUDES", "INSTR", "LIKE", "MATCHES", "STRPOS"), _FIND),
    **dict.fromkeys(("STARTSWITH", "STARTS_WITH", "BEGINSWITH"), 'LEFT(text, 4) = "part"'),
    **dict.fromkeys(("ENDSWITH", "ENDS_WITH"), 'RIGHT(text, 4) = "part"'),
    **dict.fromkeys(("ISEMPTY", "IS_EMPTY", "ISNULL", "IS_NULL"), "value = BLANK()"),
    **dict.fromkeys(("ISNOTEMPTY", "IS_NOT_EMPTY"), "value != BLANK()"),
    "IN": 'OR(value = "a", value = "b")',
    "BETWEEN": "AND(value >= 1, value <= 5)",
    **dict.fromkeys(("COALESCE", "IFNULL", "NVL"), "IF(value, value, otherwise)"),
    "CHAR": 'write the character itself, or "\\n" for a new line',
    "COUNTIF": "a count field, or a rollup with a condition",
    "COUNTIFS": "a count field, or a rollup with conditions",
    "DOLLAR": "a currency field, or a formula field shown as currency",
    "FIXED": "ROUND(number, digits) in a formula field that shows so many decimals",
    "FILTER": "a rollup or lookup field with a condition",
    "IFS": "nested IF(), or SWITCH(TRUE(), condition, result, ...)",
    "ISLOGICAL": "a checkbox field: its value is 1 or blank",
    "LARGE": "MAX(values), for the largest",
    "SMALL": "MIN(values), for the smallest",
    "SORT": "a linked record field sorted by a view",
    "SUMPRODUCT": "a formula field for the product, and a rollup for its sum",
    "TEXT": "DATETIME_FORMAT(date, format), or ROUND(number, digits) & ''",
    "TEXTSPLIT": "REGEX_EXTRACT(text, regex), for one part",
    "VLOOKUP": _LINK,
    "HLOOKUP": _LINK,
    **dict.fromkeys(("LOOKUP", "MATCH", "XLOOKUP", "XMATCH"), _LINK),
    **dict.fromkeys(("AVERAGEIF", "AVERAGEIFS", "MAXIFS", "MINIFS", "SUMIF", "SUMIFS"), _ROLLUP),
    **dict.fromkeys(("ACOS", "ASIN", "ATAN", "ATAN2", "COS", "SIN", "TAN"), _NO_TRIGONOMETRY),
    **dict.fromkeys(("MEDIAN", "MODE", "PERCENTILE", "QUARTILE", "RANK"), _NO_STATISTICS),
    **dict.fromkeys(("GEOMEAN", "STDEV", "STDEVP", "VAR", "VARP"), _NO_STATISTICS),
}
"""What to do where no formula of Airtable's says the same."""


def instead_of(name: str) -> str:
    """What to write instead of a spreadsheet's function; empty if we know none."""
    return EQUIVALENTS.get(name) or ADVICE.get(name, "")
