"""Expected mistakes: one line with the remedy on stderr, an exit code, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

DONE, FAILED, USAGE = 0, 1, 2


def told_in_one_line(done, code, *words):
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr + done.stdout
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0]


def test_a_missing_settings_file_is_named_and_init_is_proposed(station):
    station.config.unlink()
    for command in ("run", "list", "check"):
        told_in_one_line(station.ask(command), USAGE, "vbdaemon.toml", "vbdaemon init")


@pytest.mark.skipif(Path("/etc/vbdaemon/vbdaemon.toml").exists(), reason="this machine has a site of its own")
def test_a_folder_without_settings_says_where_it_looked(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "VBDAEMON_CONFIG"}
    done = subprocess.run(
        (sys.executable, "-m", "vbdaemon", "list"),
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
        env=environment,
    )
    told_in_one_line(done, USAGE, "config/vbdaemon.toml", "--config", "vbdaemon init")


def test_what_is_not_toml_is_named_with_its_line(station):
    station.config.write_text("[office]\nname = \n", "utf-8")
    told_in_one_line(station.ask("run"), USAGE, "vbdaemon.toml", "line 2")


def test_every_mistaken_key_has_a_line_of_its_own(station):
    station.change("exchange", quiet_seconds=-1, colour="red")
    done = station.ask("run")
    assert done.returncode == USAGE
    assert "Traceback" not in done.stderr
    assert [line for line in done.stderr.splitlines() if "exchange.quiet_seconds" in line]
    assert [line for line in done.stderr.splitlines() if "exchange.colour: unknown key" in line]


def test_a_mistake_in_the_directory_names_the_unit(station):
    units = station.config.parent / "units.toml"
    units.write_text(units.read_text("utf-8").replace('parent = "H40.15"', 'parent = "H99.99"', 1), "utf-8")
    told_in_one_line(station.ask("run"), USAGE, "H40.15.00", "H99.99")


def test_an_unknown_id_is_told_with_where_to_look(station):
    station.start()
    assert station.stop() == DONE
    for words in (("show", "260101-XXXXXXXX"), ("hold", "260101-XXXXXXXX", "--reason", "thử")):
        told_in_one_line(station.ask(*words), FAILED, "260101-XXXXXXXX", "vbdaemon list")


def test_before_the_first_start_there_is_nothing_to_list(station):
    told_in_one_line(station.ask("list"), FAILED, "vbdaemon run")


def test_a_second_daemon_on_the_same_state_does_not_start(station):
    station.start()
    told_in_one_line(station.ask("run"), FAILED, "Another vbdaemon")
    assert station.alive
    assert station.stop() == DONE


def test_a_spool_that_cannot_be_written_is_told(station):
    station.change("spool", path=str(station.folder / "blocked" / "spool"))
    (station.folder / "blocked").write_bytes(b"a file, not a folder")
    done = station.ask("run")
    told_in_one_line(done, FAILED, "blocked")


def test_a_state_that_is_no_database_is_told(station):
    station.spool.mkdir(exist_ok=True)
    (station.spool / "state.sqlite3").write_bytes(b"not a database, but long enough to look like a file" * 40)
    for command in ("run", "list"):
        told_in_one_line(station.ask(command), FAILED, "database")


def test_a_broken_plugin_stops_the_start_with_its_file_and_hook(station):
    (station.folder / "plugins" / "wrong.py").write_text("def judge(:\n", "utf-8")
    station.change("plugins", enabled=["wrong"])
    told_in_one_line(station.ask("run"), USAGE, "wrong")


def test_words_that_are_no_command_are_a_mistake_of_usage(station):
    done = station.ask("lsit")
    assert done.returncode == USAGE
    assert "Traceback" not in done.stderr
    assert station.ask("hold", "x").returncode == USAGE  # no --reason


def test_check_finds_nothing_wrong_with_a_good_site_and_names_what_is(station):
    station.start()
    assert station.stop() == DONE
    problems = station.answer("check")
    assert [p for p in problems if p["weight"] == "error"] == []
    drop = station.exchange / "xa-ha-lam" / "gui"
    drop.rmdir()
    assert f"warning: 1 drop folders are not there, such as {drop}" in station.ask("check").stdout
    drop.write_bytes(b"")
    done = station.ask("check")
    assert done.returncode == FAILED
    assert f"error: {drop} is not there, and cannot be made" in done.stdout
    assert "remedy:" in done.stdout


def test_a_reader_that_hangs_up_is_no_mistake(station, papers):
    station.start()
    station.drop("phong-giao-duc/gui", "a.pdf", papers("unsigned")[0].body)
    station.settled(1)
    with subprocess.Popen(station.command("list", "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        listing.stdout.close()
        assert b"Traceback" not in listing.stderr.read()


def test_a_new_site_runs_as_it_was_written(station_in, tmp_path):
    from_scratch = type(station_in(tmp_path / "other"))(tmp_path / "new")
    words = (sys.executable, "-m", "vbdaemon", "init", str(from_scratch.folder))
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    assert done.returncode == DONE, done.stderr
    again = subprocess.run(words, capture_output=True, check=False, text=True)
    told_in_one_line(again, USAGE, "is there already")
    from_scratch.change("exchange", quiet_seconds=0, settle_seconds=0)
    from_scratch.start()
    try:
        from_scratch.drop("phong-noi-vu/gui", "trong.pdf", b"not a PDF at all\n%%EOF\n")
        from_scratch.settled(1)
        assert list((from_scratch.exchange / "phong-noi-vu" / "ket-qua").glob("*.html"))
        assert from_scratch.stop() == DONE
    finally:
        from_scratch.kill()
