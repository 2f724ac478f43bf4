"""What plugin authors try a plugin with."""

import pytest

from vbdaemon.errors import PluginError
from vbdaemon.testing import NOON, demo_pki, make_registry

PLUGIN = """
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Finding, Severity
@hookimpl
def check(document):
    return (Finding("thu", Severity.NOTE, document.main.name),)
"""


def test_a_plugin_is_loaded_alone_before_the_built_ins(tmp_path):
    (tmp_path / "thu.py").write_text(PLUGIN, "utf-8")
    registry = make_registry(tmp_path, "thu")
    assert registry.plugins[0].name == "thu"
    assert registry.plugins[0].hooks == ("check",)


def test_what_is_wrong_with_it_is_said(tmp_path):
    with pytest.raises(PluginError, match="thu"):
        make_registry(tmp_path, "thu")


@pytest.mark.slow
def test_an_authority_of_ones_own_issues_certificates():
    pki = demo_pki(NOON)
    assert pki.root.certificate.subject == pki.root.certificate.issuer
