"""Values as webhooks tell them, and back."""

from typing import Any

import pytest

from fields import rest_value, webhook_value

CHOICES = {"choices": [{"id": "selA", "name": "Todo", "color": "blueLight2"}, {"id": "selB", "name": "Done"}]}
NAMES = {"recA1": "Ada", "recB1": "Bob"}
TODO = {"id": "selA", "name": "Todo", "color": "blueLight2"}

CASES: list[tuple[str, Any, Any, Any]] = [
    ("singleSelect", "Todo", CHOICES, TODO),
    ("singleSelect", "New", CHOICES, {"name": "New"}),
    ("singleSelect", "Todo", None, {"name": "Todo"}),
    ("singleSelect", None, CHOICES, None),
    ("externalSyncSource", "Todo", CHOICES, TODO),
    ("multipleSelects", ["Todo", "Done"], CHOICES, [TODO, {"id": "selB", "name": "Done"}]),
    ("multipleRecordLinks", ["recA1"], None, [{"id": "recA1", "name": "Ada"}]),
    ("multipleRecordLinks", ["recX1"], None, [{"id": "recX1", "name": ""}]),
    ("number", 5, None, 5),
    ("singleCollaborator", {"id": "usrA1", "email": "a@x.com"}, None, {"id": "usrA1", "email": "a@x.com"}),
    ("formula", "x", None, "x"),
    ("multipleLookupValues", [5], None, [5]),
]


@pytest.mark.parametrize(("type", "value", "options", "form"), CASES)
def test_a_value_has_its_webhook_form_and_comes_back_from_it(
    type: str, value: Any, options: Any, form: Any
) -> None:
    assert webhook_value(type, value, options, names=NAMES) == form
    assert rest_value(type, form) == value


def test_a_lookup_is_told_by_linked_record_in_the_form_of_its_own_type() -> None:
    options = {"result": {"type": "singleSelect", "options": CHOICES}}

    form = webhook_value("multipleLookupValues", {"recB1": ["Done"], "recA1": ["Todo", "New"]}, options)

    assert form == {
        "valuesByLinkedRecordId": {
            "recB1": [{"id": "selB", "name": "Done"}],
            "recA1": [TODO, {"name": "New"}],
        },
        "linkedRecordIds": ["recB1", "recA1"],
    }
    assert [choice["name"] for choice in rest_value("multipleLookupValues", form)] == ["Done", "Todo", "New"]


def test_a_lookup_comes_back_in_the_order_of_its_links() -> None:
    by_record = {"recA1": [1], "recB1": [2, 3], "recC1": None}

    assert rest_value(
        "lookup", {"valuesByLinkedRecordId": by_record, "linkedRecordIds": ["recB1", "recA1"]}
    ) == [
        2,
        3,
        1,
    ]
    assert rest_value("lookup", {"valuesByLinkedRecordId": by_record}) == [1, 2, 3]
