"""The analysis of a base of 34 tables names what was planted, and little else."""

import pytest

from orchestrator.analysis import CATEGORIES, Collector, judge

SEEDS = [1, 2]
"""Each is another base: names, values and kinds of columns are drawn anew."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_planted_fault_is_named_and_no_more_than_one_finding_in_ten_is_false(
    seed, wide_bases, toolbox_over
):
    document, faults = wide_bases.make(seed)
    async with toolbox_over(document) as toolbox:
        base = await Collector(toolbox, "ada").collect("Wide")

    findings = judge(base)

    assert (len(base.tables), sum(len(table.columns) for table in base.tables)) == (34, 539)
    assert {category for category, *_ in faults} == set(CATEGORIES)
    found = {(one.category, one.issue, one.table, one.field) for one in findings}
    assert set(faults) - found == set()
    false = found - set(faults)
    assert len(false) <= len(found) / 10, sorted(false)
    for finding in findings:
        assert finding.evidence, finding
        assert finding.recommendation
        assert finding.description
        assert 0 < finding.confidence <= 1
