"""`vbdaemon inspect`: the whole decision on files, exactly as the design fixes its JSON."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.journey

SUBMISSION = {"schema", "path", "verdict", "reasons", "findings", "seconds", "files", "documents"}
FILE = {"name", "role", "sha256", "media_type", "size"}
DOCUMENT = {"main", "classification", "signatures", "findings", "verdict", "reasons"}
CLASSIFICATION = {
    "form", "form_name", "number", "symbol", "date", "issuer", "subject", "signer", "addressees", "recipients",
    "electronic_recipients", "deadlines", "secrecy", "urgency", "draft", "channel", "rule", "confidence", "source",
}  # fmt: skip
SIGNATURE = {
    "file", "field", "status", "subindication", "role", "signer", "signed_at", "time_source", "covers_whole_file",
    "altered_after", "digest", "revocation", "position", "chain",
}  # fmt: skip
FINDING = {"code", "severity", "message", "clause", "evidence"}
VERDICTS = {"ACCEPT", "REJECT", "HOLD", "QUARANTINE"}


def inspect(*words, cwd):
    environment = {key: value for key, value in os.environ.items() if key != "VBDAEMON_CONFIG"}
    return subprocess.run(
        (sys.executable, "-m", "vbdaemon", *words),
        cwd=cwd,
        capture_output=True,
        check=False,
        text=True,
        env=environment,
        timeout=120,
    )


@pytest.fixture(scope="module")
def folder(papers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inspect")
    for case in ("letter", "unsigned", "secret"):
        (folder / f"{case}.pdf").write_bytes(papers(case)[0].body)
    (folder / "rác.bin").write_bytes(b"\0\1\2 nothing known")
    (folder / "trống.pdf").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def config(station_in, tmp_path_factory):
    """A site with the demo agency's directory and trust."""
    return str(station_in(tmp_path_factory.mktemp("site") / "site").config)


@pytest.fixture(scope="module")
def told(folder, config):
    """All five in one call, by stem."""
    names = sorted(path.name for path in folder.iterdir())
    done = inspect("--config", config, "inspect", *names, "--json", cwd=folder)
    assert done.returncode == 1, done.stderr
    elements = json.loads(done.stdout)
    assert [element["path"] for element in elements] == names
    return {element["path"].partition(".")[0]: element for element in elements}


def test_every_element_has_exactly_the_keys_of_the_contract_or_more_facts(told):
    for element in told.values():
        assert set(element) == SUBMISSION
        assert element["schema"] == 1
        assert element["verdict"] in VERDICTS
        assert isinstance(element["seconds"], float)
        assert element["documents"]
        assert all(set(file) == FILE for file in element["files"])
        for document in element["documents"]:
            assert set(document) == DOCUMENT
            assert document["verdict"] in VERDICTS
            assert document["classification"] is None or set(document["classification"]) >= CLASSIFICATION
            assert all(set(signature) >= SIGNATURE for signature in document["signatures"])
            assert all(set(finding) >= FINDING for finding in document["findings"])
            assert {finding["severity"] for finding in document["findings"]} <= {"error", "warning", "note"}


def test_a_letter_is_described_field_by_field(told, agency):
    (document,) = told["letter"]["documents"]
    kind = document["classification"]
    assert (kind["form"], kind["form_name"]) == ("cong-van", "Công văn")
    assert (kind["number"], kind["symbol"]) == ("15", "PNV-TCCC")
    assert kind["date"] == agency.today.isoformat()
    assert kind["signer"] == {"authority": None, "title": "TRƯỞNG PHÒNG", "name": "Trần Thị Hoài Thu"}
    assert kind["addressees"] == ["Ủy ban nhân dân xã Hạ Lam", "Ủy ban nhân dân thị trấn Bến Lam"]
    assert (kind["secrecy"], kind["urgency"], kind["draft"]) == (None, None, False)
    assert kind["channel"] == "electronic"
    assert all(0.0 <= value <= 1.0 for value in kind["confidence"].values())
    assert set(kind["source"].values()) <= {"text", "widget", "ocr", "metadata"}
    person, organisation = document["signatures"]
    assert (person["role"], organisation["role"]) == ("person", "organisation")
    assert organisation["status"] == "PASSED"
    assert organisation["position"] == {"page": 1, "area": "signature-block"}
    assert organisation["signed_at"].endswith(("+00:00", "+07:00"))
    assert organisation["time_source"] == "timestamp"
    assert len(organisation["chain"]) == 3


def test_a_refusal_names_code_message_and_clause(told):
    document = told["unsigned"]["documents"][0]
    assert told["unsigned"]["verdict"] == "REJECT"
    assert told["unsigned"]["reasons"] == document["reasons"]
    finding = next(f for f in document["findings"] if f["code"] == "organisation-signature-missing")
    assert "552/UBND" in finding["clause"]


def test_of_a_secret_document_only_hashes_and_the_mark_are_told(told, papers):
    element = told["secret"]
    assert element["verdict"] == "QUARANTINE"
    for document in element["documents"]:
        kind = document["classification"]
        assert kind["secrecy"] == "mat"
        for key in CLASSIFICATION - {"secrecy"}:
            assert kind[key] in (None, [], {}), key
        assert document["signatures"] == []
        assert len(document["main"]) == 64
    assert all(file["name"] == file["sha256"] for file in element["files"])
    told_all = json.dumps(element["documents"] + element["files"], ensure_ascii=False)
    assert "minh họa" not in told_all
    assert "secret" not in told_all.replace("secret-marking", "")


def test_what_is_no_document_still_has_one_entry(told):
    for name in ("rác", "trống"):
        (document,) = told[name]["documents"]
        assert document["classification"] is None
        assert document["findings"]
    assert told["trống"]["verdict"] == "REJECT"


def test_without_settings_shipped_rules_judge_and_nothing_is_written(folder, tmp_path):
    (tmp_path / "cv.pdf").write_bytes((folder / "letter.pdf").read_bytes())
    done = inspect("inspect", "cv.pdf", "--json", cwd=tmp_path)
    element = json.loads(done.stdout)[0]
    assert element["documents"][0]["classification"]["symbol"] == "PNV-TCCC"
    assert "sender-unknown" not in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["cv.pdf"]
    assert "Traceback" not in done.stderr


def test_the_checks_of_sender_and_recipient_run_when_they_are_named(folder, config):
    done = inspect("--config", config, "inspect", "letter.pdf", "--from", "la@example.vn", "--json", cwd=folder)
    assert "sender-unknown" in json.loads(done.stdout)[0]["reasons"]
    done = inspect(
        "--config", config, "inspect", "letter.pdf", "--from", "phong-noi-vu@example.vn", "--json", cwd=folder
    )
    element = json.loads(done.stdout)[0]
    assert (done.returncode, element["verdict"]) == (0, "ACCEPT")


def test_together_several_paths_are_one_submission(folder, config):
    done = inspect("--config", config, "inspect", "--together", "letter.pdf", "unsigned.pdf", "--json", cwd=folder)
    (element,) = json.loads(done.stdout)
    assert len(element["documents"]) == 2
    assert element["verdict"] == "REJECT"


def test_a_path_that_is_not_there_is_a_mistake_of_the_caller(tmp_path):
    done = inspect("inspect", "không có.pdf", cwd=tmp_path)
    assert done.returncode == 2
    assert "không có.pdf" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_name_that_is_no_text_is_shown_as_well_as_can_be(tmp_path):
    (tmp_path / os.fsdecode(b"h\xff\n'\".pdf")).write_bytes(b"%PDF-1.4\n%%EOF\n")
    done = inspect("inspect", ".", "--json", cwd=tmp_path)
    (element,) = json.loads(done.stdout)
    assert element["verdict"] in VERDICTS
    assert "Traceback" not in done.stderr


def test_for_people_each_path_has_a_line_with_its_verdict(folder, config):
    done = inspect("--config", config, "inspect", "letter.pdf", "unsigned.pdf", cwd=folder)
    lines = done.stdout.splitlines()
    assert any(line.startswith("unsigned.pdf: REJECT") for line in lines)
    assert any("organisation-signature-missing" in line and "552/UBND" in line for line in lines)
