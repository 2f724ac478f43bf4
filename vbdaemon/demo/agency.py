"""A small invented district agency: its units, their people and certificates.

District, province and people are invented. The six units stand for the kinds of senders that a district
office sees: departments of the committee, and committees of communes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vbdaemon.clock import VIETNAM
from vbdaemon.demo.pki import DemoPki
from vbdaemon.signature.credential import Credential

PROVINCE = "Thanh Giang"
DISTRICT = "Sông Lam"
COMMITTEE = f"Ủy ban nhân dân huyện {DISTRICT}"
COMMITTEE_CODE = "H40.15"
OFFICE_CODE = "H40.15.00"


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit of the demo agency and the person who signs for it."""

    code: str
    name: str
    """As its certificate names it."""
    heading: str
    """As its documents print it; lines separated by a line break."""
    folder: str
    abbreviation: str
    """In symbols, e.g. "PNV"."""
    title: str
    signer: str
    group: str
    """As the lists name those whom they bind: 648/QĐ-UBND Điều 3."""
    parent_heading: str = f"ỦY BAN NHÂN DÂN\nHUYỆN {DISTRICT.upper()}"
    place: str = DISTRICT
    authority: str | None = None
    aliases: tuple[str, ...] = ()
    specialist: bool = False
    """True: a specialist has a drop folder of his own."""


@dataclass(frozen=True, slots=True)
class Signatories:
    """The certificates that sign a unit's documents."""

    organisation: Credential
    person: Credential
    timestamper: Credential


@dataclass(frozen=True, slots=True)
class DemoAgency:
    """The agency at a moment: its units with certificates of its own test CA, and some that are not."""

    now: datetime
    pki: DemoPki
    units: tuple[DemoUnit, ...]
    signatories: dict[str, Signatories]
    """By folder of the unit."""
    guest: DemoUnit
    """An organisation that the directory does not know; it holds good certificates."""
    revoked: dict[str, Signatories]
    """By folder of the unit: an organisation certificate that was revoked a month ago."""
    foreign: dict[str, Signatories]
    """By folder of the unit: certificates of a CA that nobody trusts."""

    @property
    def signed_at(self) -> datetime:
        """When the demo's documents were signed: an hour ago."""
        return self.now - timedelta(hours=1)

    @property
    def today(self) -> date:
        """The day of signing in Viet Nam: the date that the documents bear."""
        return self.signed_at.astimezone(VIETNAM).date()

    def unit(self, folder: str) -> DemoUnit:
        """The unit with this folder; KeyError when there is none."""
        return {unit.folder: unit for unit in (*self.units, self.guest)}[folder]


def _department(code: str, name: str, folder: str, abbreviation: str, signer: str, *, specialist: bool) -> DemoUnit:
    return DemoUnit(
        code=code,
        name=f"{name} huyện {DISTRICT}",
        heading=name.upper(),
        folder=folder,
        abbreviation=abbreviation,
        title="TRƯỞNG PHÒNG",
        signer=signer,
        group="co-quan-chuyen-mon",
        aliases=(name,),
        specialist=specialist,
    )


def _commune(code: str, kind: str, place: str, folder: str, signer: str) -> DemoUnit:
    return DemoUnit(
        code=code,
        name=f"Ủy ban nhân dân {kind} {place}",
        heading=f"ỦY BAN NHÂN DÂN\n{kind.upper()} {place.upper()}",
        folder=folder,
        abbreviation="UBND",
        authority="TM. ỦY BAN NHÂN DÂN",
        title="CHỦ TỊCH",
        signer=signer,
        group="xa-thi-tran",
        parent_heading="",
        place=place,
        aliases=(f"UBND {kind} {place}", f"{kind.capitalize()} {place}"),
    )


UNITS = (
    _department("H40.15.01", "Phòng Nội vụ", "phong-noi-vu", "PNV", "Trần Thị Hoài Thu", specialist=False),
    _department(
        "H40.15.02", "Phòng Tài chính - Kế hoạch", "phong-tai-chinh-ke-hoach", "TCKH", "Lê Văn Khánh", specialist=True
    ),
    _department(
        "H40.15.03", "Phòng Giáo dục và Đào tạo", "phong-giao-duc", "PGDĐT", "Phạm Thị Ngọc Lan", specialist=False
    ),
    _department(
        "H40.15.04", "Phòng Văn hóa và Thông tin", "phong-van-hoa", "PVHTT", "Hoàng Đức Thịnh", specialist=False
    ),
    _commune("H40.15.05", "xã", "Hạ Lam", "xa-ha-lam", "Nguyễn Hữu Bình"),
    _commune("H40.15.06", "thị trấn", "Bến Lam", "thi-tran-ben-lam", "Vũ Thị Thanh Mai"),
)
GUEST = DemoUnit(
    code="",
    name="Hợp tác xã Nông nghiệp Lam Thượng",
    heading="HỢP TÁC XÃ NÔNG NGHIỆP\nLAM THƯỢNG",
    folder="khach",
    abbreviation="HTXLT",
    title="GIÁM ĐỐC",
    signer="Đỗ Quang Vinh",
    group="",
    parent_heading="",
    place="Lam Thượng",
)


def found_agency(now: datetime) -> DemoAgency:
    """The agency as it stands at `now` (aware): fresh keys and certificates, one of them revoked."""
    pki = DemoPki.create(now)
    foreign = DemoPki.create(now, name="Cơ quan chứng thực không quen biết")
    signatories = {unit.folder: _issue(pki, unit) for unit in (*UNITS, GUEST)}
    revoked = {unit.folder: _issue(pki, unit) for unit in UNITS if unit.folder == "thi-tran-ben-lam"}
    for former in revoked.values():
        pki.revoke(former.organisation, now - timedelta(days=30))
    strangers = {unit.folder: _issue(foreign, unit) for unit in UNITS if unit.folder == "phong-tai-chinh-ke-hoach"}
    return DemoAgency(now, pki, UNITS, signatories, GUEST, revoked, strangers)


def _issue(pki: DemoPki, unit: DemoUnit) -> Signatories:
    province = f"Tỉnh {PROVINCE}"
    organisation = pki.issue(unit.name, organisation=province, locality=PROVINCE)
    person = pki.issue(
        unit.signer,
        kind="person",
        organisation=f"ỦY BAN NHÂN DÂN TỈNH {PROVINCE.upper()}",
        units=(unit.name,),
        locality=PROVINCE,
        email=f"{unit.folder}@example.vn",
    )
    return Signatories(organisation, person, pki.tsa)
