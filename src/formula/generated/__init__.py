"""The generated back end: a checked tree as one Python function over columns of cells.

The code is written from the tree alone: columns are c0, c1, ..., all else that it names, the texts of the
formula among it, stands in a table of constants, and no builtin is in reach. What is known of the cells of
a batch, that a column holds numbers and no blanks say, is known to the code. The closures are the reference:
both back ends give the same values, and where the generated one cannot follow, the closures take over.
"""

from formula.generated.columns import Form, Source, joined, sources
from formula.generated.fragment import NotWritable
from formula.generated.program import Program, program

__all__ = ["Form", "NotWritable", "Program", "Source", "joined", "program", "sources"]
