"""The words of Kính gửi and Nơi nhận, from recipients.toml or a site's own file."""

from vbdaemon.model import RecipientRules, Rewording
from vbdaemon.rules.source import RuleFile


def read_recipients(file: RuleFile) -> RecipientRules:
    """The words in `file`; raises RuleSetError with every mistake."""
    root = file.root
    rules = RecipientRules(
        as_above=root.texts("as_above"),
        as_article=root.texts("as_article"),
        filing=root.texts("filing"),
        purposes=root.texts("purposes"),
        endings=root.texts("endings"),
        before=root.texts("before"),
        levels=root.texts("levels"),
        parts=root.texts("parts"),
        roles=_rewordings(file, "role", empty=True),
        lists=_rewordings(file, "list"),
        spellings=_rewordings(file, "spelling"),
    )
    root.close()
    file.check()
    return rules


def _rewordings(file: RuleFile, heading: str, *, empty: bool = False) -> tuple[Rewording, ...]:
    found = []
    for table in file.tables(heading):
        words = table.texts("words")
        if not words:
            table.mistake('"words" is missing or empty', "words")
        found.append(Rewording(words, table.text("means", "" if empty else None)))
        table.close()
    return tuple(found)
