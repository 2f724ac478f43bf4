"""Fingerprints that the certification authorities of Vietnam have published: facts to compare with, not trust."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedCertificate:
    """A CA certificate that its owner published, by its SHA-256."""

    name: str
    sha256: str
    owner: str


PUBLISHED = (
    PublishedCertificate(
        "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
        "f7bc89054cec7f12730d7b8cd3eb7955b163835087e5eb873edfb584763b3f90",
        "Ban Cơ yếu Chính phủ",
    ),
    PublishedCertificate(
        "RootCA chuyên dùng Chính phủ G2",
        "f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8",
        "Ban Cơ yếu Chính phủ",
    ),
    PublishedCertificate(
        "CA phục vụ các cơ quan Nhà nước G2",
        "d8cab7a4aef92e6bb2509d7c61cee7b44f3731b2d21074963530277b366fae4b",
        "Ban Cơ yếu Chính phủ",
    ),
    PublishedCertificate(
        "Vietnam National Root CA",
        "bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7",
        "Ministry of Information and Communications",
    ),
    PublishedCertificate(
        "VNPT-CA SHA2",
        "7d6ba5245317f9ed5d8bc765a4634d26ac6340d36b9f584df3b52d9c4a81a306",
        "Vietnam Posts and Telecommunications Group",
    ),
)


def published(sha256: str) -> PublishedCertificate | None:
    """The published certificate with this fingerprint (hexadecimal, lower case), or None."""
    return next((entry for entry in PUBLISHED if entry.sha256 == sha256), None)


def namesake(name: str) -> PublishedCertificate | None:
    """The published certificate whose common name this is; with another fingerprint it is a newer one, or a trap."""
    return next((entry for entry in PUBLISHED if entry.name == name), None)
