"""Built-in `check` of validity: turns the facts of signatures into findings (552/UBND §1; NĐ 30/2020 art. 21).

Codes and the places that they fill in the policy's words. Every finding about one signature fills
{signer} (common name), {issuer} (the document's issuer), {signed_at} (Vietnam time), {field}, {file};
those about the whole document fill {issuer}. Beyond that:

    organisation-signature-missing, signature-account-missing     {issuer}
    person-signature-or-scan-missing, scan-evidence-unclear       {issuer}
    scan-of-original, red-seal-not-seen                           {issuer}
    person-not-the-signer                                         {printed}: the signer's printed name
    signature-role-unknown, signer-not-issuer, publisher-signature
    signature-broken, altered-after-signing                       refused
    earlier-signature-broken, changed-between-signatures          the same, when the issuer's later signature covers it
    later-signature-over-content                                  a signature not the issuer's, drawn over signed words
    unsigned-bytes                                                {file}, {detail}: bytes outside all signatures
    certificate-revoked, certificate-expired-at-signing, certificate-expired-claimed
    certificate-untrusted                                         {missing}: issuer not at hand; {urls}: its addresses
    certificate-confirmed                                         instead of certificate-untrusted
    signature-undecidable, revocation-unknown
    signature-position
    annex-unsigned                                                {file}: the annex
"""

from vbdaemon.builtin.validity_certificates import certificate_findings
from vbdaemon.builtin.validity_integrity import integrity_findings
from vbdaemon.builtin.validity_presence import presence_findings
from vbdaemon.builtin.validity_view import SignatureView
from vbdaemon.hookspecs import hookimpl
from vbdaemon.model import Classification, Document, Finding, SignatureReport, Snapshot


@hookimpl
def check(
    document: Document,
    classification: Classification,
    signatures: tuple[SignatureReport, ...],
    snapshot: Snapshot,
) -> tuple[Finding, ...]:
    """Presence, roles, integrity and certificates of a document's signatures; pure.

    Drafts and the Tờ trình that carries one need no signature; signatures that they do carry are judged all the same.
    """
    view = SignatureView(document, classification, signatures, snapshot)
    return (*presence_findings(view), *integrity_findings(view), *certificate_findings(view))
