"""Write the generated tables of the documentation anew: tools and settings into README.md.

A test holds the tables as they stand against what this would write.
"""

import re
from pathlib import Path

from pyairtable_app.settings import VARIABLES
from pyairtable_mcp import TOOLS, parameters_of

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Rewrite README.md."""
    readme = ROOT / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8")


def with_tables(text: str) -> str:
    """The text with each marked table made anew."""
    for name, table in {"tools": tool_table(), "settings": settings_table()}.items():
        block = f"<!-- {name} -->\n{table}<!-- end of {name} -->"
        text = re.sub(
            rf"<!-- {name} -->\n.*?<!-- end of {name} -->",
            lambda _, block=block: block,
            text,
            flags=re.DOTALL,
        )
    return text


def tool_table() -> str:
    """A row a tool: name, parameters with the required ones in bold, whether it writes, what it does."""
    rows = ["| Tool | Parameters | Writes | What it does |", "|---|---|---|---|"]
    for tool in TOOLS:
        parameters = ", ".join(
            f"**{name}**" if required else name for name, required in parameters_of(tool).items()
        )
        writes = "" if tool.effect.reads_only else "yes"
        rows.append(f"| `{tool.name}` | {parameters} | {writes} | {tool.description} |")
    return "\n".join(rows) + "\n"


def settings_table() -> str:
    """A row a variable of the environment."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    rows += [f"| `{one.name}` | {one.default} | {one.meaning} |" for one in VARIABLES]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
