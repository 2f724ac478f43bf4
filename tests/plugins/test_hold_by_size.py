"""plugins/hold_by_size.py, loaded as the daemon loads it."""

from dataclasses import replace
from pathlib import Path

import pytest

from vbdaemon.errors import PluginError
from vbdaemon.model import Document, Finding, VerdictKind, Waiver
from vbdaemon.registry import Registry, load_registry
from vbdaemon.rules.loader import load_policy
from vbdaemon.testing import make_classification, make_document, make_file, make_snapshot, make_submission

FOLDER = Path(__file__).parents[2] / "plugins"
NAME = "hold_by_size"
MEGABYTE = 1_000_000


def load(**table: object) -> Registry:
    return load_registry(FOLDER, (NAME,), {NAME: table}, builtins=("vbdaemon.builtin.judge",))


def sized(*sizes: int) -> Document:
    main, *annexes = (replace(make_file(f"tep-{n}.pdf", str(n).encode()), size=size) for n, size in enumerate(sizes, 1))
    return make_document(main, annexes=annexes)


def check(registry: Registry, document: Document) -> tuple[Finding, ...]:
    (answer,) = registry.all("check", **seen(document))
    findings: tuple[Finding, ...] = answer.value
    return findings


def seen(document: Document, *waivers: Waiver) -> dict[str, object]:
    return {
        "submission": replace(make_submission(*document.files), waivers=waivers),
        "document": document,
        "classification": make_classification(),
        "signatures": (),
        "snapshot": make_snapshot(),
    }


def judged(registry: Registry, document: Document, *waivers: Waiver, **changes: object) -> VerdictKind:
    arguments = {**seen(document, *waivers), **changes}
    (answer,) = registry.all("judge", findings=check(registry, document), **arguments)
    kind: VerdictKind = answer.value.kind
    return kind


@pytest.mark.parametrize(
    ("sizes", "held"),
    [
        ((5 * MEGABYTE,), False),
        ((5 * MEGABYTE + 1,), True),
        ((3 * MEGABYTE, 2 * MEGABYTE), False),
        ((3 * MEGABYTE, 3 * MEGABYTE), True),
        ((0,), False),
    ],
)
def test_a_document_is_held_when_its_files_together_are_over_the_limit(sizes: tuple[int, ...], held: bool) -> None:
    document = sized(*sizes)
    registry = load(limit_megabytes=5)

    assert bool(check(registry, document)) is held
    assert judged(registry, document) is (VerdictKind.HOLD if held else VerdictKind.ACCEPT)


def test_the_finding_names_size_and_limit_in_both_languages() -> None:
    (finding,) = check(load(limit_megabytes=2.5), sized(3_241_000))

    assert finding.code == "over-size"
    assert "là 3,25 MB, vượt quá 2,5 MB" in finding.message
    assert "3.25 MB together, over 2.5 MB" in finding.english
    assert "không quá 2,5 MB" in finding.remedy
    assert finding.evidence is not None
    assert finding.evidence.words == "3241000 bytes"


def test_a_byte_too_many_does_not_read_like_the_limit() -> None:
    (finding,) = check(load(limit_megabytes=20), sized(20 * MEGABYTE + 1))

    assert "20.01 MB together, over 20 MB" in finding.english


def test_a_person_can_release_what_it_held() -> None:
    document = sized(30 * MEGABYTE)
    waiver = Waiver("over-size", document.main.sha256, "Trần Thị Hoài Thu", "đã xem")

    assert judged(load(), document, waiver) is VerdictKind.ACCEPT


def test_the_policy_of_a_site_can_make_it_a_refusal(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(
        '[[finding]]\ncode = "over-size"\nseverity = "error"\nverdict = "REJECT"\n'
        'message = "Tệp quá lớn."\nenglish = "The files are too large."\n',
        encoding="utf-8",
    )
    snapshot = make_snapshot(policy=load_policy(policy), transmission=())

    assert judged(load(), sized(30 * MEGABYTE), snapshot=snapshot) is VerdictKind.REJECT


def test_without_a_table_the_limit_is_20_megabytes() -> None:
    registry = load()

    assert not check(registry, sized(20 * MEGABYTE))
    assert check(registry, sized(20 * MEGABYTE + 1))


@pytest.mark.parametrize("table", [{"limit_megabytes": 0}, {"limit_megabytes": "large"}, {"limit_megabyte": 5}])
def test_a_mistake_in_its_table_is_named_with_its_key(table: dict[str, object]) -> None:
    with pytest.raises(PluginError, match=r"plugins\.hold_by_size\.limit_megabyte"):
        load(**table)


def test_it_is_off_in_the_settings_that_vbdaemon_comes_with() -> None:
    shipped = Path(__file__).parents[2] / "vbdaemon" / "site" / "vbdaemon.toml"

    assert "enabled = []" in shipped.read_text(encoding="utf-8")
