"""The two pictures of a refusal that people can look at in this repository."""

from pathlib import Path

import pytest
from PIL import Image

HERE = Path(__file__).parent / "pictures"


@pytest.mark.parametrize("name", ["refusal-html.png", "refusal-pdf.png"])
def test_the_picture_is_a_png_of_a_page_and_small(name):
    path = HERE / name
    assert path.stat().st_size < 300_000
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.height > picture.width > 800
