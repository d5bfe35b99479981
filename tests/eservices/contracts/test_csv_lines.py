"""Lines of a CSV file that another program wrote."""

import io

import pytest

from eservices.contracts.csv_lines import MOST_BYTES, BadFileError, CsvLine, read_lines
from eservices.contracts.import_words import words_of

COLUMNS = ("number", "name")


def lines(content: bytes | str, **how: object) -> list[CsvLine]:
    """Return the lines of a file with two columns."""
    raw = content if isinstance(content, bytes) else content.encode()
    return list(read_lines(io.BytesIO(raw), COLUMNS, **how))  # type: ignore[arg-type]  # options of a test


@pytest.mark.parametrize(
    "content",
    [
        "number;name\n1;Ahmed\n",
        "number,name\r\n1,Ahmed\r\n",
        "\ufeffnumber;name\n1;Ahmed",
        "name;number\nAhmed;1\n",
        ' Number ; NAME \n "1" ;  Ahmed \n'.replace(' "1" ', '"1"'),
        '"number";"name"\n\n1;Ahmed\n;\n',
    ],
)
def test_a_table_is_read_however_it_is_written(content: str) -> None:
    """Either separator, a mark in front, any order of columns, spaces and empty lines."""
    assert [dict(line.values) for line in lines(content)] == [{"number": "1", "name": "Ahmed"}]


def test_lines_have_their_number_in_the_file() -> None:
    """The header is line 1; empty lines and values over two lines are counted."""
    found = lines('number;name\n\n1;"Rue\nA"\n2;B\n')
    assert [(line.number, line.values["name"]) for line in found] == [(3, "Rue\nA"), (5, "B")]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (b"1;\xe9t\xe9", "not_utf8"),
        (b"1;a;b", "columns_count"),
        (b"1", "columns_count"),
        (b'1;"open', "not_csv"),
        (b"1;a\x00b", "control_characters"),
        (b"1;" + b"x" * MOST_BYTES * 3, "line_too_long"),
    ],
)
def test_a_line_that_cannot_be_read_costs_itself_alone(bad: bytes, problem: str) -> None:
    """The lines before and behind it are read, and its number is told."""
    found = lines(b"number;name\n1;a\n" + bad + b"\n3;c\n4;d\n")
    assert [(line.number, line.problem) for line in found] == [
        (2, ""), (3, problem), (4, ""), (5, ""),
    ]  # fmt: skip
    assert words_of(problem, found[1].data)


@pytest.mark.parametrize(
    ("content", "code", "data"),
    [
        ("", "no_header", {}),
        ("number\n1\n", "columns", {"missing": ["name"]}),
        ("number;name;more\n", "columns", {"unknown": ["more"]}),
        ("number;name;name\n", "columns", {"doubled": ["name"]}),
        ("number;name\n".encode("utf-16"), "not_utf8", {}),
        (b"num\xe9ro;name\n", "not_utf8", {}),
    ],
)
def test_another_header_is_told(content: bytes | str, code: str, data: dict[str, object]) -> None:
    """Columns that are missing, unknown or there twice; what is no text."""
    with pytest.raises(BadFileError) as error:
        lines(content)
    assert (error.value.code, error.value.data) == (code, data)
    assert words_of(code, error.value.data)


def test_an_optional_column_may_be_missing() -> None:
    """It is empty then."""
    assert lines("number\n1\n", optional=["name"])[0].values == {"number": "1", "name": ""}
