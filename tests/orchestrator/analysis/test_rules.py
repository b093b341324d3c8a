"""The table of rules keeps its promises, and judging keeps to what was asked."""

from orchestrator.analysis import CATEGORIES, RULES, Base, Column, Table, judge


def people(**cells):
    """A table of twelve people with these columns of text."""
    columns = [Column(name, "singleLineText", {}, tuple(values)) for name, values in cells.items()]
    names = tuple(f"Person {number}" for number in range(12))
    first = Column("Name", "singleLineText", {}, names)
    return Table("tblPeople", "People", (first, *columns), primary="Name", views=1, sampled=12)


def judged(*tables, **options):
    return judge(Base("appOne", "One", tables), **options)


def test_each_category_has_rules_and_each_rule_says_what_it_looks_for_and_what_to_do():
    assert {rule.category for rule in RULES} == set(CATEGORIES)
    assert len({rule.issue for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.about, rule.issue
        assert rule.recommendation, rule.issue
        assert 0 < rule.confidence <= 1, rule.issue


def test_a_healthy_table_has_no_findings():
    assert judged(people(Nickname=[f"Nick {number}" for number in range(12)])) == []


def test_only_the_categories_that_were_asked_for_are_told():
    table = people(**{"Field 3": ["Yes", "No"] * 6})

    found = judged(table, categories=["naming_conventions"])

    assert [one.issue for one in found] == ["left_over_name"]


def test_only_the_tables_that_were_asked_for_are_told():
    table = people(**{"Field 3": ["a"] * 12})

    assert judged(table, tables=["tblOther"]) == []


def test_yes_and_no_are_one_finding_not_two():
    found = judged(people(Member=["Yes", "No"] * 6))

    assert [(one.issue, one.evidence) for one in found] == [("yes_or_no", {"counts": {"Yes": 6, "No": 6}})]


def test_the_most_urgent_finding_comes_first():
    doubled = Table(
        "tblTwice",
        "Twice",
        (Column("Field 1", "singleLineText", {}, ("Same",) * 12),),
        primary="Field 1",
        sampled=12,
    )

    assert [one.priority for one in judged(doubled)] == ["high", "low"]


def test_values_that_are_another_tables_records_shall_be_links():
    cities = Table(
        "tblCities",
        "Cities",
        (Column("Name", "singleLineText", {}, tuple(f"City {number}" for number in range(12))),),
        primary="Name",
        sampled=12,
    )
    table = people(Town=[f"City {number % 6}" for number in range(12)])

    [found] = judged(table, cities, categories=["relationships"])

    assert (found.issue, found.field) == ("text_instead_of_link", "Town")
    assert found.evidence == {"other_table": "Cities", "found": 6, "different": 6}
