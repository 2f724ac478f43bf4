"""The words of the default policy."""

import string
import tomllib
import unicodedata
from importlib.resources import files

import pytest

ROWS = tomllib.loads(files("vbdaemon.rules").joinpath("policy.toml").read_text("utf-8"))["finding"]
BY_CODE = {row["code"]: row for row in ROWS}
PLACES = {"form", "signer", "printed", "issuer", "signed_at", "missing", "urls", "file", "detail", "account"}

DEFAULTS = {
    "QUARANTINE": "secret-marking malware quarantined-by-person",
    "REJECT": "unreadable-file paper-only-form organisation-signature-missing person-signature-or-scan-missing"
    " signature-broken altered-after-signing certificate-revoked certificate-expired-at-signing"
    " draft-from-non-leader draft-without-to-trinh rejected-by-person",
    "HOLD": "unreadable-file-held form-unlisted form-unknown form-ambiguous budget-decision-unclear no-document"
    " not-an-agency-document scan-evidence-unclear signature-account-missing person-not-the-signer"
    " signature-role-unknown signer-not-issuer earlier-signature-broken certificate-expired-claimed"
    " certificate-untrusted signature-undecidable draft-sender-unknown sender-unknown recipient-unknown"
    " mis-addressed no-route duplicate-differs refusal-needs-person no-verdict processing-failed ocr-unavailable"
    " held-by-person recall-requested",
    None: "paper-also-due revocation-unknown weak-digest signature-position annex-unsigned red-seal-not-seen"
    " editable-file-missing number-unread duplicate changed-between-signatures certificate-confirmed outside-scope"
    " publisher-signature format-margins format-font format-number",
}
EXPECTED = [(code, verdict) for verdict, codes in DEFAULTS.items() for code in codes.split()]
RE_OPENING = {
    "certificate-expired-claimed",
    "certificate-untrusted",
    "revocation-required",
    "authority-not-for-role",
    "draft-sender-unknown",
    "no-route",
    "ocr-unavailable",
    "plugin-off",
    "recipient-unknown",
    "revocation-unknown",
    "sender-unknown",
    "signature-role-unknown",
    "signature-undecidable",
    "signer-not-issuer",
}


@pytest.mark.parametrize(("code", "verdict"), EXPECTED)
def test_every_code_of_the_contract_has_its_default_verdict(code, verdict):
    assert BY_CODE[code].get("verdict") == verdict


def test_every_code_stands_once():
    assert len(BY_CODE) == len(ROWS)


def test_exactly_these_holds_reopen_when_evidence_comes():
    assert {row["code"] for row in ROWS if row.get("evidence_may_come")} == RE_OPENING


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
class TestEachFinding:
    def test_the_message_is_one_vietnamese_sentence(self, row):
        message = row["message"]
        assert unicodedata.is_normalized("NFC", message)
        assert message.endswith(".")
        assert message.count(". ") == 0
        assert any(ord(letter) > 127 and letter.isalpha() for letter in message)

    def test_english_stands_beside(self, row):
        assert row["english"].endswith(".")
        assert row["english"] != row["message"]
        assert bool(row.get("remedy")) == bool(row.get("remedy_english"))

    def test_a_refusal_names_its_clause_and_the_way_to_mend_it(self, row):
        if row.get("verdict") == "REJECT":
            assert row["clause"]
            assert row["remedy"].endswith(".")

    def test_severity_and_verdict_agree(self, row):
        assert (row["severity"] == "error") == ("verdict" in row)

    def test_only_known_places_are_used(self, row):
        for key in ("message", "english", "remedy", "remedy_english"):
            used = {place for _, place, _, _ in string.Formatter().parse(row.get(key, "")) if place}
            assert used <= PLACES

    def test_the_message_reads_well_when_nothing_fills_its_places(self, row):
        bare = row["message"].format_map(dict.fromkeys(PLACES, ""))
        optional = bare.replace(" ()", "")  # places in brackets are dropped with them by the notice
        for hole in (" .", " ,", " :", ":.", '""', "“”", "None"):
            assert hole not in optional

    def test_no_sentence_offends_a_superior(self, row):
        assert "từ chối" not in (row["message"] + row.get("remedy", "")).casefold()
        assert "giả mạo" not in row["message"].casefold()

    def test_citations_end_without_a_stop(self, row):
        assert not row.get("clause", "").endswith(".")
        assert unicodedata.is_normalized("NFC", row.get("clause", ""))
