"""Chains to a root found once for all documents of a signer: kept only where nothing could decide otherwise.

A kept answer is given again for exactly the same certificates, in the same order, under the same rules, and for a
moment in the same span of time, in which no certificate at hand begins or ends. Revocation is never kept: a
context that brings CRLs, OCSP answers or a way to fetch them goes to the library, and our own CRLs are asked for
every signature anew.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import x509
from pyhanko.sign.validation import generic_cms
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, DisallowWeakAlgorithmsPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import CertificateRegistry, PathBuilder, SimpleTrustManager
from pyhanko_certvalidator.util import CancelableAsyncIterator

KEPT_CHAINS = 1_000
"""Chains a worker keeps: units sign with the same certificates for years."""
TOLERANCE = timedelta(seconds=5)
"""About a moment at which a certificate begins or ends nothing is kept; the library forgives one second."""

stock_build = PathBuilder.async_build_paths_lazy
"""The library's own search for candidates."""
stock_validate = generic_cms.validate_cert_usage
"""The library's own search for a valid chain."""

_ORDINARY = CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("soft-fail"))

Certificates = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """All that the library's answer can depend on, times aside."""

    leaf: bytes
    roots: frozenset[bytes]
    links: Certificates
    usage: str
    rules: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A chain that was found valid, and the span of time for which it was."""

    result: Any
    start: datetime
    end: datetime


@dataclass(slots=True)
class ChainMemory:
    """The chains of one worker; the longest unused is forgotten first."""

    chains: OrderedDict[Question, Kept] = field(default_factory=OrderedDict)
    hits: int = 0

    async def validate(
        self,
        cert: x509.Certificate,
        validation_context: ValidationContext,
        key_usage_settings: Any,
        paths: Any,
        pkix_validation_params: Any = None,
    ) -> Any:
        """What `stock_validate` answers; takes its place."""
        question = None
        if pkix_validation_params is None and _is_ordinary(validation_context):
            question = _question(cert, validation_context, key_usage_settings)
        moment = validation_context.moment
        kept = self.chains.get(question) if question else None
        if kept is not None and kept.start < moment < kept.end:
            self.hits += 1
            self.chains.move_to_end(question)  # type: ignore[arg-type]  # kept means that there is a question
            await paths.cancel()
            return kept.result
        result = await stock_validate(cert, validation_context, key_usage_settings, paths, pkix_validation_params)
        if question is not None and result.success_result is not None:
            self._keep(question, result, moment, (cert, *validation_context.certificate_registry))
        return result

    def _keep(
        self, question: Question, result: Any, moment: datetime, certificates: Iterable[x509.Certificate]
    ) -> None:
        bounds = [edge for certificate in certificates for edge in _bounds(certificate)]
        start = max((edge for edge in bounds if edge <= moment), default=None)
        end = min((edge for edge in bounds if edge > moment), default=None)
        if start is None or end is None:
            return
        self.chains[question] = Kept(result, start + TOLERANCE, end - TOLERANCE)
        while len(self.chains) > KEPT_CHAINS:
            self.chains.popitem(last=False)


def _is_ordinary(context: ValidationContext) -> bool:
    """Nothing but certificates and a moment can decide: no revocation data, no fetching, no rule with a date."""
    evidence = context.revinfo_manager
    return (
        type(context) is ValidationContext
        and type(context.certificate_registry) is CertificateRegistry
        and type(context.path_builder.trust_manager) is SimpleTrustManager
        and type(context.algorithm_policy) is DisallowWeakAlgorithmsPolicy
        and context.certificate_registry.fetcher is None
        and not evidence.fetching_allowed
        and not evidence._crls  # noqa: SLF001 - what the library was handed, not what it might have
        and not evidence._ocsps  # noqa: SLF001
        and not evidence._assertions  # noqa: SLF001
        and context.revinfo_policy == _ORDINARY
        and context.best_signature_time == context.moment
    )


def _question(leaf: x509.Certificate, context: ValidationContext, usage: Any) -> Question:
    manager = context.path_builder.trust_manager
    roots = frozenset(root.sha256 for root in manager.iter_certs())  # type: ignore[attr-defined]  # _is_ordinary
    links = tuple(link.sha256 for link in context.certificate_registry)
    rules = sorted((name, _fixed(value)) for name, value in vars(context.algorithm_policy).items())
    named = sorted((name, _fixed(value)) for name, value in vars(usage).items())
    return Question(leaf.sha256, roots, links, repr(named), repr((rules, context.timing_params.time_tolerance)))


def _fixed(value: Any) -> str:
    """Sets in a fixed order, so that equal rules read equal."""
    return repr(sorted(value)) if isinstance(value, set | frozenset) else repr(value)


def _bounds(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    return certificate.not_valid_before, certificate.not_valid_after


class Candidates(CancelableAsyncIterator[ValidationPath]):
    """The candidates that `stock_build` finds, looked for only when the first is asked for: a kept chain asks none."""

    def __init__(self, builder: PathBuilder, leaf: x509.Certificate) -> None:
        self.builder = builder
        self.leaf = leaf
        self.found: Any = None

    def __aiter__(self) -> "Candidates":
        return self

    async def __anext__(self) -> ValidationPath:
        if self.found is None:
            self.found = stock_build(self.builder, self.leaf)
        path: ValidationPath = await self.found.__anext__()
        return path

    async def cancel(self) -> None:
        """Nothing more will be asked for."""
        if self.found is not None:
            await self.found.cancel()


def build(builder: PathBuilder, leaf: x509.Certificate) -> Candidates:
    """Takes the place of `stock_build`."""
    return Candidates(builder, leaf)
