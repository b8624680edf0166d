import pytest

from tests.audience.letterbox import some_lists


@pytest.fixture(autouse=True)
def lists(publication):
    """The lists that the Minato Institute has."""
    return some_lists()
