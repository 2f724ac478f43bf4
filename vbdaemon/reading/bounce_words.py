"""Bounces in words: how mail servers that write no structured report say that a mail did not arrive."""

import re
from dataclasses import dataclass

from vbdaemon.reading.mail_address import message_ids

_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|report|has failed|incomplete|problem)|failure notice|returned mail|"
    r"mail (?:delivery )?fail|mail system error|message (?:delayed|not delivered)|could not be delivered|"
    r"delayed mail|warning: (?:message|could not send)|không gửi được|không thể gửi|thư không|gửi thư thất bại",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"wasn't able to deliver|could ?n[o']t be delivered|unable to deliver|delivery has failed|"
    r"delivery (?:to .{1,200} )?failed|"
    r"permanent (?:fatal )?error|undeliverable|was not delivered|failed permanently|address(?:es)? failed|"
    r"user unknown|unknown user|no such user|mailbox (?:is )?(?:full|unavailable)|recipient address rejected|"
    r"did not reach|not recognized|rejected your message|cannot send message|"
    r"không gửi được|không thể gửi|không tồn tại",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"will (?:be|keep|continue to) (?:retr|try)|has not (?:yet )?been delivered|still (?:being retried|trying)|"
    r"delivery (?:is|has been) delayed|you do not need to resend|warning message only",
    re.IGNORECASE,
)
_MAYBE_DELAYED = re.compile(r"temporar(?:y|ily)", re.IGNORECASE)
_GIVEN_UP = re.compile(r"given up|giving up|not going to try|permanent|failed", re.IGNORECASE)
_SUCCESS = re.compile(r"success|relayed|thành công", re.IGNORECASE)
_CODE = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_REPLY = re.compile(r"(?<!\d)([45]\d\d)[ -](?:#?[45]\.\d|[A-Za-z<])")
_BRACKETED = re.compile(r"<([^<>\s@]{1,200}@[^<>\s]{1,255})>:?")
_ALONE = re.compile(r"^[ \t>*-]{0,8}([^<>\s@]{1,200}@[^<>\s:]{1,255}):?[ \t]*\r?$", re.MULTILINE)
_COPY = re.compile(
    r"^[- ]*(?:below this line is a copy of|this is a copy of|original message|returned message|undelivered message|"
    r"unsent message|message header|"
    r"(?:---+ ?)?(?:thư gốc|bản sao))",
    re.IGNORECASE | re.MULTILINE,
)
_ID = re.compile(r"^[ \t>]{0,8}message-id:\s{0,80}(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_REASON = re.compile(r"^[^\r\n]{0,200}\b(?:[45]\d\d[ -]|[45]\.\d{1,3}\.\d{1,3})[^\r\n]{0,300}", re.MULTILINE)
_VAGUE_REASON = re.compile(
    r"^[^\r\n]{0,200}\b(?:user unknown|no such user|does not like|mailbox)[^\r\n]{0,300}", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class BounceWords:
    """What the words of a bounce say."""

    delayed: bool
    recipient: str
    status: str
    reason: str
    message_id: str


def bounce_words(subject: str, text: str, *, returned: bool = False) -> BounceWords | None:
    """What a bounce says; None where neither subject nor text speak of a delivery that failed or waits.

    `returned`: our mail came back with it. Then, or with a copy in the text, the subject alone says enough: the
    words may be of any language.
    """
    copy = _COPY.search(text)
    said = text[: copy.start()] if copy else text
    failed = _FAILED.search(said)
    delayed = _DELAYED.search(said) or (None if failed else _MAYBE_DELAYED.search(said))
    titled = _SUBJECT.search(subject) is not None and not _SUCCESS.search(subject)
    spoken = bool(failed or delayed) and (titled or bool(copy) or _CODE.search(said) is not None)
    if not spoken and not (titled and (returned or copy)):
        return None
    reason = _REASON.search(said) or _VAGUE_REASON.search(said)
    code = _CODE.search(reason[0] if reason else said)
    reply = _REPLY.search(reason[0] if reason else said)
    status = code[1] if code else f"{reply[1][0]}.0.0" if reply else ""
    recipient = _BRACKETED.search(said) or _ALONE.search(said)
    named = _ID.search(text[copy.start() :] if copy else text)
    return BounceWords(
        delayed=bool(delayed) and not _GIVEN_UP.search(said) and not status.startswith("5"),
        recipient=recipient[1] if recipient else "",
        status=status,
        reason=reason[0].strip() if reason else (failed or delayed or [subject])[0],
        message_id=next(iter(message_ids(named[1])), "") if named else "",
    )
