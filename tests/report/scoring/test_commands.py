"""The steps of a quarter as an office types them, and every way to type them wrongly."""


def test_try(drawn):
    print(drawn.run("findings", "--period", "2026-Q1").output)
    print(drawn.run("verify-sample", str(drawn.folder / "sample.json")).output)
    print(drawn.run("quarter", "--period", "2026-Q1").output)
    r = drawn.run("staff", "--period", "2026-Q1")
    print(r.output, r.exception)
    for f in ("pdf", "xlsx"):
        for c in ("quarter", "staff"):
            r = drawn.run(c, "--period", "2026-Q1", "--format", f, "--out", f"/tmp/score-{c}.{f}")
            print(r.output, r.exception)
    assert 0
