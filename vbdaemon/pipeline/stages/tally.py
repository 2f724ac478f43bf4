"""Calls hooks and remembers which plugin, in which version, answered."""

from typing import Any

from vbdaemon.registry import Answer, Registry


class Tally:
    """The registry, with a memory of who answered what."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._answered: dict[str, None] = {}

    @property
    def answered(self) -> tuple[str, ...]:
        """One "hook:plugin:version" for every plugin that answered."""
        return tuple(self._answered)

    def first(self, hook: str, **arguments: Any) -> Any:
        """The first answer, or None."""
        answer = self._registry.first(hook, **arguments)
        return None if answer is None else self._note(hook, answer)

    def all(self, hook: str, **arguments: Any) -> list[Any]:
        """All answers, in order."""
        return [self._note(hook, answer) for answer in self._registry.all(hook, **arguments)]

    def _note(self, hook: str, answer: Answer) -> Any:
        self._answered[f"{hook}:{answer.plugin}:{self._registry.version(answer.plugin)}"] = None
        return answer.value
