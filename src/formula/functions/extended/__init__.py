"""Functions of spreadsheets that Airtable lacks, for the dialect "extended"; their rules are Excel's.

Blanks, coercions and errors are those of this engine: #VALUE!, #NUM!, #N/A and #REF! are #ERROR! with a
message, and the average of nothing is NaN. Left out is what would not be the same twice (RAND, RANDBETWEEN),
what needs names of its own (LET, LAMBDA), and names with a point in them (STDEV.S).
"""

from formula.functions.extended.calendar import CALENDAR_FUNCTIONS
from formula.functions.extended.conditional import CONDITIONAL_FUNCTIONS
from formula.functions.extended.decisions import DECISION_FUNCTIONS
from formula.functions.extended.formats import FORMAT_FUNCTIONS
from formula.functions.extended.lookup import LOOKUP_FUNCTIONS
from formula.functions.extended.numbers import NUMBER_FUNCTIONS
from formula.functions.extended.splitting import SPLITTING_FUNCTIONS
from formula.functions.extended.statistics import STATISTICS_FUNCTIONS
from formula.functions.extended.trigonometry import TRIGONOMETRY_FUNCTIONS
from formula.functions.extended.wording import WORDING_FUNCTIONS

EXTENDED_FAMILIES = (
    DECISION_FUNCTIONS,
    NUMBER_FUNCTIONS,
    TRIGONOMETRY_FUNCTIONS,
    STATISTICS_FUNCTIONS,
    CONDITIONAL_FUNCTIONS,
    WORDING_FUNCTIONS,
    SPLITTING_FUNCTIONS,
    FORMAT_FUNCTIONS,
    CALENDAR_FUNCTIONS,
    LOOKUP_FUNCTIONS,
)
"""Every family, in the order of the documentation."""
