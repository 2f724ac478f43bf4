"""What loads and what does not, found out in workers: nothing that a plugin does breaks the command."""

from pathlib import Path

import pytest

from vbdaemon.config import Settings
from vbdaemon.operation.checkup import Weight
from vbdaemon.operation.plugin_survey import check_plugins, survey

GOOD = "from vbdaemon.hookspecs import hookimpl\n__version__ = '2'\n\n@hookimpl\ndef check():\n    return None\n"
SOURCES = {
    "good": GOOD,
    "watcher": GOOD,
    "off": GOOD,
    "dies": "import ctypes\nctypes.string_at(0)\n",
    "exits": "import os\nos._exit(3)\n",
    "judge": GOOD,
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name, source in SOURCES.items():
        (tmp_path / f"{name}.py").write_text(source, "utf-8")
    plugins = {"folder": tmp_path, "enabled": list(SOURCES), "watcher": {"mode": "shadow"}, "spare": {"n": 1}}
    return Settings.model_validate({"base": tmp_path, "plugins": plugins, "workers": {"memory_megabytes": 4096}})


def test_each_that_does_not_load_is_named_and_the_others_are_listed(settings):
    seen = survey(settings, frozenset({"off"}))
    assert set(seen.broken) == {"dies", "exits", "judge", "spare"}
    assert "ended while it loaded the plugins (dies)" in seen.broken["dies"]
    assert "a built-in has this name" in seen.broken["judge"]
    assert [plugin.name for plugin in seen.acting if not plugin.builtin] == ["good"]
    assert seen.order["check"][0] == "good"
    assert {plugin.name for plugin in seen.aside} == {"watcher", "off"}


def test_check_tells_the_same_and_a_name_that_stands_twice(settings):
    twice = settings.plugins.model_copy(update={"enabled": ("good", "watcher", "good")})
    problems = list(check_plugins(settings.model_copy(update={"plugins": twice})))
    assert [problem.weight for problem in problems] == [Weight.ERROR, Weight.ERROR]
    assert {problem.what.split(";")[0] for problem in problems} == {
        "plugin 'good' stands twice in [plugins] enabled",
        "[plugins.spare] has settings, but it is not in [plugins] enabled",
    }
