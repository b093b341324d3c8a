"""The addresses of resources. Names stand in them percent-encoded, so that any name has its place."""

from itertools import product

from mcp.shared.uri_template import UriTemplate

BASES = "airtable://bases"
SCHEMA = "airtable://{base}/schema"
RECORDS = "airtable://{base}/{table}/records{?fields,filter,view,page}"

_SCHEMA = UriTemplate.parse(SCHEMA)
_RECORDS = UriTemplate.parse(RECORDS)


def schema_uri(base: str) -> str:
    """The address of a base's schema."""
    return _SCHEMA.expand({"base": base})


def records_uri(base: str, table: str, **query: str) -> str:
    """The address of a page of a table's records; of `query` (fields, filter, view, page) what is not ""."""
    return _RECORDS.expand(
        {"base": base, "table": table} | {name: text for name, text in query.items() if text}
    )


def records_addresses(base: tuple[str, str], table: tuple[str, str]) -> list[str]:
    """Every plain address of one table's records: by id and by name, for both base and table."""
    pairs = product(dict.fromkeys(base), dict.fromkeys(table))
    return [records_uri(*pair) for pair in pairs]


def place_of(uri: str) -> tuple[str, str] | None:
    """The base and the table that an address is about, the table "" for a schema; None for any other."""
    for template in (_RECORDS, _SCHEMA):
        found = template.match(uri)
        if found is not None:
            return str(found["base"]), str(found.get("table", ""))
    return None
