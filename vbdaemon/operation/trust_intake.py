"""New evidence enters the trust folder: from a stick, or fetched; each thing verified first."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vbdaemon.errors import TrustError
from vbdaemon.signature.fetch import FetchRules, fetched
from vbdaemon.signature.trust import TrustStore, trust_files
from vbdaemon.signature.trust_file import TrustFile, parse_trust_bytes, read_trust_file
from vbdaemon.signature.trust_folder import Offer, Standing, put, weighed
from vbdaemon.signature.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Taken:
    """How an import or a fetch ended."""

    added: tuple[Offer, ...] = ()
    unverified: tuple[Offer, ...] = ()
    """Left outside: nothing speaks for them but the person who brings them."""
    refused: tuple[str, ...] = ()
    """What could not be used, each in a line."""
    at_hand: int = 0

    @property
    def complete(self) -> bool:
        """Nothing had to stay outside."""
        return not self.unverified and not self.refused


def imported(source: Path, folder: Path, now: datetime, *, vouched: bool = False) -> Taken:
    """Take in every file at `source` (a file or a folder); `vouched` lets unverified certificates in, never more."""
    if not source.exists():
        raise TrustError(f"{source}: no such file or folder")
    found: list[tuple[str, TrustFile]] = []
    refused: list[str] = []
    for path in trust_files(source) if source.is_dir() else [source]:
        try:
            found.append((path.name, read_trust_file(path)))
        except TrustError as error:
            refused.append(str(error))
    return _taken(found, refused, folder, now, vouched=vouched)


def fetch_wanted(
    wanted: Iterable[Wanted], folder: Path, rules: FetchRules, now: datetime, monotonic: Callable[[], float]
) -> Taken:
    """Fetch each wanted thing from the first of its addresses that answers; only what verifies stays.

    An unverified certificate is reported and left outside: the network vouches for nobody.
    """
    found: list[tuple[str, TrustFile]] = []
    refused: list[str] = []
    for each in wanted:
        troubles = []
        for url, question in _asked(each):
            try:
                found.append((url, parse_trust_bytes(fetched(url, rules, monotonic, question), url)))
                break
            except TrustError as error:
                troubles.append(str(error))
        else:
            refused += troubles
    return _taken(found, refused, folder, now, vouched=False)


def _asked(each: Wanted) -> Iterator[tuple[str, bytes | None]]:
    """Its addresses, then the same responders by POST: some answer to nothing else."""
    yield from ((url, None) for url in each.urls)
    yield from ((url, each.question) for url in each.responders)


def _taken(
    found: list[tuple[str, TrustFile]], refused: list[str], folder: Path, now: datetime, *, vouched: bool
) -> Taken:
    offers = weighed(found, TrustStore.load(folder), now)
    if vouched:  # CRLs under a certificate that only a person vouches for are weighed with it in place
        for offer in offers:
            if offer.standing is Standing.UNVERIFIED:
                put(folder, offer.name, offer.body)
        late = weighed(found, TrustStore.load(folder), now)
        by_name = {offer.sha256: offer for offer in offers if offer.standing is Standing.UNVERIFIED}
        offers = tuple(by_name.get(offer.sha256, offer) for offer in late)
    added = [offer for offer in offers if offer.standing is Standing.VERIFIED]
    unverified = [offer for offer in offers if offer.standing is Standing.UNVERIFIED]
    for offer in added:
        put(folder, offer.name, offer.body)
    return Taken(
        added=tuple(added + unverified if vouched else added),
        unverified=() if vouched else tuple(unverified),
        refused=(*refused, *(f"{o.found_in}: {o.words}" for o in offers if o.standing is Standing.REFUSED)),
        at_hand=sum(offer.standing is Standing.AT_HAND for offer in offers),
    )
