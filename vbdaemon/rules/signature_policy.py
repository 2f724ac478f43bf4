"""Loads the policy on signatures from TOML; every mistake with its line."""

import re
from pathlib import Path

from vbdaemon.model import SignerRole
from vbdaemon.model.signature_rule import Answer, AuthorityRule, DigestRule, KeyRule, SignatureRules, key_size
from vbdaemon.rules.source import RuleFile
from vbdaemon.rules.table import Table

_SHIPPED = "signature-policy.toml"
_DIGEST = re.compile(r"[a-z0-9_]+")
_KINDS = ("rsa", "secp")


def load_signature_policy(path: Path | None = None) -> SignatureRules:
    """The policy that comes with vbdaemon, or a site's own file at `path`, which stands for the whole of it.

    Raises RuleSetError naming file and line.
    """
    return read_signature_rules(RuleFile.shipped(_SHIPPED) if path is None else RuleFile.at(path))


def read_signature_rules(file: RuleFile) -> SignatureRules:
    """The rules in `file`; raises RuleSetError with every mistake."""
    required = file.root.texts("revocation_required")
    roles = {role.value: role for role in SignerRole}
    for name in required:
        if name not in roles:
            file.root.mistake(
                f'"revocation_required" names roles: {_among(roles)}; found "{name}"', "revocation_required"
            )
    rules = SignatureRules(
        digests=tuple(_digest(table) for table in file.tables("digest")),
        keys=tuple(_key(table) for table in file.tables("key")),
        authorities=tuple(_authority(table) for table in file.tables("authority")),
        revocation_required=tuple(roles[name] for name in required if name in roles),
        claimed_time_counts=file.root.take("claimed_time_counts", bool, default=True),
    )
    file.root.close()
    file.check()
    return rules


def _digest(table: Table) -> DigestRule:
    rule = DigestRule(table.text("name"), _answer(table), table.day("since"))
    table.close()
    if rule.name and not _DIGEST.fullmatch(rule.name):
        table.mistake(f'"name" is written like sha1 or md5; found "{rule.name}"', "name")
    return rule


def _key(table: Table) -> KeyRule:
    given = table.text("shorter_than")
    algorithm, bits = key_size(given)
    rule = KeyRule(algorithm, bits, _answer(table), table.day("since"))
    table.close()
    if given and algorithm not in _KINDS:
        table.mistake(f'"shorter_than" is written like rsa2048 or secp256; found "{given}"', "shorter_than")
    return rule


def _authority(table: Table) -> AuthorityRule:
    role = table.choice("role", SignerRole, SignerRole.ORGANISATION) or SignerRole.ORGANISATION
    rule = AuthorityRule(role, table.texts("names"))
    table.close()
    if not rule.names:
        table.mistake('"names" is missing: without it no authority would count', "names")
    return rule


def _answer(table: Table) -> Answer:
    return table.choice("answer", Answer, Answer.WARNING) or Answer.WARNING


def _among(words: dict[str, SignerRole]) -> str:
    return ", ".join(f'"{word}"' for word in words)
