"""Every published attack on signed PDFs, beside an untouched twin that is accepted."""

import io

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel

from vbdaemon.model import SignatureStatus, VerdictKind

pytestmark = pytest.mark.slow


def test_an_attack_is_held_or_refused_and_its_untouched_twin_is_accepted(attack, signers, decide):
    forgery = attack.make(signers)
    assert forgery.attacked != forgery.twin
    before = decide(forgery.twin, scan=attack.scan)
    assert (before.verdict, before.codes) == (VerdictKind.ACCEPT, set())
    assert {report.status for report in before.reports} == {SignatureStatus.PASSED}
    after = decide(forgery.attacked, scan=attack.scan)
    assert after.verdict in (VerdictKind.HOLD, VerdictKind.REJECT)
    assert after.codes & set(attack.codes), after.codes


def levels(pdf: bytes) -> list[ModificationLevel]:
    found = []
    for signature in PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures:
        signature.compute_integrity_info(DEFAULT_DIFF_POLICY)
        found.append(signature.diff_result.modification_level)
    return found


@pytest.mark.parametrize("name", ["shadow-replace-by-form-overlay", "shadow-replace-sealed-by-another-body"])
def test_a_form_overlay_that_the_default_rules_accept_is_refused(name, signers, decide, all_attacks):
    attack = next(a for a in all_attacks if a.name == name)
    attacked = attack.make(signers).attacked
    assert ModificationLevel.FORM_FILLING in levels(attacked), "the library alone would let it pass"
    assert decide(attacked).codes == {"altered-after-signing"}


def test_a_signature_that_the_library_finds_intact_and_valid_can_be_wrapped(signers, verify, all_attacks):
    attack = next(a for a in all_attacks if a.name == "wrapping")
    wrapped = next(r for r in verify(attack.make(signers).attacked) if r.field == "CoQuan")
    assert (wrapped.intact, wrapped.altered_after) == (True, True)


@pytest.mark.parametrize("blanks", [b"\n", b"\r\n\r\n", b" \x00"])
def test_blanks_after_the_end_alter_nothing(blanks, signers, decide, all_attacks):
    twin = all_attacks[0].make(signers).twin
    assert decide(twin + blanks).verdict is VerdictKind.ACCEPT
