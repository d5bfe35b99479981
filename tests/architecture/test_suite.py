"""What the suite itself rests on."""

import pytest


@pytest.mark.xdist_group("kept-together")
def test_tests_of_a_group_stay_on_one_worker(request: pytest.FixtureRequest) -> None:
    """pytest-xdist says the group in the name; a pytest that drops it lets journeys that share an
    office run on several workers, and in any order."""
    if request.config.getoption("dist", "no") != "no":
        assert request.node.nodeid.endswith("@kept-together")
