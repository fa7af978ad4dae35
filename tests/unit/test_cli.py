import csv
import io
import json
import math
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from digitlens.cli import main
from digitlens.results import CSV_COLUMNS
from digitlens.training.recipe import RECIPES


def run(*arguments, **options):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)


@pytest.fixture(scope="module")
def expected(reader, page_with_a_number):
    return reader.read(page_with_a_number)


def test_read_prints_the_digits(page_with_a_number, expected):
    done = run("read", page_with_a_number)
    assert done.exit_code == 0
    assert done.stdout == expected.text + "\n"


def test_read_takes_standard_input(page_with_a_number, expected):
    done = run("read", "-", input=page_with_a_number.read_bytes())
    assert done.stdout == expected.text + "\n"


def test_several_files_are_named(page_with_a_number, expected):
    done = run("read", page_with_a_number, page_with_a_number)
    assert done.stdout.count(f"{page_with_a_number}:\n{expected.text}\n") == 2


def test_json_follows_the_contract(page_with_a_number, expected):
    answer = json.loads(run("read", "--json", page_with_a_number).stdout)
    assert list(answer) == ["file", "page", "text", "lines", "rejected", "guesses", "width", "height", "model"]
    assert answer == {"file": str(page_with_a_number), "page": 1, **json.loads(json.dumps(expected.to_dict()))}


def test_csv_has_one_row_a_digit(page_with_a_number, expected):
    rows = list(csv.reader(io.StringIO(run("read", "--csv", page_with_a_number).stdout)))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert "".join(row[4] for row in rows[1:]) == "".join(str(digit.value) for digit in expected.digits)


def test_numbers_are_one_row_each_and_no_file_is_lost(page_with_a_number, expected, tmp_path):
    (tmp_path / "fake.png").write_text("this is no picture")
    done = run("read", "--numbers", tmp_path / "fake.png", page_with_a_number)
    failed, *numbers = csv.DictReader(io.StringIO(done.stdout))
    assert (done.exit_code, failed["file"], failed["number"]) == (3, str(tmp_path / "fake.png"), "")
    assert failed["error"] in done.stderr
    assert [row["number"] for row in numbers] == expected.text.split()
    confidence = math.prod(float(row["confidence"]) for row in numbers)
    assert confidence == pytest.approx(math.prod(digit.confidence for digit in expected.digits), abs=1e-3)


def test_a_file_that_cannot_be_read_fails_alone_and_gives_exit_code_3(page_with_a_number, tmp_path):
    fake = tmp_path / "fake.png"
    fake.write_text("this is no picture")
    done = run("read", "--json", fake, tmp_path / "missing.jpg", page_with_a_number)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 3
    assert answers[0]["error"]["code"] == "unsupported_format"
    assert answers[1]["error"]["code"] == "bad_input"
    assert answers[2]["text"]


def test_known_errors_are_one_line_with_their_exit_code(page_with_a_number, tmp_path):
    done = run("read", "--model", tmp_path, page_with_a_number)
    assert done.exit_code == 4
    assert done.stderr.startswith("digitlens: ")
    assert len(done.stderr.splitlines()) == 1
    done = run("read", page_with_a_number, env={"DIGITLENS_MAX_PAGES": "many"})
    assert done.exit_code == 5
    assert "DIGITLENS_MAX_PAGES" in done.stderr


def test_what_is_too_large_is_refused_without_being_read_as_a_whole(page_with_a_number, tmp_path):
    large = tmp_path / "large.jpg"
    with large.open("wb") as file:
        file.truncate(10**12)  # a hole: it takes no place on the disk, but would fill the memory
    done = run("read", large)
    assert done.exit_code == 3
    assert f"{large}: The file has 1000000.0 MB; at most 25 MB are allowed." in done.stderr
    limit = {"DIGITLENS_MAX_BYTES": "1000"}
    done = run("read", "-", input=page_with_a_number.read_bytes(), env=limit)
    assert "digitlens: -: Standard input has more than 0.001 MB" in done.stderr


def test_a_name_that_is_not_utf_8_is_shown_as_well_as_it_can_be(page_with_a_number, tmp_path, expected):
    odd = os.fsencode(tmp_path) + b"/n\xfcmbers.jpg"
    Path(os.fsdecode(odd)).write_bytes(page_with_a_number.read_bytes())
    for option, shown in (("--json", '"text"'), ("--csv", ",1,1,1,"), (None, f"\n{expected.text}\n")):
        command = [sys.executable, "-m", "digitlens", "read", *([option] if option else []), odd, odd]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, "PYTHONUTF8": "1"})
        assert "/n\ufffdmbers.jpg" in done.stdout.decode()
        assert shown in done.stdout.decode()


def test_what_is_said_of_a_page_names_it(page_with_a_number, tmp_path, expected):
    from PIL import Image

    pages = [Image.open(page_with_a_number).convert("L"), Image.new("L", (50, 50), 255)]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:])
    done = run("read", tmp_path / "two.tif", env={"DIGITLENS_REVIEW_THRESHOLD": "1"})
    assert done.stdout == expected.text + "\n"
    doubtful, nothing = done.stderr.splitlines()
    assert doubtful.startswith(f"digitlens: {tmp_path / 'two.tif'}: doubtful, please check: ")
    assert nothing == f"digitlens: {tmp_path / 'two.tif'} (page 2): no digits found"


@pytest.mark.parametrize("both", [("--json", "--csv"), ("--csv", "--numbers")])
def test_forms_exclude_each_other(page_with_a_number, both):
    assert run("read", *both, page_with_a_number).exit_code == 2


def test_a_blank_page_says_that_there_is_nothing(tmp_path):
    from PIL import Image

    blank = tmp_path / "blank.png"
    Image.new("L", (50, 50), 255).save(blank)
    done = run("read", blank)
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "no digits" in done.stderr


def test_a_page_without_one_sure_digit_says_what_it_might_be(reader, monkeypatch, page_with_a_number, expected):
    monkeypatch.setattr("digitlens.trace.SURE", 2.0)
    done = run("read", page_with_a_number)
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "no sure digit found; perhaps " in done.stderr
    (guess, *_) = json.loads(run("read", "--json", page_with_a_number).stdout)["guesses"]
    assert str(guess["value"]) in expected.text


def test_doctor_names_every_setting_and_the_weights(reader):
    import dataclasses

    from digitlens.settings import Settings

    done = run("doctor")
    assert done.exit_code == 0
    for field in dataclasses.fields(Settings):
        assert f"DIGITLENS_{field.name.upper()}=" in done.stdout
    assert reader.model_version in done.stdout


def test_a_rehearsal_writes_no_model_card(tmp_path):
    done = run("evaluate", "--rehearsal", "--docs", tmp_path / "docs")
    assert done.exit_code == 2
    assert "model card" in done.stderr


def test_evaluate_refuses_photos_without_labels_before_it_measures_anything(tmp_path):
    done = run("evaluate", "--rehearsal", "--photos", tmp_path)
    assert done.exit_code == 3
    assert "labels.csv" in done.stderr


def test_train_refuses_what_belongs_to_the_other_network(tmp_path):
    done = run("train", "--out", tmp_path, "--crops", 5)
    assert done.exit_code == 2
    assert "--crops is not for the classifier" in done.stderr
    done = run("train", "--out", tmp_path, "--recipe", RECIPES / "finder.toml", "--epochs", 5)
    assert "--epochs is not for the finder" in done.stderr


def test_train_says_which_folder_is_missing_or_empty(tmp_path):
    done = run("train", "--out", tmp_path / "run", "--others", tmp_path / "none")
    assert done.exit_code == 2
    assert "none' does not exist" in done.stderr
    done = run("train", "--out", tmp_path / "run", "--others", tmp_path)
    assert done.exit_code == 3
    assert "no folder glyphs or not-digits" in done.stderr
    done = run("train", "--out", tmp_path / "run", "--fonts", tmp_path)
    assert "digitlens data fonts" in done.stderr
    for recipe in (RECIPES / "served.toml", RECIPES / "finder.toml"):
        done = run("train", "--out", tmp_path / "run", "--recipe", recipe, "--data", tmp_path)
        assert "digitlens data fetch" in done.stderr


def test_it_reads_where_standard_error_is_closed(page_with_a_number, expected):
    command = f"exec {shlex.quote(sys.executable)} -m digitlens read {shlex.quote(str(page_with_a_number))} 2>&-"
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, check=True)
    assert done.stdout.decode() == expected.text + "\n"
