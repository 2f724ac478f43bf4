"""`vbdaemon units export|import`: the directory goes to Excel and comes back, checked, shown, never half."""

import time

import pytest

from vbdaemon.directory.units import load_listed, load_units
from vbdaemon.directory.units_file import units_toml
from vbdaemon.errors import ConfigurationError, DirectoryError
from vbdaemon.model import Account, AccountRole, Unit, UnitChannel

pytestmark = pytest.mark.slow


@pytest.fixture
def units(site):
    return lambda: load_units(site.folder / "config" / "units.toml")


def beside(site) -> list[str]:
    return sorted(p.name for p in (site.folder / "config").iterdir() if p.name.startswith((".", "units.toml.")))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_taken_back_changes_nothing(site, ending, tmp_path):
    file = str(tmp_path / f"don-vi.{ending}")
    assert "2 units and 0 accounts" in site.run("units", "export", file).output
    done = site.run("units", "import", file)
    assert "nothing to do" in done.output
    assert beside(site) == []


def test_a_changed_table_is_shown_and_written_and_the_former_file_stays(site, tmp_path, units):
    path = site.folder / "config" / "units.toml"
    path.write_text("# ghi chú\n" + path.read_text("utf-8"), encoding="utf-8")
    table = tmp_path / "u.csv"
    table.write_text("code;name;parent\nH40.1;UBND huyện Bến Lam;\nH40.2;Phòng Nội vụ;H40.1\nX:9;Mới;\n", "utf-8")
    dry = site.run("units", "import", str(table), "--dry-run")
    assert "nothing was written" in dry.output
    assert beside(site) == []
    done = site.run("units", "import", str(table))
    assert done.exit_code == 0, done.output
    for words in ("+ X:9  Mới", "~ H40.2", "parent: - -> H40.1", "1 added, 2 changed, 0 removed", "its comments"):
        assert words in done.output
    assert "neither usual form" in done.stderr
    assert [unit.parent for unit in units()] == [None, "H40.1", None]
    (former,) = beside(site)
    assert "# ghi chú" in (site.folder / "config" / former).read_text("utf-8")


def test_an_import_keeps_the_groups_of_the_file(site, tmp_path):
    path = site.folder / "config" / "units.toml"
    group = '[[group]]\ncode = "xa"\nname = "UBND các xã"\naliases = ["các xã"]\n\n'
    path.write_text(group + path.read_text("utf-8"), encoding="utf-8")
    before = load_listed(path).groups
    table = tmp_path / "u.csv"
    table.write_text("code;groups;channels;channels_note\nH40.1;;;\nH40.2;xa;giấy;chưa nối mạng\n", "utf-8")
    assert site.run("units", "import", str(table)).exit_code == 0
    after = load_listed(path)
    assert after.groups == before != ()
    assert (after.units[1].groups, after.units[1].channels) == (("xa",), (UnitChannel.PAPER,))


def test_units_are_removed_only_after_a_yes(site, tmp_path, units):
    table = tmp_path / "u.csv"
    table.write_text("code;name\nH40.1;Ủy ban nhân dân huyện Bến Lam\n", encoding="utf-8")
    refused = site.run("units", "import", str(table), input="n\n")
    assert "- H40.2" in refused.output
    assert isinstance(refused.exception, DirectoryError)
    assert site.run("units", "import", str(table), input="").exit_code == 1
    assert len(units()) == 2
    assert beside(site) == []
    assert site.run("units", "import", str(table), "--yes").exit_code == 0
    assert len(units()) == 1


def test_an_import_that_the_daemon_would_not_take_writes_nothing(site, tmp_path, units):
    (site.folder / "config" / "routes.toml").write_text('[[route]]\nto = ["H40.2"]\n', encoding="utf-8")
    table = tmp_path / "u.csv"
    table.write_text("code;name\nH40.1;A\n", encoding="utf-8")
    done = site.run("units", "import", str(table), "--yes")
    assert isinstance(done.exception, DirectoryError)
    assert "routes.toml" in str(done.exception)
    assert len(units()) == 2
    assert beside(site) == []


def test_a_file_of_another_kind_is_a_mistake(site, tmp_path):
    for command in ("export", "import"):
        assert isinstance(site.run("units", command, str(tmp_path / "u.ods")).exception, ConfigurationError)
    assert "No such file" in str(site.run("units", "import", str(tmp_path / "u.csv")).exception)
    assert "can be written" in str(site.run("units", "export", str(tmp_path / "absent" / "u.csv")).exception)


def test_ten_thousand_units_go_out_and_come_back_in_seconds(site, tmp_path):
    many = tuple(
        Unit(
            f"H99.{n // 100:03d}.{n % 100:02d}",
            f"Đơn vị {n}",
            (f"ĐV {n}",),
            folder=f"dv-{n}",
            addresses=(f"dv{n}@example.vn",),
            accounts=(Account(f"vt{n}", AccountRole.CLERK, "gui", (f"vt{n}@example.vn",)),),
        )
        for n in range(10_000)
    )
    path = site.folder / "config" / "units.toml"
    path.write_text(units_toml(many), encoding="utf-8")
    began = time.process_time()
    assert load_units(path) == many
    loaded = time.process_time() - began
    file = str(tmp_path / "u.xlsx")
    site.run("units", "export", file)
    exported = time.process_time() - began - loaded
    path.write_text(units_toml(many[1:]), encoding="utf-8")
    began = time.process_time()
    done = site.run("units", "import", file)
    taken = time.process_time() - began
    assert "1 added, 0 changed, 0 removed" in done.output
    assert load_units(path) == many
    assert loaded < 3, "1 s, measured where nothing else runs"
    assert (exported, taken) < (10, 10), "5 s, measured where nothing else runs"
