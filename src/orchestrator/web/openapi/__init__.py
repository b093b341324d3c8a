"""The endpoints as one table: each operation is served by it and told by it in the OpenAPI document."""

from orchestrator.web.openapi.document import document
from orchestrator.web.openapi.operation import Operation, Socket, routes_of
from orchestrator.web.openapi.queries import Choice, Moment, Query, Text, Whole
from orchestrator.web.openapi.shapes import At, Named, Told

__all__ = [
    # The table
    "Operation",
    "Socket",
    "routes_of",
    # The query of a request
    "Query",
    "Whole",
    "Moment",
    "Choice",
    "Text",
    # The shapes of answers
    "At",
    "Named",
    "Told",
    # What is made of it
    "document",
]
