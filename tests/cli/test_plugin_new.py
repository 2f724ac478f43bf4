"""`vbdaemon plugin new`: what it writes is sound for every hook, and it refuses in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vbdaemon.operation.plugin_draft import draft, known_hooks
from vbdaemon.registry import load_registry

ROOT = Path(__file__).parents[2]
CHOICES = [*((hook,) for hook in known_hooks()), ("check", "track_event"), known_hooks()]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout's settings of ruff and mypy, with a plugin for every choice of hooks in its `plugins`."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (folder / "vbdaemon").symlink_to(ROOT / "vbdaemon")
    (folder / "plugins" / "tests").mkdir(parents=True)
    for hooks in CHOICES:
        made = draft(name_of(hooks), hooks)
        (folder / "plugins" / f"{made.name}.py").write_text(made.plugin, encoding="utf-8")
        (folder / "plugins" / "tests" / f"test_{made.name}.py").write_text(made.test, encoding="utf-8")
    return folder


def name_of(hooks: tuple[str, ...]) -> str:
    return f"my_{hooks[0]}_{len(hooks)}"


def tool(folder: Path, *words: str) -> str:
    command = (sys.executable, "-m", *words)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    asked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    return "" if asked.returncode == 0 else asked.stdout + asked.stderr


def test_there_is_a_draft_for_every_hook_that_the_guide_has():
    from vbdaemon import hookspecs  # noqa: PLC0415 - only here

    hooks = {name for name in vars(hookspecs) if hasattr(getattr(hookspecs, name), "vbdaemon_spec")}
    assert set(known_hooks()) == hooks


@pytest.mark.parametrize("hooks", CHOICES, ids=name_of)
def test_every_draft_loads_with_just_its_hooks(written, hooks):
    (plugin,) = load_registry(written / "plugins", (name_of(hooks),), {}, builtins=()).plugins

    assert plugin.hooks == tuple(sorted(hooks))
    assert plugin.version == "1"


@pytest.mark.slow
@pytest.mark.parametrize(
    "check", [("ruff", "check", "plugins"), ("ruff", "format", "--check", "plugins"), ("pytest", "-q", "plugins")]
)
def test_what_it_writes_is_clean_and_its_tests_pass_unchanged(written, check):
    cache = ("-p", "no:cacheprovider") if check[0] == "pytest" else ("--no-cache",)
    assert tool(written, *check, *cache) == ""


@pytest.mark.slow
def test_what_it_writes_has_sound_types(written):
    cache = f"--cache-dir={ROOT / '.mypy_cache'}"
    for folder in ("plugins", "plugins/tests"):
        files = [str(path.relative_to(written)) for path in sorted((written / folder).glob("*.py"))]
        assert tool(written, "mypy", "--strict", cache, *files) == ""


def test_it_writes_plugin_and_test_and_says_what_comes_next(site):
    done = site.run("plugin", "new", "viec_gap", "--hook", "check", "--hook", "route")

    assert done.exit_code == 0
    assert "vbdaemon plugin test viec_gap" in done.output
    assert "def route(" in (site.folder / "plugins" / "viec_gap.py").read_text("utf-8")
    assert (site.folder / "plugins" / "tests" / "test_viec_gap.py").is_file()


@pytest.mark.parametrize(
    ("name", "hook", "words"),
    [
        ("there", "check", "is there already"),
        ("judge", "check", "a built-in is called"),
        ("new-one", "check", "cannot be a plugin's name"),
        ("test_one", "check", "cannot be a plugin's name"),
        ("class", "check", "cannot be a plugin's name"),
        ("Mine", "check", "cannot be a plugin's name"),
        ("mine", "checks", "there is no hook 'checks'; the hooks are startup, unpack"),
    ],
)
def test_it_refuses_in_one_line_and_writes_nothing(site, name, hook, words):
    folder = site.folder / "plugins"
    folder.mkdir()
    (folder / "there.py").write_text("mine\n", encoding="utf-8")

    refused = site.run("plugin", "new", name, "--hook", hook)

    assert words in str(refused.exception)
    assert "\n" not in str(refused.exception)
    assert [path.name for path in folder.rglob("*")] == ["there.py"]
    assert (folder / "there.py").read_text("utf-8") == "mine\n"
