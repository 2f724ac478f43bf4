"""The same work without a daemon: bare.py TRUST PROCESSES WARM-UP FOLDER.

Writes the seconds that FOLDER took, and those of processor.

A pool of processes hashes each file, verifies its signatures and reads its pages, with the daemon's own rooms.
"""

import hashlib
import sys
import time
from multiprocessing import get_context
from pathlib import Path

from vbdaemon.model import Directory, Limits
from vbdaemon.reading.reader import read_file
from vbdaemon.signature.trust import TrustStore
from vbdaemon.signature.verification import verify_pdf

stores: dict[Path, TrustStore] = {}


def work(job: tuple[Path, Path]) -> float:
    began = time.process_time()
    path, trust = job
    if trust not in stores:
        stores[trust] = TrustStore.load(trust)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    reports = verify_pdf(path, path.name, sha256, stores[trust], Directory())
    content = read_file(path, path.name, sha256, "application/pdf", Limits(), None)
    assert reports
    assert content.pages
    return time.process_time() - began


def main(trust: str, processes: str, warm_up: str, folder: str) -> None:
    first, rest = ([(p, Path(trust)) for p in sorted(Path(f).iterdir())] for f in (warm_up, folder))
    with get_context("fork").Pool(int(processes)) as pool:
        pool.map(work, first, chunksize=1)
        began = time.perf_counter()
        spent = pool.map(work, rest, chunksize=1)
        sys.stdout.write(f"{time.perf_counter() - began} {sum(spent)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
