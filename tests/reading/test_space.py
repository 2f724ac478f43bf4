"""User space to the page as shown."""

import pytest

from vbdaemon.reading.space import Space


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [(0, (10, 170, 30, 180)), (90, (20, 10, 30, 30)), (180, (70, 20, 90, 30)), (270, (170, 70, 180, 90))],
)
def test_a_box_is_where_it_is_shown(rotation, expected):
    # a page of 100 x 200 points; the box lies at its bottom left
    assert Space(0, 0, 100, 200, rotation).shown(10, 20, 30, 30) == expected


@pytest.mark.parametrize(
    ("rotation", "size"), [(0, (100, 200)), (90, (200, 100)), (180, (100, 200)), (270, (200, 100))]
)
def test_a_turned_page_swaps_its_sides(rotation, size):
    space = Space(5, 5, 105, 205, rotation)
    assert (space.width, space.height) == size


def test_a_cropped_page_begins_at_its_crop():
    assert Space(50, 50, 150, 250).shown(60, 230, 70, 240) == (10, 10, 20, 20)
