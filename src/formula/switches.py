"""The points on which sources about Airtable disagree, one named switch each, with the default we chose."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Switches:
    """How the language behaves where the evidence is divided; the first choice of each is the default."""

    ampersand: Literal["below_plus", "with_plus"] = "below_plus"
    """How tightly & binds; a guide puts parentheses round a sum after it, spreadsheets do not need them."""

    mid_start: Literal["one", "zero"] = "one"
    """Where MID counts from; one example of the documentation counts from zero, a live base from one."""

    even_of_negatives: Literal["away_from_zero", "up"] = "away_from_zero"
    """EVEN(-0.1) is -2 as in spreadsheets (and like ODD), or 0, the next even number above."""

    mod_sign: Literal["divisor", "dividend"] = "divisor"
    """Whose sign MOD takes: MOD(-5, 3) is 1 as in spreadsheets, or -2 as in JavaScript."""

    search_case: Literal["insensitive", "sensitive"] = "insensitive"
    """Whether SEARCH tells capitals apart; FIND does (documented), of SEARCH the documentation is silent."""

    round_ties: Literal["decimal", "binary"] = "decimal"
    """Whether 65.115 is a tie because it is written as one, or lies below it as its binary value does."""

    extract_without_match: Literal["error", "blank"] = "error"
    """What REGEX_EXTRACT gives when nothing matches; live bases guard it by ISERROR, others give blank."""

    numeric_text: Literal["counted", "skipped"] = "counted"
    """Whether SUM, AVERAGE, MAX and MIN read "5" as 5, as other implementations do, or leave texts out."""

    unknown_unit: Literal["milliseconds", "seconds", "error"] = "milliseconds"
    """What an unrecognised unit of DATEADD and DATETIME_DIFF means; Moment.js takes milliseconds."""

    array_separator: Literal["comma_space", "comma"] = "comma_space"
    """What ARRAYJOIN puts between items when it is not told; arrays turn into text with comma and space."""

    timestr_hour: Literal["padded", "plain"] = "padded"
    """TIMESTR's hour as 07 or 7; one example of the documentation drops the zero."""

    average_blanks: Literal["skipped", "zero"] = "skipped"
    """Whether AVERAGE leaves blanks out, as spreadsheets do, or counts them as 0; no source tells."""

    value_of_words: Literal["error", "nan", "zero"] = "error"
    """What VALUE gives for text without a number in it: an error as in arithmetic, or NaN, or 0."""

    text_units: Literal["utf16", "code_points"] = "utf16"
    """What LEN and positions count; in JavaScript, where Airtable runs, most emoji count 2."""

    blank_date: Literal["error", "blank"] = "error"
    """What a blank date gives; but DATETIME_DIFF is NaN and IS_* do not hold, as Airtable's API shows."""

    plus_of_text: Literal["concatenate", "add"] = "concatenate"
    """What + does when an operand is text: it joins as in JavaScript, or reads the text as a number."""

    field_case: Literal["forgiving", "exact"] = "forgiving"
    """Whether {name} finds Name where no other differs by capitals alone; the API's errors fold them too."""


SWITCHES = Switches()
