"""`vbdaemon check` on reports that are sent on a timer."""

from dataclasses import replace

import pytest

from vbdaemon.config import parse_settings
from vbdaemon.model import MailRules
from vbdaemon.operation.checkup_reports import check_reports
from vbdaemon.testing import make_snapshot, make_unit

OURS = "vt@mau.example.vn"


@pytest.mark.parametrize(
    ("send", "results_to", "told"),
    [
        ({"report": "quarter"}, "H1", []),
        ({"report": "quarter"}, "noi-vu@mau.example.vn", []),
        (
            {"report": "staff"},
            "H2",
            ["report staff: [scoring] results_to: unit H2 has no mail address; give it one in"],
        ),
        (
            {"report": "staff"},
            "H3",
            ["report staff: [scoring] results_to: 'H3' is neither a mail address nor the code"],
        ),
        ({"report": "paper", "to": [OURS]}, "", [f"report paper: {OURS} is an address where documents are handed in"]),
        ({"report": "quarter"}, OURS, [f"report quarter: {OURS} is an address where documents are handed in"]),
    ],
)
def test_each_timer_reaches_somebody_and_not_ourselves(tmp_path, send, results_to, told):
    tables = {"reports": {"send": [send]}, "scoring": {"results_to": results_to}}
    tables["smarthost"] = {"host": "mail.example", "sender": "van-thu@mau.example.vn"}
    settings = parse_settings(tables, tmp_path / "vbdaemon.toml")
    units = (make_unit("H1", addresses=("a@h1.example.vn",)), make_unit("H2", addresses=()))
    snapshot = replace(make_snapshot(*units), mail=MailRules(addresses=(OURS,)))
    found = [problem.what for problem in check_reports(settings, snapshot)]
    assert len(found) == len(told)
    assert all(what.startswith(begin) for what, begin in zip(found, told, strict=True))
