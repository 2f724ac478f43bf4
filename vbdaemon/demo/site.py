"""The demo agency's site on disk: settings, directory, routes, trust and exchange folders."""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from vbdaemon.demo.agency import COMMITTEE, COMMITTEE_CODE, DISTRICT, OFFICE_CODE, PROVINCE, DemoAgency, DemoUnit
from vbdaemon.demo.post import HERE, OFFICE_ADDRESS, address_of

GUEST_DROP = "khach/gui"
_SETTINGS = f"""\
# The demo agency. All names are invented.
[office]
name = "Văn phòng HĐND và UBND huyện {DISTRICT}"
parent = "Ủy ban nhân dân huyện {DISTRICT}"
unit = "{COMMITTEE_CODE}"
address = "Số 1 đường Bờ Sông, thị trấn Bến Lam, huyện {DISTRICT}, tỉnh {PROVINCE}"
telephone = "0200 000 0000"
email = "vanthu@example.vn"
contact = "Ngô Minh Châu"
contact_title = "Phó Chánh Văn phòng"

[spool]
path = "../spool"

[state]
url = "sqlite:///../spool/state.sqlite3"

[directory]
units = "units.toml"
certificates = "certificates.toml"
routes = "routes.toml"

[trust]
folder = "trust"

[exchange]
root = "../exchange"
quiet_seconds = 0.3
settle_seconds = 1.0
sweep_seconds = 0.3
give_up_after_seconds = 3600

[[folder]]
name = "khach"
path = "../exchange/khach/gui"
results = "../exchange/khach/ket-qua"

[workers]
decisions = 2

[plugins]
folder = "../plugins"
enabled = []

[log]
format = "json"
level = "info"
"""
_ROUTES = f"""\
# Who receives what, beside those whom a document itself names.
[[route]]
to = ["{OFFICE_CODE}"]
forms = ["bao-cao", "to-trinh"]

[[route]]
to = ["{OFFICE_CODE}"]
draft = true
"""
_CERTIFICATES = '# No certificate is confirmed by a person yet: see "vbdaemon units pin".\n'


@dataclass(frozen=True, slots=True)
class MailPorts:
    """Ports of this machine through which the demo's mail goes."""

    listener: int
    """Where the daemon takes mail."""
    post_office: int
    """Where the daemon's own mail goes."""

    @property
    def settings(self) -> str:
        """The tables of the settings about mail."""
        return (
            f'\n[mail]\naddresses = ["{OFFICE_ADDRESS}"]\n'
            f'\n[smtp]\nlisten = ["{HERE}:{self.listener}"]\nhostname = "songlam.example.vn"\n'
            f'\n[smarthost]\nhost = "{HERE}"\nport = {self.post_office}\nsecurity = "plain"\n'
            f'sender = "{OFFICE_ADDRESS}"\n'
        )


def write_site(agency: DemoAgency, folder: Path, mail: MailPorts | None = None) -> Path:
    """Write the site into `folder` (made if missing); the answer is the path of its settings file."""
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    (folder / "plugins").mkdir(exist_ok=True)
    (config / "vbdaemon.toml").write_text(_SETTINGS + (mail.settings if mail else ""), encoding="utf-8")
    (config / "units.toml").write_text(_directory(agency.units), encoding="utf-8")
    (config / "certificates.toml").write_text(_CERTIFICATES, encoding="utf-8")
    (config / "routes.toml").write_text(_ROUTES, encoding="utf-8")
    days = resources.files("vbdaemon").joinpath("site", "holidays.toml").read_text(encoding="utf-8")
    (config / "holidays.toml").write_text(days, encoding="utf-8")
    agency.pki.write_trust(config / "trust")
    for unit_folder, drops in exchange_folders(agency.units):
        for name in (*drops, "nhan", "ket-qua"):
            (folder / "exchange" / unit_folder / name).mkdir(parents=True, exist_ok=True)
    for name in (GUEST_DROP, "khach/ket-qua"):
        (folder / "exchange" / name).mkdir(parents=True, exist_ok=True)
    return config / "vbdaemon.toml"


def exchange_folders(units: tuple[DemoUnit, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Each unit's folder with its drop folders, the committee and its office first."""
    own = [("ubnd-huyen", ("gui", "gui-lanh-dao")), ("van-phong", ("gui", "gui-lanh-dao"))]
    return own + [(unit.folder, _drops(unit)) for unit in units]


def _drops(unit: DemoUnit) -> tuple[str, ...]:
    return ("gui", "gui-lanh-dao", "gui-chuyen-vien") if unit.specialist else ("gui", "gui-lanh-dao")


def _directory(units: tuple[DemoUnit, ...]) -> str:
    tables = [
        _table("H40", f"Ủy ban nhân dân tỉnh {PROVINCE}", (f"UBND tỉnh {PROVINCE}", "UBND tỉnh"), None, ("tinh",)),
        _table(
            COMMITTEE_CODE,
            COMMITTEE,
            (f"UBND huyện {DISTRICT}", "Ủy ban nhân dân huyện", "UBND huyện"),
            "H40",
            ("huyen",),
            "ubnd-huyen",
        ),
        _table(
            OFFICE_CODE,
            f"Văn phòng HĐND và UBND huyện {DISTRICT}",
            ("Văn phòng HĐND và UBND huyện", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân huyện"),
            COMMITTEE_CODE,
            ("huyen", "van-phong"),
            "van-phong",
        ),
    ]
    for unit in units:
        table = _table(unit.code, unit.name, unit.aliases, COMMITTEE_CODE, ("huyen", unit.group), unit.folder)
        tables.append(table + (_accounts(unit) if unit.specialist else ""))
    return "\n".join(tables)


def _table(
    code: str,
    name: str,
    aliases: tuple[str, ...],
    parent: str | None,
    groups: tuple[str, ...],
    folder: str | None = None,
) -> str:
    rows: dict[str, object] = {"code": code, "name": name, "aliases": list(aliases)}
    if parent:
        rows["parent"] = parent
    rows |= {"groups": list(groups), "served": folder is not None}
    if folder:
        rows |= {"addresses": [address_of(folder)], "networks": ["127.0.0.0/8"]}
        rows |= {"folder": folder, "signature_issued": True}
    return "[[unit]]\n" + _rows(rows)


def _accounts(unit: DemoUnit) -> str:
    accounts = (
        ("vanthu", "clerk", "gui"),
        ("lanhdao", "leader", "gui-lanh-dao"),
        ("chuyenvien", "specialist", "gui-chuyen-vien"),
    )
    stem = unit.abbreviation.lower()
    return "".join(
        "\n[[unit.account]]\n" + _rows({"name": f"{name}.{stem}", "role": role, "drop": drop})
        for name, role, drop in accounts
    )


def _rows(rows: dict[str, object]) -> str:
    """Lines of TOML; its strings, lists and booleans are written as JSON writes them."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in rows.items())
