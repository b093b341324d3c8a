"""Which tools a server offers."""

import pytest

from pyairtable_mcp import TOOLS, TOOLSETS, Selection, UnknownTool

CORE = [
    "list_tables",
    "get_records",
    "create_record",
    "update_record",
    "delete_record",
    "search_records",
    "create_metadata_table",
    "batch_create_records",
    "batch_update_records",
    "get_field_info",
    "analyze_table_data",
    "find_duplicates",
    "export_table_csv",
    "sync_tables",
]


def names(**wished):
    return [tool.name for tool in Selection(**wished).members()]


def test_the_default_is_the_fourteen_with_formulas_fields_and_history():
    assert names() == names(toolsets=["default"])
    assert names()[:14] == CORE
    assert names()[14:] == [
        "evaluate_formula",
        "validate_formula",
        "validate_record",
        "convert_field_preview",
        "list_bases",
        "get_record",
        "list_changes",
        "undo_change",
    ]


def test_all_offers_every_tool_of_every_toolset_once():
    assert names(toolsets=["all"]) == [tool.name for tool in TOOLS]
    assert len(set(names(toolsets=["all"]))) == sum(len(tools) for tools in TOOLSETS.values())


def test_toolsets_and_tools_add_up_in_the_fixed_order_however_they_are_named():
    wished = names(toolsets=["comments", "core"], tools=["list_views", "search_bases"])

    assert wished == names(tools=["search_bases", "list_views"], toolsets=["core", "comments"])
    assert wished[:14] == CORE
    assert wished[14:] == [
        "list_views",
        "search_bases",
        "list_comments",
        "create_comment",
        "update_comment",
        "delete_comment",
    ]


def test_tools_alone_are_offered_alone():
    assert names(tools=["list_tables", "get_record"]) == ["list_tables", "get_record"]


def test_exclusion_wins_over_what_offers_a_tool():
    assert names(tools=["list_tables", "get_record"], excluded=["get_record"]) == ["list_tables"]
    assert "sync_tables" not in names(excluded=["sync_tables"])


def test_read_only_wins_over_everything():
    offered = Selection(toolsets=["all"], tools=["delete_record", "create_base"], is_read_only=True).members()

    assert offered
    assert all(tool.effect.reads_only for tool in offered)
    assert [tool.name for tool in TOOLS if tool.effect.reads_only] == [tool.name for tool in offered]


@pytest.mark.parametrize(
    ("wished", "said"),
    [
        ({"toolsets": ["cores"]}, "no toolset 'cores'. Did you mean 'core'?"),
        ({"tools": ["get_recrds"]}, "no tool 'get_recrds'. Did you mean 'get_records'?"),
        ({"excluded": ["delete_recrod"]}, "Did you mean 'delete_record'?"),
        ({"toolsets": ["zzzzzzzz"]}, "There are: default, all, core"),
        ({"toolsets": ["core"], "tools": ["core"]}, "no tool 'core'"),
        ({"toolsets": ["core"], "excluded": ["no_such"], "is_read_only": True}, "no tool 'no_such'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(wished, said):
    with pytest.raises(UnknownTool) as refused:
        Selection(**wished).members()

    assert said in str(refused.value)
