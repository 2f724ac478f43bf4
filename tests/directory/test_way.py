"""How units and persons are reached, and why a unit is not."""

import pytest

from vbdaemon.directory.way import way_to, way_to_target, why_not
from vbdaemon.model import Account, AccountRole, MailRules, Security, Smarthost, UnitChannel
from vbdaemon.testing import make_snapshot, make_unit

MAIL = MailRules(smarthost=Smarthost("mail.example.vn", 25, Security.PLAIN, "vt@example.vn", "example.vn"))
F, M, P = UnitChannel
HEAD = Account("truong-phong", AccountRole.LEADER, "gui-ld", ("tp@example.vn",), inbox="nhan-tp")
DEPUTY = Account("H2/pho", AccountRole.DEPUTY, "gui-pho", ("pho@example.vn",))
CLERK = Account("van-thu", AccountRole.CLERK, "gui")


def unit(*channels: UnitChannel, folder: str | None = "pyt", addresses: tuple[str, ...] = ("yt@example.vn",)):
    accounts = (HEAD, DEPUTY, CLERK) if folder else ()
    return make_unit("H2", folder=folder, addresses=addresses, accounts=accounts, channels=channels or (F, M, P))


@pytest.mark.parametrize(
    ("given", "mail", "where"),
    [
        (unit(), True, "pyt/nhan"),
        (unit(folder=None), True, "yt@example.vn"),
        (unit(folder=None), False, None),
        (unit(M, P), True, "yt@example.vn"),
        (unit(M, P), False, None),
        (unit(F, P, folder=None), True, None),
        (unit(P), True, None),
        (unit(folder=None, addresses=()), True, None),
    ],
)
def test_a_unit_is_reached_by_a_channel_that_it_can_use(given, mail, where):
    way = way_to(given, make_snapshot(given, mail=MAIL if mail else MailRules()))
    assert (way and way.address) == where
    assert way is None or way.unit == "H2"


@pytest.mark.parametrize(
    ("name", "mail", "where"),
    [
        ("H2/truong-phong", True, "pyt/nhan-tp"),
        ("H2/pho", True, "pho@example.vn"),
        ("H2/pho", False, "pyt/nhan"),
        ("H2/van-thu", True, "pyt/nhan"),
        ("H2", True, "pyt/nhan"),
        ("H2/ai", True, None),
        ("H9", True, None),
    ],
)
def test_a_person_is_reached_by_a_way_of_its_own_or_through_the_unit(name, mail, where):
    way = way_to_target(name, make_snapshot(unit(), mail=MAIL if mail else MailRules()))
    assert (way and way.address) == where


def test_why_nothing_electronic_reaches_a_unit():
    assert why_not(make_unit(channels=(P,), channels_note="chưa có mạng")) == "chưa có mạng"
    assert why_not(make_unit()).startswith("chưa có thư mục")
