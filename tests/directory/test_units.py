"""units.toml: units, accounts, folders; every mistake names unit and key."""

from pathlib import Path

import pytest

from vbdaemon.directory.units import load_listed, load_units
from vbdaemon.errors import DirectoryError
from vbdaemon.model import Account, AccountRole, Directory, Group, UnitChannel

ROOT = Path(__file__).parents[2]


def load(tmp_path: Path, text: str):
    file = tmp_path / "units.toml"
    file.write_text(text, encoding="utf-8")
    return load_units(file)


def mistakes(tmp_path: Path, text: str) -> str:
    with pytest.raises(DirectoryError, match=r"units\.toml: ") as raised:
        load(tmp_path, text)
    return str(raised.value)


def unit(code="H1", *lines: str) -> str:
    return "\n".join(["[[unit]]", f'code = "{code}"', f'name = "Đơn vị {code}"', *lines, ""])


def test_a_unit_with_a_folder_and_no_accounts_gets_the_two_usual_drops(tmp_path):
    (made,) = load(tmp_path, unit("H1", 'folder = "phong-noi-vu"'))
    assert made.accounts == (
        Account("H1/gui", AccountRole.CLERK, "gui"),
        Account("H1/gui-lanh-dao", AccountRole.LEADER, "gui-lanh-dao"),
    )


def test_named_accounts_replace_the_usual_ones(tmp_path):
    account = '[[unit.account]]\nname = "vt"\nrole = "specialist"\ndrop = "vao"\naddresses = ["vt@example.vn"]'
    (made,) = load(tmp_path, unit("H1", 'folder = "pnv"', account))
    assert made.accounts == (Account("vt", AccountRole.SPECIALIST, "vao", ("vt@example.vn",)),)


def test_a_unit_without_a_folder_has_no_drop(tmp_path):
    (made,) = load(tmp_path, unit())
    assert made.accounts == ()


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", ".vbdaemon", ".", "..", "", "a\\u0000b"])
def test_a_folder_name_is_one_plain_name(tmp_path, name):
    assert "(number 1): folder" in mistakes(tmp_path, unit("H1", f'folder = "{name}"'))
    account = f'[[unit.account]]\nname = "vt"\nrole = "clerk"\ndrop = "{name}"'
    assert "(number 1): account.0.drop" in mistakes(tmp_path, unit("H1", 'folder = "pnv"', account))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (unit("H1") + unit("H1"), "unit H1: this code stands twice"),
        (unit("H1", 'folder = "a"') + unit("H2", 'folder = "a"'), "unit H2: folder 'a' belongs to unit H1 already"),
        (unit("H1", 'parent = "H9"'), "unit H1: parent 'H9' is no unit of this file"),
        (
            unit("H1", '[[unit.account]]\nname = "vt"\nrole = "clerk"\ndrop = "gui"'),
            "unit H1: accounts have drop folders, but the unit has no folder",
        ),
        (
            unit("H1", 'folder = "a"')
            + '[[unit.account]]\nname = "a"\nrole = "clerk"\ndrop = "gui"\n'
            + '[[unit.account]]\nname = "b"\nrole = "leader"\ndrop = "gui"\n',
            "unit H1: two accounts share one drop folder",
        ),
        (unit("H" * 36), "(number 1): code"),
        (unit("H1", "servd = true"), "(number 1): servd: unknown key"),
        (unit("H1", '[[unit.account]]\nname = "vt"\nrole = "boss"'), "(number 1): account.0.role"),
        ("[[unit]]\n", "(number 1): code"),
    ],
)
def test_a_contradiction_is_told_in_words(tmp_path, text, words):
    assert words in mistakes(tmp_path, text)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('channels = ["paper"]', "unit H1 (number 1): channels leaves some out: say why"),
        ("channels = []", "(number 1): channels: "),
        ('channels = ["fax"]', "(number 1): channels.0: "),
        (
            'folder = "a"\n[[unit.account]]\nname = "a"\nrole = "clerk"\ndrop = "vao"\ninbox = "vao"',
            "a drop folder already",
        ),
        ('[[unit.account]]\nname = "a"\nrole = "clerk"\ninbox = "nhan-a"', "accounts have folders of their own"),
        ('[[group]]\ncode = "xa"', "group xa (number 1): name"),
        ('[[group]]\ncode = "xa"\nname = "A"\n[[group]]\ncode = "xa"\nname = "B"', "group xa: this code stands twice"),
        (
            '[[group]]\ncode = "xa"\nname = "Các xã"\n[[group]]\ncode = "ph"\nname = "B"\naliases = ["các xã"]',
            "group ph: 'các xã' is a name of group xa already",
        ),
    ],
)
def test_a_mistake_about_channels_inboxes_and_groups_is_told(tmp_path, lines, words):
    assert words in mistakes(tmp_path, unit("H1", lines))


def test_what_a_unit_can_use_and_whether_it_is_scored_are_read(tmp_path):
    usual, paper = load(
        tmp_path,
        unit("H1") + unit("H2", 'channels = ["paper", "mail"]', 'channels_note = " chưa có mạng "', "scored = false"),
    )
    assert (usual.channels, usual.channels_note, usual.scored) == (tuple(UnitChannel), "", True)
    assert paper.channels == (UnitChannel.MAIL, UnitChannel.PAPER)
    assert (paper.channels_note, paper.scored) == ("chưa có mạng", False)


def test_groups_have_names_and_their_units(tmp_path):
    file = tmp_path / "units.toml"
    group = '[[group]]\ncode = "xa"\nname = "UBND các xã"\naliases = ["các xã"]\n'
    file.write_text(group + unit("H1", 'groups = ["xa", "huyen"]') + unit("H2"), encoding="utf-8")
    listed = load_listed(file)
    assert listed.groups == (Group("xa", "UBND các xã", ("các xã",)),)
    directory = Directory(listed.units, groups=listed.groups)
    assert [u.code for u in directory.by_group["xa"]] == ["H1"]


def test_a_party_is_a_unit_or_a_person_of_it(tmp_path):
    directory = Directory(load(tmp_path, unit("H1", 'folder = "a"') + unit("H1/2") + unit("H3", 'folder = "b"')))
    assert directory.party("H1/2") == (directory.unit("H1/2"), None)
    assert directory.party("H3/gui-lanh-dao") == (directory.unit("H3"), directory.unit("H3").accounts[1])
    assert directory.party("H1/gui") == (directory.unit("H1"), directory.unit("H1").accounts[0])
    assert directory.party("H1/ai") is directory.party("H9") is directory.party("/") is None


def test_all_contradictions_are_told_at_once(tmp_path):
    told = mistakes(tmp_path, unit("H1", 'parent = "H8"') + unit("H1", 'parent = "H9"'))
    assert len(told.splitlines()) == 3


def test_a_circle_of_parents_ends(tmp_path):
    directory = Directory(load(tmp_path, unit("H1", 'parent = "H2"') + unit("H2", 'parent = "H1"') + unit("H3")))
    assert directory.is_above("H1", "H2")
    assert not directory.is_above("H3", "H1")


def test_a_directory_finds_units_by_code_and_parents_at_any_distance(tmp_path):
    directory = Directory(load(tmp_path, unit("H1") + unit("H2", 'parent = "H1"') + unit("H3", 'parent = "H2"')))
    assert directory.unit("H2").name == "Đơn vị H2"
    assert directory.unit("H9") is directory.unit(None) is None
    assert directory.is_above("H1", "H3")
    assert not directory.is_above("H3", "H1")


def test_a_missing_file_and_one_that_is_no_toml_are_mistakes_in_words(tmp_path):
    with pytest.raises(Exception, match="no directory of units here"):
        load_units(tmp_path / "absent.toml")
    with pytest.raises(Exception, match="not TOML"):
        load(tmp_path, "[[unit]\n")


def test_the_shipped_units_load():
    assert {u.code for u in load_units(ROOT / "config" / "units.toml")} >= {"H99.01"}
