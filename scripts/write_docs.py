"""Write the generated tables of the documentation anew, into each of `DOCUMENTS`.

A test holds the tables as they stand against what this would write.
"""

import ast
import json
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args, get_type_hints

import formula
from fields import CODES, FIELD_TYPES
from formula.excel import EQUIVALENTS, instead_of
from pyairtable_app.clients import CLIENTS
from pyairtable_app.settings import VARIABLES
from pyairtable_mcp import TOOLSETS, parameters_of, scopes_of

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "docs/fields.md", "docs/formulas.md", "docs/installing.md")


def main() -> None:
    """Rewrite the documents."""
    for name in DOCUMENTS:
        document = ROOT / name
        document.write_text(with_tables(document.read_text(encoding="utf-8")), encoding="utf-8")


def with_tables(text: str) -> str:
    """The text with each marked table made anew."""
    tables = {
        "tools": tool_table,
        "settings": settings_table,
        "field types": field_type_table,
        "strict options": strict_option_table,
        "problem codes": problem_table,
        "formula functions": function_table,
        "formula switches": switch_table,
        "formula limits": limit_table,
        "extended functions": extended_table,
        "clients": client_table,
        "scopes": scope_table,
    }
    for name, write in tables.items():
        if f"<!-- {name} -->" not in text:
            continue
        table = write()
        block = f"<!-- {name} -->\n{table}<!-- end of {name} -->"
        text = re.sub(
            rf"<!-- {name} -->\n.*?<!-- end of {name} -->",
            lambda _, block=block: block,
            text,
            flags=re.DOTALL,
        )
    return text


def tool_table() -> str:
    """A row a tool: toolset, name, parameters (the required ones bold), whether it writes, what it does."""
    rows = ["| Toolset | Tool | Parameters | Writes | What it does |", "|---|---|---|---|---|"]
    for toolset, tool in ((toolset, tool) for toolset, tools in TOOLSETS.items() for tool in tools):
        parameters = ", ".join(
            f"**{name}**" if required else name for name, required in parameters_of(tool).items()
        )
        writes = "" if tool.effect.reads_only else "yes"
        rows.append(f"| {toolset} | `{tool.name}` | {parameters} | {writes} | {tool.description} |")
    return "\n".join(rows) + "\n"


def settings_table() -> str:
    """A row a variable of the environment."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    rows += [f"| `{one.name}` | {one.default} | {one.meaning} |" for one in VARIABLES]
    return "\n".join(rows) + "\n"


def client_table() -> str:
    """A row a client: its name for `config`, its file on Linux, its words, how it comes by a secret."""
    rows = [
        "| `config` | Client | Its file on Linux | Servers under | A secret | One click |",
        "|---|---|---|---|---|---|",
    ]
    for client in CLIENTS.values():
        file = str(client.place.path("linux", Path("~"), {}))
        secret = (
            "asks for it"
            if client.asks_person
            else "looks up a variable"
            if client.reference
            else "in the file"
        )
        link = "a link" if client.link else "a command" if client.command else ""
        rows.append(
            f"| `{client.name}` | {client.title} | `{file}` | `{client.section}` | {secret} | {link} |"
        )
    return "\n".join(rows) + "\n"


def scope_table() -> str:
    """A row a toolset: the scopes that its tools need, those for writing apart."""
    rows = ["| Toolset | To read | To write too |", "|---|---|---|"]
    for toolset, tools in TOOLSETS.items():
        reading = dict.fromkeys(
            scope for tool in tools if tool.effect.reads_only for scope in scopes_of(tool)
        )
        every = dict.fromkeys(scope for tool in tools for scope in scopes_of(tool))
        writing = [scope for scope in every if scope not in reading]
        shown = (", ".join(f"`{scope}`" for scope in scopes) for scopes in (reading, writing))
        rows.append(f"| {toolset} | {' | '.join(shown)} |")
    return "\n".join(rows) + "\n"


def field_type_table() -> str:
    """A row a field type: what a value is, how it shows, what may be done with it, its options."""
    rows = [
        "| Type | Value (REST) | Its text | Written | Made by the API | Primary | Options |",
        "|---|---|---|---|---|---|---|",
    ]
    for member in FIELD_TYPES.values():
        example = member.examples[0]
        can = [not member.computed, member.creatable, member.can_be_primary]
        marks = " | ".join("yes" if each else "" for each in can)
        value = in_cell(json.dumps(example.value, ensure_ascii=False))
        properties: Mapping[str, Any] = member.options_schema.get("properties", {})
        options = ", ".join(properties) if member.creatable else "read only"
        rows.append(f"| `{member.name}` | `{value}` | {in_cell(example.text)} | {marks} | {options} |")
    return "\n".join(rows) + "\n"


def strict_option_table() -> str:
    """A row an option that strict mode understands and Airtable does not keep."""
    rows = ["| Type | Option | JSON | What it asks |", "|---|---|---|---|"]
    rows += [
        f"| `{member.name}` | `{name}` | {schema['type']} | {in_cell(option_words(schema))} |"
        for member in FIELD_TYPES.values()
        for name, schema in member.strict_options.items()
    ]
    return "\n".join(rows) + "\n"


def option_words(schema: Mapping[str, Any]) -> str:
    """What the option asks, with the words that it may be."""
    words = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    told = str(schema["description"])
    return f"{told}: {', '.join(words)}" if words else told


def problem_table() -> str:
    """A row a code that a problem or a warning may have."""
    rows = ["| Code | Meaning |", "|---|---|"]
    rows += [f"| `{code}` | {in_cell(meaning)} |" for code, meaning in CODES.items()]
    return "\n".join(rows) + "\n"


def function_table() -> str:
    """A row a category of Airtable's functions."""
    rows = ["| Category | Functions |", "|---|---|"]
    members = formula.FUNCTIONS.values()
    for category in dict.fromkeys(member.category for member in members):
        names = [member.name for member in members if member.category == category]
        rows.append(f"| {category} | {', '.join(names)} |")
    return "\n".join(rows) + "\n"


def switch_table() -> str:
    """A row a disputed point: its switch, its choices with the default first, what is disputed and why so."""
    rows = ["| Switch | Choices | What is disputed, and why the first is the default |", "|---|---|---|"]
    for name, about in attribute_docs("switches.py", "Switches").items():
        first, *others = get_args(get_type_hints(formula.Switches)[name])
        choices = ", ".join([f"**{first}**", *others])
        rows.append(f"| `{name}` | {choices} | {in_cell(about)} |")
    return "\n".join(rows) + "\n"


def limit_table() -> str:
    """A row a limit."""
    rows = ["| Limit | Default | What it bounds |", "|---|---|---|"]
    for name, about in attribute_docs("limits.py", "Limits").items():
        rows.append(f"| `{name}` | {getattr(formula.Limits(), name):,} | {in_cell(about)} |")
    return "\n".join(rows) + "\n"


def attribute_docs(file: str, name: str) -> dict[str, str]:
    """What is written under each attribute of a class of the formula room."""
    tree = ast.parse((ROOT / "src" / "formula" / file).read_text(encoding="utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    found: dict[str, str] = {}
    for attribute, about in pairwise(body):
        match attribute, about:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found


def extended_table() -> str:
    """A row a function of the extended dialect: call, meaning, example, what Airtable has instead."""
    rows = ["| Function | What it does | Example | In Airtable |", "|---|---|---|---|"]
    for member in formula.EXTENDED_FUNCTIONS.values():
        instead = instead_of(member.name)
        cells = [
            f"`{member.signature}`",
            in_cell(member.doc.split("\n\n")[0]),
            f"`{in_cell(member.examples[0])}`",
            f"`{in_cell(instead)}`" if member.name in EQUIVALENTS else in_cell(instead),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def in_cell(text: str) -> str:
    """The text as a cell of a table may hold it."""
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    main()
