"""Arguments of MAIL and RCPT, also as badly written as they come."""

import time

import pytest

from vbdaemon.intake.smtp.path import read_path


@pytest.mark.parametrize(
    ("argument", "address", "parameters"),
    [
        ("FROM:<a@x.example>", "a@x.example", {}),
        ("from: <a@x.example>", "a@x.example", {}),
        ("FROM:a@x.example", "a@x.example", {}),
        ("FROM:<>", "", {}),
        ("FROM:<> BODY=8BITMIME", "", {"BODY": "8BITMIME"}),
        ("FROM:<a@x.example> size=10 SMTPUTF8", "a@x.example", {"SIZE": "10", "SMTPUTF8": ""}),
        ('FROM:<"a b>@c"@x.example>', '"a b>@c"@x.example', {}),
        ('FROM:<"a\\"b"@x.example>', '"a\\"b"@x.example', {}),
        ("FROM:<@r.example,@s.example:a@x.example>", "a@x.example", {}),
        ("FROM:<a@[192.0.2.1]>", "a@[192.0.2.1]", {}),
        ("FROM:<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]", {}),
        ("FROM:<văn.thư@xã.example>", "văn.thư@xã.example", {}),
        ("FROM:<a>", None, {}),
        ("FROM:<a@>", None, {}),
        ("FROM:<@x.example>", None, {}),
        ("FROM:<a b@x.example>", None, {}),
        ("FROM:<a@b@x.example>", None, {}),
        ("FROM:<a@x.exa\tmple>", None, {}),
        ("FROM:<a\x00@x.example>", None, {}),
        ("FROM:<a\udcff@x.example>", None, {}),
        (f"FROM:<{'a' * 400}@x.example>", None, {}),
    ],
)
def test_an_address_and_its_parameters_are_read(argument, address, parameters):
    path = read_path("FROM", argument)
    assert (path.address, path.parameters, path.readable) == (address, parameters, True)


@pytest.mark.parametrize(
    "argument",
    [None, "", "FROM", "FROM:", "TO:<a@x.example>", "FROM:<a@x.example", "FROM:<a@x.example>SIZE=1", "<a@x>"],
)
def test_what_is_no_path_at_all_is_told(argument):
    assert read_path("FROM", argument) is None


@pytest.mark.parametrize("parameters", ["SIZE==1", "=1", "SIZE=1 SIZE=2", "A=\x01", "-A=1", "A=é"])
def test_a_parameter_that_is_not_well_formed_is_told(parameters):
    assert not read_path("FROM", f"FROM:<a@x.example> {parameters}").readable


def test_a_hostile_argument_takes_no_time():
    began = time.perf_counter()
    for text in ('FROM:<"' + '\\"' * 2000, "FROM:<" + '"a"' * 2000, "FROM:<@" + "a,@" * 2000, "FROM:" + " " * 4000):
        read_path("FROM", text)
    assert time.perf_counter() - began < 0.5
