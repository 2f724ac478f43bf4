"""Small words of notices: local times, contacts, sentences without holes."""

import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from vbdaemon.model import Channel, Office
from vbdaemon.rendering.names import visible

NO_OFFICE = "Cơ quan tiếp nhận"
"""Stands where the settings name no office."""
_CHANNELS = {
    Channel.FOLDER: ("thư mục dùng chung", "the shared folder"),
    Channel.IMAP: ("thư điện tử", "e-mail"),
    Channel.SMTP: ("thư điện tử", "e-mail"),
    Channel.INSPECT: ("lệnh kiểm tra", "the inspect command"),
}


def local_moment(at: datetime) -> str:
    """An aware time as people in Viet Nam read it: "09:30 ngày 15/01/2025"."""
    local = at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    return f"{local:%H:%M} ngày {local:%d/%m/%Y}"


def local_moment_english(at: datetime) -> str:
    """The same in English: "09:30 on 15 January 2025 (UTC+7)"; months without the machine's locale."""
    local = at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    months = "January February March April May June July August September October November December"
    return f"{local:%H:%M} on {local.day} {months.split()[local.month - 1]} {local.year} (UTC+7)"


def day_words(day: date) -> str:
    """A day as "15/01/2025"."""
    return day.strftime("%d/%m/%Y")


def channel_words(channel: Channel) -> tuple[str, str]:
    """The way in, Vietnamese and English."""
    return _CHANNELS[channel]


def contact_words(office: Office) -> str:
    """Whom to ask: person, title, telephone, mail; the office itself where the settings name nobody."""
    person = ", ".join(part for part in (office.contact, office.contact_title) if part)
    reach = (("điện thoại", office.telephone), ("thư điện tử", office.email))
    ways = [f"{word} {value}" for word, value in reach if value]
    return ", ".join([person or office.name or NO_OFFICE, *ways])


def sentence(text: str) -> str:
    """Text on one line without holes: unfilled places leave no double spaces, empty brackets or lonely stops."""
    flat = visible(re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))).strip()
    flat = re.sub(r" ?\( *\)", "", flat)
    flat = re.sub(r" +([.,;:])", r"\1", flat)
    return re.sub(r" {2,}", " ", flat)
