"""The real daemon on real files: what is judged is the document, not the case that hands it in."""

from dataclasses import replace

import pytest

from vbdaemon.clock import system_clock
from vbdaemon.demo.cases import CASES
from vbdaemon.demo.program import InstalledProgram
from vbdaemon.demo.runner import play
from vbdaemon.model import VerdictKind

BY_NAME = {case.name: case for case in CASES}

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


def test_swapping_two_demo_documents_swaps_their_verdicts(tmp_path):
    letter, unsigned, contract = BY_NAME["letter"], BY_NAME["unsigned"], BY_NAME["contract"]
    swapped = (replace(letter, files=unsigned.files), replace(unsigned, files=letter.files), contract)
    results, ending = play(tmp_path / "demo", system_clock, swapped, True, 120, InstalledProgram)
    assert ending == 0
    assert [result.submission and result.submission.verdict for result in results] == [
        VerdictKind.REJECT,
        VerdictKind.ACCEPT,
        VerdictKind.REJECT,
    ]
    assert [result.as_expected for result in results] == [False, False, True]
    assert "organisation-signature-missing" in results[0].submission.codes
    assert results[1].places("forward")
