"""What a fault of the demonstration says of itself."""

from api.demo.fault import told


def test_restoring_while_nothing_is_broken_says_so() -> None:
    (line,) = told({"ok": True, "names": []})
    assert "không có gì hỏng" in line
    assert "nothing was broken" in line


def test_a_fault_names_what_it_took_and_who_is_out_of_reach() -> None:
    assert told({"names": ["bq-tan-lap"], "lost": ["tan-lap-r1"]}) == [
        "✓ bq-tan-lap",
        "  mất liên lạc / out of reach: tan-lap-r1",
    ]
