"""`vbdaemon check` names every problem with its remedy, and one that keeps it from looking hides no other."""

import json
import socket

import pytest
from typer.testing import CliRunner

from vbdaemon.cli.main import app


@pytest.fixture
def site(tmp_path):
    """A new site as `init` writes it."""
    made = CliRunner().invoke(app, ["init", str(tmp_path / "site")])
    assert made.exit_code == 0, made.output
    return tmp_path / "site"


def check(site, *words):
    return CliRunner().invoke(app, ["--config", str(site / "config" / "vbdaemon.toml"), "check", *words])


def told(site):
    return {problem["what"]: problem for problem in json.loads(check(site, "--json").stdout)}


def test_each_problem_comes_with_its_remedy(site):
    (site / "spool").mkdir(exist_ok=True)
    (site / "spool").chmod(0o755)
    problems = told(site)
    assert all(problem["remedy"] for problem in problems.values())
    assert problems[f"{site / 'spool'} can be read by others"]["remedy"] == f"chmod 700 {site / 'spool'}"
    assert problems[f"{site / 'spool'} can be read by others"]["weight"] == "error"
    done = check(site)
    assert done.exit_code == 1
    assert f"    remedy: chmod 700 {site / 'spool'}" in done.stdout


def test_a_rule_file_that_cannot_be_used_hides_no_other_problem(site):
    (site / "config" / "units.toml").write_text("[[unit]]\ncode = 3\n", "utf-8")
    words = list(told(site))
    assert any("units.toml" in each and "code" in each for each in words)
    assert any("no root certificate is trusted" in each for each in words)


def test_a_port_that_somebody_else_has_is_an_error_while_no_daemon_runs(site):
    config = site / "config" / "vbdaemon.toml"

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config.write_text(f'{config.read_text("utf-8")}\n[metrics]\nlisten = "127.0.0.1:{port}"\n', "utf-8")
        assert any(each.startswith(f"[metrics] listen: 127.0.0.1:{port}") for each in told(site))
