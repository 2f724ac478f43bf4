"""Signs the PDF of a refusal that a person confirmed; whatever goes wrong costs the signature, never the notice."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from vbdaemon.delivery.notice import Composed
from vbdaemon.errors import ConfigurationError
from vbdaemon.model import DocumentVerdict, NoticeRules, VerdictKind
from vbdaemon.rendering.seal_drawing import draw_seal
from vbdaemon.secret import reveal


def sealed(
    composed: Composed,
    documents: tuple[DocumentVerdict, ...],
    rules: NoticeRules,
    at: datetime,
    environment: Mapping[str, str] = os.environ,
) -> Composed:
    """The notice with its PDF signed as of `at` (aware), when a certificate is configured and a person confirmed.

    The key is read here, in a delivery worker, for this one signature. `trouble` says why there is none.
    """
    if composed.notice.pdf is None or rules.certificate is None or not is_confirmed(documents):
        return composed
    # few notices are signed, and the daemon itself, which knows this module, loads no pyHanko
    from vbdaemon.signature.office_seal import load_seal, name_on, seal  # noqa: PLC0415
    from vbdaemon.signature.signing import SigningRefused  # noqa: PLC0415

    try:
        password = reveal(rules.password, environment) if rules.password else ""
        credential = load_seal(rules.certificate, password, at)
        drawing = draw_seal(name_on(credential), at)
        signed = seal(composed.notice.pdf, credential, at, drawing, rules.timestamp, rules.proxy)
    except (ConfigurationError, SigningRefused) as error:
        return replace(composed, trouble=_joined(composed.trouble, f"the PDF is not signed: {error}"))
    notice = replace(composed.notice, pdf=signed.pdf)
    return Composed(notice, _joined(composed.trouble, signed.trouble))


def is_confirmed(documents: tuple[DocumentVerdict, ...]) -> bool:
    """True when something is refused, and a person confirmed every refusal."""
    refused = [document for document in documents if document.verdict.kind is VerdictKind.REJECT]
    return bool(refused) and all(document.confirmed is not None for document in refused)


def _joined(*words: str) -> str:
    return "; ".join(word for word in words if word)
