"""`vbdaemon replay` and `plugin diff`: what a plugin, a policy or a list would change, told before it acts."""

import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from vbdaemon.config import load_settings
from vbdaemon.errors import ConfigurationError, PluginError
from vbdaemon.model import Channel, CorrectedField, Correction, Envelope, Waiver
from vbdaemon.pipeline.decide import DecideTask
from vbdaemon.pipeline.worker import Workplace
from vbdaemon.registry import load_registry
from vbdaemon.snapshot import build_snapshot
from vbdaemon.spool.store import Spool
from vbdaemon.state import corrections, decisions, plugin_marks, shadow, submissions
from vbdaemon.state.plugin_marks import CallTotal, SwitchedOff
from vbdaemon.state.records import SubmissionState
from vbdaemon.state.shadow import Difference, ShadowRun
from vbdaemon.state.store import State
from vbdaemon.testing import NOON, demo_pdf

SINCE = ("--since", "2026-03-01")
PLUGIN = """
import os
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Finding, Severity
__version__ = "3"

@hookimpl
def check(document, classification, snapshot):
    if document.main.name == "chet.pdf":
        os._exit(3)
    if classification.subject and "rà soát" in classification.subject.value:
        return (Finding("by-subject", Severity.ERROR, "rà soát"),)
"""
POLICY = """
[[finding]]
code = "sender-unknown"
severity = "note"
verdict = "none"
"""


@pytest.fixture
def archive(site) -> Callable[..., str]:
    """A PDF that was handed in and judged, as it is kept; without the sender nothing of it is accepted."""
    settings = load_settings(site.folder / "config" / "vbdaemon.toml")
    (site.folder / "plugins").mkdir()
    (site.folder / "plugins" / "by_subject.py").write_text(PLUGIN, "utf-8")
    spool = Spool(site.folder / "spool")
    spool.prepare()
    here = Workplace(load_registry(None, (), {}), build_snapshot(settings), spool.root, spool.root / "scratch")

    def admit(name: str, state: SubmissionState = SubmissionState.HELD, **fields: Any) -> str:
        body = demo_pdf(**fields)
        made = f"260302-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        incoming = spool.begin(made)
        (site.folder / "a.pdf").write_bytes(body)
        with (site.folder / "a.pdf").open("rb") as file:
            incoming.add(name, file.fileno())
        incoming.seal(Envelope("gui", Channel.FOLDER, NOON))
        store = State(f"sqlite:///{spool.root / 'state.sqlite3'}")
        store.admit(made, "gui", made, NOON).result()
        decision = DecideTask(made).run(here)
        store.write(lambda c: decisions.write(c, made, 1, NOON, "test", decision))
        store.write(lambda c: submissions.move(c, made, state))
        store.close()
        return made

    return admit


def write(site, change: Callable[[Any], object]) -> None:
    store = State(f"sqlite:///{site.folder / 'spool' / 'state.sqlite3'}")
    store.write(change)
    store.close()


def told(site, *words: str) -> dict[str, Any]:
    done = site.run("replay", *SINCE, "--parallel", "1", "--json", *words)
    assert not isinstance(done.exception, Exception), done.exception
    table = json.loads(done.output)
    assert done.exit_code == bool(table["differences"] or table["failed"])
    return table


@pytest.mark.slow
def test_with_the_present_rules_nothing_changes_and_nothing_is_written(site, archive):
    archive("cv.pdf")
    archive("mat.pdf", SubmissionState.QUARANTINED)
    spool = site.folder / "spool"
    before = {path: path.read_bytes() for path in spool.rglob("*") if path.is_file()}
    table = told(site)
    assert (table["compared"], table["documents"], table["differences"], table["failed"]) == (1, 1, [], [])
    assert table["left_out"] == {"quarantined": 1}
    assert "duplicates" in table["not_evaluated"]
    assert {path: path.read_bytes() for path in spool.rglob("*") if path.is_file() and path in before} == before
    assert not any(path.name.isdigit() for path in (spool / "scratch").iterdir())


@pytest.mark.slow
def test_with_a_plugin_it_tells_what_would_change_and_one_that_breaks_is_a_failure(site, archive):
    changed, broken = archive("cv.pdf"), archive("chet.pdf")
    archive("khac.pdf", subject="họp giao ban")
    table = told(site, "--with", "by_subject")
    assert {(each["submission"], each["field"]) for each in table["differences"]} == {
        (changed, "verdict"),
        (changed, "findings"),
    }
    assert all("by-subject" in each["after"] for each in table["differences"])
    ((failed,),) = (table["failed"],)
    assert failed["submission"] == broken
    assert "plugin 'by_subject' in hook 'check'" in failed["words"]
    assert table["compared"] == 2
    done = site.run("replay", *SINCE, "--with", "by_subject", "--parallel", "2")
    assert f"02/03/2026 12:00  {changed}  document 1  verdict" in done.output
    assert "would change: 1 submissions (verdict 1, findings 1)" in done.output
    assert "rà soát" not in done.output


@pytest.mark.slow
def test_with_another_policy_or_list(site, archive):
    archive("cv.pdf")
    policy = site.folder / "thu.toml"
    policy.write_text(POLICY, "utf-8")
    for words in (("--policy", str(policy)), ("--rules", str(policy))):
        found = {each["field"]: each["before"] for each in told(site, *words)["differences"]}
        assert "sender-unknown" in found["verdict"].split()


@pytest.mark.slow
def test_what_people_typed_in_and_waived_counts_as_it_did(site, archive):
    name = archive("cv.pdf")
    sha256 = hashlib.sha256((site.folder / "a.pdf").read_bytes()).hexdigest()
    write(site, lambda c: submissions.waive(c, name, Waiver("sender-unknown", sha256, "an", "")))
    typed = Correction(sha256, 1, CorrectedField.FORM, "to-trinh", "an", "")
    write(site, lambda c: corrections.add(c, name, (typed,), NOON))
    found = {each["field"]: (each["before"], each["after"]) for each in told(site)["differences"]}
    assert "sender-unknown" in found["verdict"][0].split()
    assert "sender-unknown" not in found["verdict"][1].split()
    assert found["form"] == ("cong-van", "to-trinh")


def test_what_cannot_be_tried_is_one_line(site, archive):
    archive("cv.pdf")
    odd = site.folder / "odd.toml"
    odd.write_text("[office]\n", "utf-8")
    for words, expected in (
        (("--with", "absent"), PluginError),
        (("--policy", "absent.toml"), ConfigurationError),
        (("--rules", str(odd)), ConfigurationError),
        (("--until", "gestern"), ConfigurationError),
    ):
        done = site.run("replay", *SINCE, *words)
        assert isinstance(done.exception, expected), done.exception
        assert "\n" not in str(done.exception)


def keep(connection, run: ShadowRun) -> None:
    shadow.keep(connection, run)


def test_diff_tells_what_a_plugin_that_watches_would_have_changed(site):
    (site.folder / "spool").mkdir()
    write(site, lambda c: submissions.admit(c, "260302-00000001", "gui", "a", NOON))
    one = Difference(0, "verdict", "ACCEPT", "HOLD by-subject")
    other = Difference(1, "findings", "format-font signature-position", "by-subject format-font")
    run = ShadowRun("odd", "3", "260302-00000001", 1, NOON, 2, differences=(one, other))
    write(site, partial(keep, run=run))
    done = site.run("plugin", "diff", "odd")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "02/03/2026 12:00  260302-00000001  document 1  verdict   ACCEPT -> HOLD by-subject",
        "02/03/2026 12:00  260302-00000001  document 2  findings  +by-subject -signature-position",
        "odd: compared 1 submissions with 2 documents",
        "  would have changed: 1 submissions (verdict 1, findings 1)",
        "  failed: 0",
    ]
    table = json.loads(site.run("plugin", "diff", "odd", "--json").output)
    assert (table["compared"], table["documents"], table["failed"]) == (1, 2, 0)
    assert table["differences"][1]["document"] == 1
    assert table["differences"][0]["version"] == "3"
    later = json.loads(site.run("plugin", "diff", "odd", "--since", "2026-03-03", "--json").output)
    assert (later["compared"], later["differences"]) == (0, [])
    never = site.run("plugin", "diff", "other")
    assert 'mode = "shadow" in [plugins.other]' in str(never.exception)


@pytest.mark.slow
def test_the_list_shows_who_watches_who_is_off_and_what_each_costs(site):
    (site.folder / "spool").mkdir()
    (site.folder / "plugins").mkdir()
    for name in ("odd", "watcher", "fine"):
        (site.folder / "plugins" / f"{name}.py").write_text(PLUGIN, "utf-8")
    config = site.folder / "config" / "vbdaemon.toml"
    more = '[plugins]\nenabled = ["odd", "watcher", "fine"]\n[plugins.watcher]\nmode = "shadow"\n'
    config.write_text(f"{config.read_text('utf-8')}{more}[plugins.fine]\noptional = true\n", "utf-8")
    off = SwitchedOff("odd", "3", "ab", ("check",), "5 failures in a row, the last in hook 'check'", NOON)
    write(site, lambda c: plugin_marks.switch_off(c, off))
    write(site, lambda c: plugin_marks.add_totals(c, (CallTotal("fine", "3", 200, 0.5, 1, NOON),)))
    done = site.run("plugin", "list")
    assert done.exit_code == 0, done.exception
    assert "odd                  OFF        check: 5 failures in a row" in done.output
    assert "watcher              3          check: watches only; vbdaemon plugin diff watcher" in done.output
    assert "fine                 3          check (optional)\n" in done.output
    assert "200 calls, 0.5 s, 2.50 ms each" in done.output
    table = json.loads(site.run("plugin", "list", "--json").output)
    rows = {row["name"]: row for row in table["plugins"]}
    assert {name: rows[name]["state"] for name in ("odd", "watcher", "fine")} == {
        "odd": "switched off",
        "watcher": "shadow",
        "fine": "enabled",
    }
    assert (rows["fine"]["calls"], rows["fine"]["failed_calls"], rows["fine"]["optional"]) == (200, 1, True)
    assert table["order"]["check"][0] == "fine"
    assert "odd" not in table["order"]["check"]

    again = site.run("plugin", "enable", "odd")
    assert "odd is on again" in again.output, again.exception
    assert "enabled already" in site.run("plugin", "enable", "odd").output
    acts = site.run("plugin", "enable", "watcher")
    assert acts.output.startswith("watcher acts in"), acts.exception
    watches = site.run("plugin", "enable", "fine", "--shadow")
    assert watches.output.startswith("fine watches only in"), watches.exception
    states = {r["name"]: r["state"] for r in json.loads(site.run("plugin", "list", "--json").output)["plugins"]}
    assert [states[name] for name in ("odd", "watcher", "fine")] == ["enabled", "enabled", "shadow"]
