"""Another office asks for a document back that it sent us: held, for a person decides (NĐ 30/2020 art. 18)."""

from datetime import date

from vbdaemon.model import DocumentVerdict, File, Reason, RecallRequest, Snapshot, Verdict, Withdrawal

_WHAT = {Withdrawal.RECALL: "thu hồi", Withdrawal.UPDATE: "cập nhật", Withdrawal.REPLACE: "thay thế"}


def asked_back(files: tuple[File, ...], asked: RecallRequest, snapshot: Snapshot) -> DocumentVerdict:
    """The request in the place of a document: which document, why, and what the clerk does next."""
    finding = snapshot.policy.finding("recall-requested", detail=_in_words(asked))
    return DocumentVerdict(
        main=files[0].name,
        main_sha256=files[0].sha256,
        files=tuple(dict.fromkeys(file.sha256 for file in files)),
        classification=None,
        signatures=(),
        findings=(finding,),
        verdict=Verdict.hold(Reason.of(finding)),
    )


def designation_of(asked: RecallRequest) -> str:
    """Number and day as the request has them, as in "số 15/UBND-VP ngày 02/03/2026"; empty without a number."""
    designation = "/".join(part for part in (asked.number, asked.symbol) if part)
    day = f" ngày {date.fromisoformat(asked.date):%d/%m/%Y}" if _is_day(asked.date) else ""
    return f"số {designation}{day}" if designation else ""


def _in_words(asked: RecallRequest) -> str:
    """Which document, and why, as far as the request says."""
    words = f"{_WHAT[asked.kind]} văn bản {designation_of(asked) or f'có SHA-256 {asked.sha256[:16]}'}"
    words += f", thay bằng {asked.replaced_by}" if asked.replaced_by else ""
    return words + (f"; lý do: {asked.reason}" if asked.reason else "")


def _is_day(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True
