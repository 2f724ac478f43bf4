from datetime import date
from pathlib import Path

import pytest

from vbdaemon.errors import RuleSetError
from vbdaemon.model import Severity, TransmissionForm, VerdictKind
from vbdaemon.rules.loader import load_forms, load_policy, load_transmission

LIST = """
id = "site"
title = "Danh mục"
clause = "Quyết định số 1/QĐ-UBND"
valid_from = 2026-01-01
applies_to = ["huyen"]

[[rule]]
row = "1"
form = "bao-cao"
transmission = "electronic"
"""


def _file(folder: Path, text: str, name: str = "site.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _mistakes(error: pytest.ExceptionInfo[RuleSetError]) -> list[str]:
    return str(error.value).splitlines()


def test_all_forms_of_both_decrees_are_known():
    forms = {form.slug: form for form in load_forms()}
    assert len(forms) == 45
    assert forms["de-an"].abbreviations == ("ĐA",)
    assert forms["du-an"].abbreviations == ("DA",)
    assert forms["ban-ghi-nho"].abbreviations == ("BGN", "GN")
    assert forms["to-trinh"].name == "Tờ trình"
    assert {"sao-y", "trich-sao", "sao-luc", "luat", "nghi-dinh", "thong-tu", "thu-cong", "phieu-bao"} <= set(forms)


def test_648_holds_eleven_ten_and_eleven_rows_with_flags_and_citations():
    (rules,) = load_transmission()
    assert rules.id == "luc-nam-648-2019"
    assert rules.valid_from == date(2019, 4, 26)
    assert [sum(r.id.startswith(f"{n}-") for r in rules.rules) for n in ("I", "II", "III")] == [11, 10, 11]
    assert all(r.send and r.receive for r in rules.rules)
    assert rules.rule_for("cong-van").id == "I-9"
    assert rules.rule_for("kntc").transmission is TransmissionForm.ELECTRONIC_AND_PAPER
    assert rules.rule_for("giao-du-toan").id == "III-1"
    assert rules.rule_for("hop-dong").note == "Phụ lục III, số thứ tự 10 (Hợp đồng)"
    assert rules.rule_for("thu-cong") is None


def test_a_sites_list_is_read_from_a_file_and_from_a_folder(tmp_path: Path):
    path = _file(tmp_path, LIST)
    assert load_transmission(path) == load_transmission(tmp_path)
    assert load_transmission(path)[0].rules[0].form == "bao-cao"


def test_every_mistake_of_a_list_is_told_with_its_line(tmp_path: Path):
    text = LIST.replace('"electronic"', '"by-pigeon"').replace("2026-01-01", '"tomorrow"')
    text += '\n[[rule]]\nrow = "1"\nform = "bao-caos"\ntransmission = "paper"\nrecieve = true\n'
    path = _file(tmp_path, text)
    with pytest.raises(RuleSetError) as error:
        load_transmission(path)
    lines = _mistakes(error)
    assert [line.split(": ")[0] for line in lines] == [f"{path}:{n}" for n in (5, 11, 14, 15, 17)]
    assert '"recieve" is not known here' in lines[-1]
    assert '"bao-caos" is not known' in lines[3]


def test_a_list_that_is_no_toml_names_its_line(tmp_path: Path):
    path = _file(tmp_path, 'id = "site"\ntitle = \n')
    with pytest.raises(RuleSetError, match=rf"{path}:2: "):
        load_transmission(path)


def test_text_that_is_not_utf8_names_its_line(tmp_path: Path):
    path = tmp_path / "site.toml"
    path.write_bytes(b'id = "site"\ntitle = "\xff"\n')
    with pytest.raises(RuleSetError, match=rf"{path}:2: not UTF-8"):
        load_transmission(path)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(RuleSetError, match="cannot be read"):
        load_transmission(tmp_path / "none.toml")


def test_mistakes_in_several_files_are_told_together(tmp_path: Path):
    _file(tmp_path, LIST.replace("id =", "name ="), "a.toml")
    _file(tmp_path, LIST.replace('"bao-cao"', '"none"'), "b.toml")
    with pytest.raises(RuleSetError) as error:
        load_transmission(tmp_path)
    assert any("a.toml" in line for line in _mistakes(error))
    assert any("b.toml" in line for line in _mistakes(error))


def test_a_table_written_as_a_plain_key_is_a_mistake(tmp_path: Path):
    with pytest.raises(RuleSetError, match=r"\[\[rule\]\]"):
        load_transmission(_file(tmp_path, 'id = "a"\ntitle = "b"\nclause = "c"\nrule = ["x"]\n'))


def test_an_abbreviation_of_two_forms_is_a_mistake(tmp_path: Path):
    text = "".join(f'[[form]]\nslug = "{s}"\nname = "{s}"\nabbreviations = ["X"]\n' for s in "ab")
    with pytest.raises(RuleSetError, match=r'site.toml:8: the abbreviation "X"'):
        load_forms(_file(tmp_path, text))


def test_the_shipped_policy_rejects_holds_and_quarantines():
    rules = load_policy().by_code
    assert rules["secret-marking"].verdict is VerdictKind.QUARANTINE
    assert rules["paper-only-form"].verdict is VerdictKind.REJECT
    assert rules["form-unknown"].verdict is VerdictKind.HOLD
    assert rules["paper-also-due"].verdict is None
    assert rules["certificate-untrusted"].evidence_may_come


def test_a_site_changes_a_code_in_part_and_adds_its_own(tmp_path: Path):
    path = _file(
        tmp_path,
        '[[finding]]\ncode = "editable-file-missing"\nverdict = "REJECT"\n'
        '[[finding]]\ncode = "form-unlisted"\nverdict = "none"\nseverity = "note"\n'
        '[[finding]]\ncode = "own"\nseverity = "warning"\nmessage = "Tệp {file}."\nenglish = "File {file}."\n',
    )
    policy = load_policy(path, refusals="confirm")
    shipped = load_policy().by_code
    changed = policy.by_code
    assert policy.refusals == "confirm"
    assert changed["editable-file-missing"].verdict is VerdictKind.REJECT
    assert changed["editable-file-missing"].message == shipped["editable-file-missing"].message
    assert changed["form-unlisted"].verdict is None
    assert changed["form-unlisted"].severity is Severity.NOTE
    assert policy.finding("own", file="a.pdf").message == "Tệp a.pdf."
    assert len(policy.rules) == len(shipped) + 1


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        ('code = "own"\nmessage = "a"\nenglish = "b"', 1, '"severity" is missing'),
        ('code = "own"\nseverity = "grave"\nmessage = "a"\nenglish = "b"', 3, '"severity" must be one of'),
        ('code = "own"\nseverity = "note"\nverdict = "ACCEPT"\nmessage = "a"\nenglish = "b"', 4, "cannot be"),
        ('code = "form-unknown"\nmessage = "Tệp {file."', 3, "message"),
        ('code = "form-unknown"\nmessage = "Tệp {0}."', 3, "plain name"),
        ('code = "form-unknown"\nmesage = "a"', 3, '"mesage" is not known here'),
        ('code = "form-unknown"\nevidence_may_come = "yes"', 3, "true or false"),
    ],
)
def test_a_mistake_in_a_sites_policy_names_its_line(tmp_path: Path, lines: str, line: int, words: str):
    path = _file(tmp_path, f"[[finding]]\n{lines}\n")
    with pytest.raises(RuleSetError) as error:
        load_policy(path)
    assert _mistakes(error)[0].startswith(f"{path}:{line}: ")
    assert words in str(error.value)


def test_refusals_have_two_ways():
    with pytest.raises(RuleSetError, match="refusals"):
        load_policy(refusals="sometimes")
