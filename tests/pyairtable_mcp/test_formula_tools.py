"""Formulas and values, tested before they are used."""

import pytest


async def test_a_formula_is_evaluated_on_given_values(call):
    nothing = {"base_id": None, "table_id": None}
    typed = await call("evaluate_formula", **nothing, formula="{A} & 1", fields={"A": 2})
    dated = await call(
        "evaluate_formula",
        **nothing,
        formula='DATETIME_FORMAT({D}, "YYYY/MM")',
        fields={"D": "2026-11-23"},
        field_types={"D": "date"},
    )
    failing = await call("evaluate_formula", **nothing, formula="1/0")

    assert typed["value"] == "21"
    assert dated["value"] == "2026/11"
    assert failing["value"] == {"specialValue": "Infinity"}


async def test_a_formula_is_evaluated_on_chosen_records_as_airtable_would(call):
    formula = 'IF({Owner} = "Ada O\'Brien", RECORD_ID(), {Double})'

    by_id = await call(
        "evaluate_formula", formula=formula, record_ids=["recTask0000000001", "recTask0000000002"]
    )
    filtered = await call(
        "evaluate_formula", formula="{Hours} * 2 = {Double}", filter_by_formula='{Status} = "Done"'
    )

    assert {row["id"]: row["value"] for row in by_id["results"]} == {
        "recTask0000000001": 1,
        "recTask0000000002": "recTask0000000002",
    }
    assert filtered["evaluated"] == 10
    assert all(row["value"] == 1 for row in filtered["results"])


async def test_a_formula_that_cannot_work_is_refused_with_every_problem(call):
    text = await call.refused("evaluate_formula", formula="SUMM({Hors})")

    assert "SUMM" in text
    assert "Hors" in text
    assert "Hours" in text


async def test_validate_formula_points_at_what_is_wrong(call):
    good = await call("validate_formula", formula='IF({Hours} > 1, "a", "b")')
    unknown = await call("validate_formula", formula="{Hous} + 1")
    broken = await call("validate_formula", formula="IF({Hours}, 1")
    alone = await call("validate_formula", base_id=None, table_id=None, formula="{Anything} + 1")

    assert good["valid"]
    assert good["depends_on"] == ["Hours"]
    assert not unknown["valid"]
    assert "Hours" in str(unknown["problems"])
    assert not broken["valid"]
    assert broken["problems"][0]["code"] == "syntax"
    assert alone["valid"]


async def test_a_table_without_its_base_is_refused(call):
    text = await call.refused("validate_formula", base_id=None, formula="1")

    assert "go together" in text


async def test_validate_record_judges_new_and_changed_records(call):
    good = await call("validate_record", fields={"Name": "x", "Hours": 1})
    bad = await call(
        "validate_record", fields={"Hours": "much", "Status": "Dne"}, record_id="recTask0000000001"
    )
    missing = await call.refused("validate_record", fields={"Hours": 1}, record_id="recMissing0000000")

    assert good["valid"]
    assert good["fields"] == {"Name": "x", "Hours": 1}
    assert {problem["path"] for problem in bad["problems"]} == {"Hours", "Status"}
    assert "recMissing0000000" in missing


async def test_a_conversion_is_shown_before_it_is_made(call):
    await call("create_record", fields={"Name": "17"})

    numbers = await call("convert_field_preview", field="Name", to_type="number")
    choices = await call("convert_field_preview", field="Owner", to_type="multipleSelects", sample_size=4)
    unknown = await call.refused("convert_field_preview", field="Name", to_type="integer")

    assert numbers["records"] == 31
    assert numbers["verdict"] != "lossless"
    assert sum(numbers["counts"].values()) == 31
    assert all(loss["why"] or loss["to"] is not None for loss in numbers["losses"])
    assert all(loss["why"] for loss in numbers["losses"])
    assert choices["new_choices"] == ['Bob "B" \\ {x}', "Ada O'Brien"]
    assert "raise sample_size" in choices["note"]
    assert "number" in unknown


@pytest.mark.parametrize(
    ("to_type", "to_options", "named"),
    [
        ("number", {"precision": "x"}, "precision"),
        ("number", {"precison": 2}, "precison"),
        ("dateTime", {"timeZone": "Mars/Olympus"}, "Mars/Olympus"),
        ("rating", {"max": 11}, "max"),
        ("singleSelect", {"choices": [{"name": "a"}, {"name": "a"}]}, "twice"),
    ],
)
async def test_a_conversion_to_options_that_cannot_be_is_refused(call, to_type, to_options, named):
    refused = await call.refused(
        "convert_field_preview", field="Name", to_type=to_type, to_options=to_options
    )

    assert named in refused


async def test_options_that_are_still_to_be_chosen_may_be_left_out_of_a_preview(call):
    shown = await call("convert_field_preview", field="Name", to_type="rating", to_options={"max": 5})

    assert shown["to_type"] == "rating"


async def test_record_ids_that_are_not_there_are_named(call):
    ids = ["recTask0000000001", "recMissing0000001", "recTask0000000003"]

    answer = await call("evaluate_formula", formula="{Hours}", record_ids=ids)
    filtered = await call(
        "evaluate_formula", formula="{Hours}", record_ids=ids, filter_by_formula='{Status}="Todo"'
    )
    wrong = await call.refused("evaluate_formula", formula="1", record_ids=["') OR 1=1"])

    assert answer["missing"] == ["recMissing0000001"]
    assert answer["evaluated"] == 2
    assert filtered["missing"] == ["recTask0000000001", "recMissing0000001"]
    assert "is no record id" in wrong


async def test_hundreds_of_record_ids_are_all_evaluated(call):
    ids = [f"recTask{number:010}" for number in range(1, 31)] + [f"recNope{n:010}" for n in range(600)]

    answer = await call("evaluate_formula", formula="{Hours}", record_ids=ids)

    assert answer["evaluated"] == 30
    assert len(answer["missing"]) == 600


async def test_values_given_beside_a_table_have_its_types_and_stand_in_for_its_cells(call):
    alone = await call("evaluate_formula", formula="{Hours} + {Double}", fields={"hours": 3, "Double": 4})
    replaced = await call(
        "evaluate_formula",
        formula="{Hours} & {Name}",
        fields={"fldHours000000001": 7},
        record_ids=["recTask0000000002"],
    )
    unknown = await call.refused("evaluate_formula", formula="1", fields={"Huors": 1})

    assert alone["value"] == 7
    assert replaced["results"] == [{"id": "recTask0000000002", "value": "7Task 2"}]
    assert '"Hours"' in unknown


async def test_an_unknown_field_type_is_refused_with_the_nearest(call):
    nothing = {"base_id": None, "table_id": None}

    text = await call.refused("evaluate_formula", **nothing, formula="1", field_types={"A": "numbr"})

    assert "no type 'numbr'" in text
    assert '"number"' in text


async def test_records_cannot_be_chosen_without_a_table(call):
    nothing = {"base_id": None, "table_id": None}

    text = await call.refused("evaluate_formula", **nothing, formula="1", record_ids=["recTask0000000001"])

    assert "base_id and table_id" in text


async def test_links_to_records_that_do_not_exist_are_problems(call):
    good = await call("validate_record", fields={"Name": "x", "Owner": ["recAda00000000001"]})
    bad = await call("validate_record", fields={"Owner": ["recAda00000000001", "recNobody00000001"]})
    many = await call("validate_record", fields={"Owner": [f"recMany{n:010}" for n in range(150)]})

    assert good["valid"]
    assert not bad["valid"]
    assert [problem["code"] for problem in bad["problems"]] == ["unknown_record"]
    assert "recNobody00000001" in bad["problems"][0]["message"]
    assert "recAda" not in bad["problems"][0]["message"]
    assert many["valid"]
    assert "not_looked_up" in [warning["code"] for warning in many["warnings"]]
