"""Mistakes that are expected; the docstring is what the operator reads when no words are given."""


class VbdaemonError(Exception):
    """Something went wrong in vbdaemon; the log says what."""

    def __init__(self, words: str | None = None) -> None:
        super().__init__(words or (self.__doc__ or "").strip())


class ConfigurationError(VbdaemonError):
    """The settings are not usable; run "vbdaemon check" for every mistake with its key."""


class RuleSetError(ConfigurationError):
    """A rule set file is not usable; the message names the file and line."""


class DirectoryError(ConfigurationError):
    """The directory of units is not usable; the message names the unit and key."""


class PluginError(VbdaemonError):
    """A plugin could not be loaded; the message names file, hook and remedy."""


class PluginFailed(VbdaemonError):
    """A plugin broke during a call; the message names plugin and hook."""

    def __init__(self, plugin: str, hook: str, cause: str) -> None:
        self.plugin = plugin
        self.hook = hook
        self.cause = cause
        super().__init__(f"plugin {plugin!r} failed in hook {hook!r}: {cause}")

    def __reduce__(self) -> tuple[type["PluginFailed"], tuple[str, str, str]]:
        return PluginFailed, (self.plugin, self.hook, self.cause)


class SpoolError(VbdaemonError):
    """The spool cannot be written; free disk space or mend its permissions."""


class SpoolDamaged(SpoolError):
    """A submission's folder in the spool is missing or not what was stored; restore it from a backup."""


class StateError(VbdaemonError):
    """The state store cannot be used; the message says why."""


class StateLocked(StateError):
    """Another vbdaemon owns this state; stop it, or wait until it has ended."""


class StateNewer(StateError):
    """The database was written by a newer vbdaemon; install that version, or restore a backup."""


class SourceBusy(VbdaemonError):
    """A file in a source changed while it was taken; it is tried again."""


class UnknownSubmission(VbdaemonError):
    """No submission has this id; see "vbdaemon list"."""


class ActRefused(VbdaemonError):
    """The act does not fit the submission's present state; see "vbdaemon show ID"."""


class TemplateBroken(VbdaemonError):
    """A template of the site cannot be used; the built-in one is taken until it is mended."""


class TrustError(VbdaemonError):
    """A certificate or CRL file cannot be used; the message names it."""
