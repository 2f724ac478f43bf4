"""`vbdaemon plugin list`: what runs, what does not and why, and what failed."""

import json
from datetime import UTC, datetime

from vbdaemon.operation.plugin_draft import draft
from vbdaemon.state import events
from vbdaemon.state.store import State

NOW = datetime(2026, 11, 22, 6, 45, tzinfo=UTC)
FAILED = "plugin 'good' failed in hook 'check': ValueError at good.py:14"
LATE = "plugin 'good' in hook 'judge' took longer than 10 s"


def prepare(site, enabled):
    folder = site.folder / "plugins"
    folder.mkdir()
    for name in ("good", "spare"):
        (folder / f"{name}.py").write_text(draft(name, ("check", "judge")).plugin, encoding="utf-8")
    (folder / "broken.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    (folder / "no_python.py").write_text("def (:\n", encoding="utf-8")
    settings = site.folder / "config" / "vbdaemon.toml"
    settings.write_text(f"{settings.read_text('utf-8')}\n[plugins]\nenabled = {json.dumps(enabled)}\n", "utf-8")


def test_each_plugin_has_its_state_and_what_is_not_enabled_is_read_but_never_run(site):
    prepare(site, ["broken", "good"])

    done = site.run("plugin", "list", "--json")
    told = json.loads(done.output)
    rows = {row["name"]: row for row in told["plugins"]}

    assert done.exit_code == 1
    assert rows["good"]["state"] == "enabled"
    assert rows["judge"]["state"] == "built-in"
    assert rows["broken"]["state"] == "does not load"
    assert "cannot be imported: SystemExit" in rows["broken"]["why"]
    assert (rows["spare"]["state"], rows["spare"]["version"]) == ("not enabled", "1")
    assert rows["spare"]["hooks"] == ["check", "judge"]
    assert "SyntaxError at no_python.py:1" in rows["no_python"]["why"]
    assert told["order"]["judge"] == ["good", "judge"]
    assert told["not_enabled"] == ["no_python", "spare"]


def test_the_list_for_people_says_the_same(site):
    prepare(site, ["good"])
    done = site.run("plugin", "list")

    assert done.exit_code == 0
    assert "good                 1          check, judge\n" in done.output
    assert "vbdaemon plugin enable spare" in done.output
    assert "  judge            good > judge\n" in done.output


def test_failures_are_counted_from_the_events(site):
    prepare(site, ["good"])
    (site.folder / "spool").mkdir()
    state = State(f"sqlite:///{site.folder / 'spool' / 'state.sqlite3'}")
    for kind, words in (("attempt-failed", FAILED), ("processing-failed", LATE), ("decided", FAILED)):
        state.write(lambda c, kind=kind, words=words: events.record(c, NOW, kind, None, words))
    state.close()

    done = site.run("plugin", "list")
    assert f"failed 2x, last 22/11/2026 13:45: {LATE}" in done.output
    rows = {row["name"]: row for row in json.loads(site.run("plugin", "list", "--json").output)["plugins"]}
    assert (rows["good"]["failures"], rows["check" if "check" in rows else "judge"]["failures"]) == (2, 0)


def test_settings_of_a_plugin_that_is_not_enabled_are_named(site):
    prepare(site, ["good"])
    settings = site.folder / "config" / "vbdaemon.toml"
    settings.write_text(settings.read_text("utf-8") + "[plugins.spare]\nwords = []\n", "utf-8")

    done = site.run("plugin", "list")
    assert done.exit_code == 1
    assert "[plugins.spare] has settings, but it is not in [plugins] enabled" in done.output
