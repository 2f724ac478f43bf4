"""Rules loaded from TOML files: those that come with vbdaemon, and a site's own."""

from pathlib import Path

from vbdaemon.errors import RuleSetError
from vbdaemon.model import Form, Policy, RecipientRules, TransmissionRuleSet
from vbdaemon.rules.forms import read_forms
from vbdaemon.rules.policy import read_rules
from vbdaemon.rules.recipients import read_recipients
from vbdaemon.rules.source import RuleFile
from vbdaemon.rules.transmission import read_rule_set

_FORMS = "forms.toml"
_POLICY = "policy.toml"
_RECIPIENTS = "recipients.toml"
_TRANSMISSION = ("luc-nam-648-2019.toml",)
_REFUSALS = ("auto", "confirm")


def load_forms(path: Path | None = None) -> tuple[Form, ...]:
    """The forms of documents: those that come with vbdaemon, or those in the file at `path`.

    Raises RuleSetError naming file and line.
    """
    return read_forms(RuleFile.shipped(_FORMS) if path is None else RuleFile.at(path))


def load_transmission(
    path: Path | None = None, forms: tuple[Form, ...] | None = None
) -> tuple[TransmissionRuleSet, ...]:
    """The lists of transmission forms: shipped ones, the file at `path`, or all `*.toml` in the folder at `path`.

    Rows may name the forms in `forms` (default: those that come with vbdaemon). Raises RuleSetError with every
    mistake of every file, each with file and line.
    """
    slugs = frozenset(form.slug for form in (load_forms() if forms is None else forms))
    mistakes: list[str] = []
    rule_sets: dict[str, TransmissionRuleSet] = {}
    for source in _transmission_files(path):
        try:
            rule_set = read_rule_set(
                RuleFile.at(source) if isinstance(source, Path) else RuleFile.shipped(source), slugs
            )
        except RuleSetError as error:
            mistakes.append(str(error))
            continue
        if rule_set.id in rule_sets:
            mistakes.append(f'{source}:1: the rule set "{rule_set.id}" stands in two files')
        rule_sets[rule_set.id] = rule_set
    if mistakes:
        raise RuleSetError("\n".join(mistakes))
    return tuple(rule_sets.values())


def load_policy(path: Path | None = None, refusals: str = "auto") -> Policy:
    """The policy that comes with vbdaemon, overridden code by code by the file at `path`.

    `refusals` is "auto" or "confirm". Raises RuleSetError naming file and line.
    """
    if refusals not in _REFUSALS:
        raise RuleSetError(f'refusals must be "auto" or "confirm"; found "{refusals}"')
    rules = read_rules(RuleFile.shipped(_POLICY))
    if path is not None:
        rules = read_rules(RuleFile.at(path), rules)
    return Policy(rules, refusals)


def load_recipients(path: Path | None = None) -> RecipientRules:
    """How Kính gửi and Nơi nhận are read: the words that come with vbdaemon, or those in the file at `path`.

    Raises RuleSetError naming file and line.
    """
    return read_recipients(RuleFile.shipped(_RECIPIENTS) if path is None else RuleFile.at(path))


def _transmission_files(path: Path | None) -> tuple[Path | str, ...]:
    if path is None:
        return _TRANSMISSION
    return tuple(sorted(path.glob("*.toml"))) if path.is_dir() else (path,)
