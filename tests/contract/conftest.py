"""What the tests of the guides share: a guide's blocks of code, and its examples as loaded plugins."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vbdaemon.registry import Registry, load_registry

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"# (?:[\w-]+/)*(\w+)\.py\n")


@dataclass(frozen=True)
class Block:
    """A fenced block of a guide, and the heading it stands under."""

    language: str
    body: str
    heading: str
    line: int

    @property
    def name(self) -> str:
        """Of a Python block: the module that its first line names."""
        found = _NAME.match(self.body)
        assert found, f"the Python block at line {self.line} does not begin with its file name"
        return found[1]


@dataclass(frozen=True)
class Guide:
    """A README, by its blocks."""

    text: str

    @property
    def blocks(self) -> list[Block]:
        return [
            Block(m[1], m[2], self._heading(m.start()), self.text.count("\n", 0, m.start()) + 1)
            for m in _FENCE.finditer(self.text)
        ]

    def of(self, language: str) -> list[Block]:
        return [block for block in self.blocks if block.language == language]

    def plugins(self) -> dict[str, Block]:
        """The example plugins by name; tests of plugins are not among them."""
        return {block.name: block for block in self.of("python") if not block.name.startswith("test_")}

    def table(self, name: str) -> dict[str, Any]:
        """The settings that the guide shows for a plugin."""
        for block in self.of("toml"):
            table = tomllib.loads(block.body).get("plugins", {}).get(name)
            if table is not None:
                return dict(table)
        return {}

    def _heading(self, place: int) -> str:
        lines = [line for line in self.text[:place].splitlines() if line.startswith("#")]
        headings = [line for line in lines if line.startswith(("## ", "### "))]
        return headings[-1] if headings else ""


@pytest.fixture(scope="session")
def plugin_guide() -> Guide:
    return Guide((ROOT / "plugins" / "README.md").read_text(encoding="utf-8"))


@pytest.fixture
def example(plugin_guide: Guide, tmp_path: Path) -> Callable[..., Registry]:
    """Loads one example as the daemon does, alone; words change the settings that the guide shows."""

    def load(name: str, **changes: object) -> Registry:
        folder = tmp_path / "plugins"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(plugin_guide.plugins()[name].body, encoding="utf-8")
        table = {**plugin_guide.table(name), **changes}
        return load_registry(folder, (name,), {name: table} if table else {}, builtins=())

    return load
