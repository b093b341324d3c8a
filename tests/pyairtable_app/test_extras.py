"""A tool whose package is missing is found out when the server starts."""

import pytest

from pyairtable_app.errors import CannotServe
from pyairtable_app.extras import require_extras
from pyairtable_mcp import Selection


def test_a_tool_without_its_package_ends_the_start_and_says_how_to_install_it():
    tools = Selection(toolsets=["mirror"]).members()

    with pytest.raises(CannotServe, match=r"query_mirror needs .*pyairtable-mcp\[sql\].*--exclude-tools"):
        require_extras(tools, {"sql": "package_that_nobody_has"})


def test_a_tool_with_its_package_starts_and_one_that_is_not_offered_needs_none():
    require_extras(Selection(toolsets=["all"]).members())
    require_extras(Selection().members(), {"sql": "package_that_nobody_has"})
