"""What is made of an object once."""

from pyairtable_mcp.once import OncePerObject


class Numbers:
    """Numbers what it is given, in the order of being asked."""

    def __init__(self) -> None:
        self.given: list[list[int]] = []

    def __call__(self, given: list[int]) -> int:
        self.given.append(given)
        return len(self.given)


def test_the_same_object_gets_what_was_made_of_it_and_its_equal_gets_its_own():
    number = OncePerObject(Numbers(), most=10)
    first, equal = [1], [1]

    assert [number(first), number(first), number(equal), number(first)] == [1, 1, 2, 1]


def test_when_there_are_too_many_all_are_forgotten_and_made_again():
    number = OncePerObject(Numbers(), most=2)
    one, two, three = [1], [2], [3]

    told = [number(each) for each in (one, two, three, three, one)]

    assert told == [1, 2, 3, 3, 4]
