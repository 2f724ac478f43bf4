"""What a person sees of a command's side results."""

import pytest

pytestmark = pytest.mark.journey


def test_inspect_draws_what_was_found_on_the_page(station, papers, tmp_path):
    document, picture = tmp_path / "cv.pdf", tmp_path / "seen.png"
    document.write_bytes(papers("letter")[0].body)
    station.ask("inspect", str(document), "--show", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
