"""The functions of the formula language as a resource, for a model that is about to write a formula."""

import json
from typing import Any

from mcp.server import MCPServer

URI = "airtable://formula/functions"


def publish(server: MCPServer[Any]) -> None:
    """Serve the list: {name: {signature, category, doc, examples[]}} as JSON."""

    @server.resource(URI, mime_type="application/json", description="Formula functions, with examples")
    def formula_functions() -> str:
        import formula

        told = {
            name: {
                "signature": member.signature,
                "category": member.category,
                "doc": member.doc,
                "examples": list(member.examples),
            }
            for name, member in sorted(formula.FUNCTIONS.items())
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
