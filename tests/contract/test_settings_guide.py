"""config/README.md names every key there is, and none besides; what it shows can be loaded."""

import configparser
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vbdaemon import config
from vbdaemon.directory import certificates, holidays, routes, units
from vbdaemon.folders import drop_folders
from vbdaemon.model import Form, PolicyRule, TransmissionRule, TransmissionRuleSet
from vbdaemon.rules.loader import load_forms, load_policy, load_transmission
from vbdaemon.snapshot import build_snapshot

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### `(\[+[\w.]+\]+)`\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", re.MULTILINE)
SHORT_ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \|$", re.MULTILINE)
EXAMPLE = re.compile(r"^```toml\n# ([\w-]+\.toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SECTIONS = dict(SECTION.findall(GUIDE))
EXAMPLES = dict(EXAMPLE.findall(GUIDE))
BESIDE = {"base"}
"""Of Settings: no key."""


def models() -> dict[str, type[BaseModel]]:
    """Every table that can be written, with the model that reads it."""
    found = dict(tables(config.Settings, ""))
    found["[[unit]]"] = units._UnitTable
    found["[[unit.account]]"] = units._AccountTable
    found["[[group]]"] = units._GroupTable
    found["[[route]]"] = routes._RouteTable
    found["[[holiday]]"] = holidays._HolidayTable
    found["[[worked]]"] = holidays._WorkedTable
    found["[[certificate]]"] = certificates._CertificateTable
    return found


def tables(model: type[BaseModel], above: str) -> Iterator[tuple[str, type[BaseModel]]]:
    """The tables inside a table, those inside them too; a tuple of tables is written [[so]]."""
    for name, info in model.model_fields.items():
        many = get_origin(info.annotation) is tuple
        inner = next((t for t in (info.annotation, *get_args(info.annotation)) if is_table(t)), None)
        if name not in BESIDE and inner is not None:
            key = f"{above}{info.alias or name}"
            yield f"[[{key}]]" if many else f"[{key}]", inner
            yield from tables(inner, f"{key}.")


def holds_table(info: FieldInfo) -> bool:
    return any(is_table(each) for each in get_args(info.annotation))


def is_table(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def test_the_guide_has_every_table_and_no_other():
    assert sorted(SECTIONS) == sorted(models())


@pytest.mark.parametrize(("heading", "model"), models().items())
def test_the_guide_has_every_key_of_a_table_with_its_default(heading, model):
    told = {key: default for key, default, _ in ROW.findall(SECTIONS[heading])}

    keys = {n: i for n, i in model.model_fields.items() if get_origin(i.annotation) is tuple or not holds_table(i)}
    assert told == {info.alias or name: default_of(info) for name, info in keys.items()}


def default_of(info: FieldInfo) -> str:
    """The cell of the column "default"."""
    if info.is_required():
        return "required"
    return "none" if info.default is None else f"`{toml(info.default)}`"


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(toml(each) for each in value)}]"
    return f'"{value}"'


@pytest.mark.parametrize(
    ("heading", "value", "names"),
    [
        ("### The policy", PolicyRule, {}),
        ("### A list", TransmissionRuleSet, {"rules": "rule"}),
        ("| key of a row |", TransmissionRule, {"id": "row"}),
    ],
)
def test_the_guide_has_every_key_of_the_rule_files(heading: str, value: Any, names: dict[str, str]):
    section = GUIDE.partition(heading)[2]
    table = re.split(r"^(?:##|\| key of a row)", section, maxsplit=1, flags=re.MULTILINE)[0]
    told = [key for key, _ in SHORT_ROW.findall(table)]

    assert sorted(told) == sorted(names.get(field.name, field.name) for field in fields(value))


def test_the_guide_has_every_key_of_a_form():
    table = re.split(r"^##", GUIDE.partition("### The forms")[2], maxsplit=1, flags=re.MULTILINE)[0]
    told = [key for key, _ in SHORT_ROW.findall(table)]

    assert sorted(told) == sorted([*(field.name for field in fields(Form)), "note"])


def test_every_toml_block_is_an_example_with_a_name_and_can_be_parsed():
    assert GUIDE.count("```toml\n") == len(EXAMPLES)
    assert all(tomllib.loads(body) for body in EXAMPLES.values())


def test_the_examples_together_are_a_site_that_loads(tmp_path):
    for name, body in EXAMPLES.items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    settings = config.load_settings(tmp_path / "vbdaemon.toml")
    snapshot = build_snapshot(settings)

    assert [unit.folder for unit in snapshot.directory.units] == ["ubnd-huyen", "phong-noi-vu"]
    assert [certificate.unit for certificate in snapshot.directory.certificates] == ["H99.01.03"]
    assert [group.code for group in snapshot.directory.groups] == ["huyen"]
    assert [route.forms for route in snapshot.routes] == [("bao-cao", "to-trinh"), ()]
    assert [rule_set.id for rule_set in snapshot.transmission] == ["mau-12-2026"]
    assert snapshot.policy.refusals == "confirm"
    assert settings.plugins.tables == {"hold_by_size": {"limit_megabytes": 20}}
    assert {drop.path.name for drop in drop_folders(settings, snapshot)} == {"gui", "gui-lanh-dao", "kiem-tra", "quet"}


def test_the_policy_that_the_guide_shows_changes_what_it_says(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text(EXAMPLES["policy.toml"], encoding="utf-8")
    before, after = load_policy().by_code, load_policy(file).by_code

    assert after["editable-file-missing"].verdict == "REJECT"
    assert after["editable-file-missing"].message == before["editable-file-missing"].message
    assert after["weak-digest"].verdict == "HOLD"
    assert set(after) - set(before) == {"over-size"}


def test_the_form_that_the_guide_shows_loads_below_the_shipped_ones(tmp_path):
    file = tmp_path / "hinh-thuc.toml"
    shipped = (ROOT / "vbdaemon" / "rules" / "forms.toml").read_text("utf-8")
    file.write_text(f"{shipped}\n{EXAMPLES['hinh-thuc.toml']}", encoding="utf-8")

    assert [form.slug for form in load_forms(file) if form not in load_forms()] == ["phieu-giao-viec"]


def test_a_copy_of_the_shipped_list_loads_like_the_shipped_one(tmp_path):
    (shipped,) = load_transmission()
    copy = tmp_path / "danh-muc.toml"
    copy.write_bytes((ROOT / "vbdaemon" / "rules" / f"{shipped.id}.toml").read_bytes())

    assert load_transmission(copy) == (shipped,)
    assert all(f"`{group}`" in GUIDE for group in shipped.applies_to)


def test_the_sample_of_smb_conf_keeps_rights_with_the_folders_and_lets_nobody_in_unnamed():
    body = re.findall(r"^```ini\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    sample = configparser.ConfigParser()
    sample.read_string(*body)
    share = sample["van-ban"]

    assert sample["global"]["map to guest"] == "never"
    assert share["guest ok"] == "no"
    assert share["inherit acls"] == "yes"
    assert share["follow symlinks"] == "no"
    assert share["oplocks"] == share["level2 oplocks"] == "no"


def test_the_guide_names_the_folders_of_a_unit_as_the_program_does():
    exchange = config.Settings().exchange
    default = units._unit(units._UnitTable(code="a", name="A", folder="a"))
    drops = [account.drop for account in default.accounts]

    assert all(f"| `{name}/` |" in GUIDE for name in (*drops, exchange.inbox, exchange.results, exchange.preflight))
