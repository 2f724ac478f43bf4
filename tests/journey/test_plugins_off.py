"""A plugin that keeps failing is switched off, one that watches only is compared; documents flow beside both."""

import json

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

BROKEN = '''
"""Broken for everybody."""
from vbdaemon.hookspecs import hookimpl

__version__ = "1"


@hookimpl
def check(document):
    raise RuntimeError("Trần Thị Hoài Thu")
'''
MENDED = BROKEN.replace('raise RuntimeError("Trần Thị Hoài Thu")', "return None").replace('"1"', '"2"')
STRICT = '''
"""Holds what is about staff."""
import os

from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Finding, Severity

__version__ = "3"


@hookimpl
def check(document, classification):
    if document.main.name == "tt.pdf":
        os._exit(3)
    if classification.symbol and "TCCC" in classification.symbol.value:
        return (Finding("about-staff", Severity.ERROR, "Trần Thị Hoài Thu"),)
    return ()
'''


def write(station, source: str) -> None:
    (station.folder / "plugins" / "odd.py").write_text(source, "utf-8")


def kinds(station) -> list[str]:
    return [kind for (kind,) in station.rows("SELECT kind FROM events ORDER BY id")]


def reasons(station) -> list[list[str]]:
    """Of the first document of every decision that stands."""
    rows = station.rows(
        "SELECT body FROM decisions d WHERE version ="
        " (SELECT max(version) FROM decisions e WHERE e.submission_id = d.submission_id)"
    )
    return [[each["code"] for each in json.loads(body)["documents"][0]["verdict"]["reasons"]] for (body,) in rows]


def plugin(station) -> tuple[str, str, bool]:
    """State and version as listed, and whether it was called."""
    (row,) = (row for row in station.answer("plugin", "list")["plugins"] if row["name"] == "odd")
    return row["state"], row["version"], bool(row["calls"] or row["failures"])


@pytest.fixture
def site(station):
    write(station, BROKEN)
    station.change("plugins", enabled=["odd"], failures_in_a_row=3)
    station.change("workers", attempts=2, decisions=1)
    return station


def test_it_is_switched_off_documents_wait_and_go_on_once_it_is_mended(site, papers):
    site.start()
    site.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    site.until(lambda: "processing-failed" in kinds(site), "the first to be held")
    site.drop("phong-noi-vu/gui", "tt.pdf", papers("submission")[0].body)
    site.until(lambda: reasons(site) == [["plugin-off"]], "the plugin to be switched off, and the second to wait")
    assert kinds(site).count("plugin-off") == 1
    (told,) = site.answer("status")["plugins_off"]
    assert told.startswith("odd: 3 failures in a row, the last in hook 'check'")
    assert plugin(site) == ("switched off", "1", True)
    assert site.stop() == 0

    site.start()  # it is still off
    site.drop("phong-giao-duc/gui", "khong-ky.pdf", papers("unsigned")[0].body)
    site.settled(3)
    assert set(site.states().values()) == {"HELD"}, "nothing is refused meanwhile"
    assert all("plugin-off" in each for each in reasons(site))
    write(site, MENDED)
    done = site.ask("plugin", "enable", "odd")
    assert "odd is on again" in done.stdout, done.stderr
    site.until(lambda: sorted(site.states().values()) == ["ACCEPTED", "ACCEPTED", "REJECTED"], "all to be judged again")
    assert "Trần Thị Hoài Thu" not in site.said().decode()
    assert site.stop() == 0
    assert plugin(site) == ("enabled", "2", True)


def test_documents_go_on_without_one_that_is_optional(site, papers):
    site.change("plugins", failures_in_a_row=1)
    site.change("plugins.odd", optional=True)
    site.start()
    letter = site.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    site.settled(1)
    assert site.states()[site.submission_of(letter)] == "ACCEPTED"
    (body,) = site.rows("SELECT body FROM decisions ORDER BY version DESC LIMIT 1")[0]
    assert "plugin-off-optional" in json.dumps(json.loads(body)["documents"][0]["findings"])
    assert site.stop() == 0


def test_one_that_watches_acts_on_nothing_and_diff_and_replay_tell_what_it_would_have_changed(site, papers):
    write(site, STRICT)
    site.change("plugins.odd", mode="shadow")
    site.start()
    letter = site.drop("phong-noi-vu/gui", "cv.pdf", papers("letter")[0].body)
    other = site.drop("phong-noi-vu/gui", "tt.pdf", papers("submission")[0].body)
    site.settled(2)
    letter, other = site.submission_of(letter), site.submission_of(other)
    assert set(site.states().values()) == {"ACCEPTED"}
    diff = site.until(lambda: (d := site.answer("plugin", "diff", "odd")) and d["failed"] and d, "both to be compared")
    assert (diff["compared"], diff["failed"]) == (1, 1)
    assert {(each["submission"], each["field"]) for each in diff["differences"]} == {
        (letter, "verdict"),
        (letter, "findings"),
        (letter, "routes"),
    }
    assert "plugin 'odd' in hook 'check' ended unexpectedly" in diff["last_failure"]
    assert "plugin-off" not in kinds(site)
    found = site.answer("replay", "--since", "1d", "--with", "odd", "--parallel", "1")
    assert {each["field"] for each in found["differences"]} == {"verdict", "findings", "routes"}
    assert [each["submission"] for each in found["failed"]] == [other]
    assert site.ask("replay", "--since", "1d").returncode == 0
    assert site.ask("quarantine", letter, "--reason", "có nội dung mật", "--yes").returncode == 0
    gone = site.answer("plugin", "diff", "odd")
    assert (gone["compared"], gone["differences"]) == (0, [])
    assert "Trần Thị Hoài Thu" not in site.said().decode()
    assert site.stop() == 0
