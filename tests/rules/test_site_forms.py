"""A site replaces the list of forms by a file of its own; its lists of transmission forms may then name them."""

from importlib.resources import files

import pytest

from vbdaemon.errors import RuleSetError
from vbdaemon.model import TransmissionForm
from vbdaemon.rules.loader import load_forms, load_transmission


def test_a_sites_own_forms_file_adds_a_form_that_its_lists_may_name(tmp_path):
    shipped = (files("vbdaemon.rules") / "forms.toml").read_text("utf-8")
    own = tmp_path / "forms.toml"
    own.write_text(
        shipped + '\n[[form]]\nslug = "phieu-giao-viec"\nname = "Phiếu giao việc"\nabbreviations = ["PGV"]\n', "utf-8"
    )
    lists = tmp_path / "list.toml"
    lists.write_text(
        'id = "site"\ntitle = "Danh mục"\nclause = "Quyết định"\n\n'
        '[[rule]]\nrow = "1"\nform = "phieu-giao-viec"\ntransmission = "electronic"\n',
        "utf-8",
    )
    forms = load_forms(own)
    (rule_set,) = load_transmission(lists, forms)
    assert rule_set.rule_for("phieu-giao-viec").transmission is TransmissionForm.ELECTRONIC
    with pytest.raises(RuleSetError, match="phieu-giao-viec"):
        load_transmission(lists)
