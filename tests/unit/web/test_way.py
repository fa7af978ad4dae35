"""The pages that show how a picture was read."""

import base64
import dataclasses
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitlens.web.way import view_mark

SAMPLE = "/samples/star-and-smiley"
DATA = Path(__file__).parent.parent.parent / "data"


def html(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def send(client, path):
    answer = client.post("/readings", data={"files": (io.BytesIO(path.read_bytes()), path.name)})
    return answer.location


def test_a_result_shows_every_step_with_a_sentence(client):
    page = html(client, send(client, DATA / "pages" / "ruled.jpg"))
    titles = re.findall(r'step-title"><span[^>]*>\d</span>([^<]+)', page)
    assert titles == [
        "The upright page", "Even light", "Lines of the paper", "Ink", "Where digits stand", "Glyphs cut out", "Frames"
    ]  # fmt: skip
    assert len(re.findall(r'class="step-sentence">[^<]{20,}', page)) == len(titles)


def test_a_place_is_explained_where_there_is_one(client, tmp_path):
    Image.new("L", (300, 200), 255).save(tmp_path / "blank.png")
    assert "A place is a rectangle" in html(client, SAMPLE)
    assert "A place is a rectangle" not in html(client, send(client, tmp_path / "blank.png"))


def test_of_many_frames_only_some_are_shown_and_the_page_says_so(client):
    page = html(client, send(client, DATA / "troubles" / "sudoku.jpg"))
    shown, count = map(int, re.search(r"The first (\d+) of (\d+) are shown\.", page).groups())
    assert shown == page.split('class="step-frames"')[1].split("</div>")[0].count("<image ") < count
    assert "are shown." not in html(client, SAMPLE)


def test_every_picture_that_a_result_shows_is_there(client):
    address = send(client, DATA / "pages" / "squared.jpg")
    pictures = set(re.findall(rf'(?:src|href)="({address}/[^"]+\.(?:jpg|png))"', html(client, address)))
    assert len(pictures) >= 7
    for picture in pictures:
        answer = client.get(picture)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        Image.open(io.BytesIO(answer.data)).verify()


def test_every_digit_and_every_mark_left_out_has_a_page_that_names_it(client):
    reading = client.get(f"{SAMPLE}.json").json
    digits = [digit for line in reading["lines"] for digit in line["digits"]]
    page = html(client, SAMPLE)
    for number, digit in enumerate(digits, start=1):
        assert f'href="{SAMPLE}/digits/{number}"' in page
        assert f"Read as {digit['value']}" in html(client, f"{SAMPLE}/digits/{number}")
    for number in range(1, len(reading["rejected"]) + 1):
        assert f'href="{SAMPLE}/marks/{number}"' in page
        assert "Left out: not a digit" in html(client, f"{SAMPLE}/marks/{number}")


def test_a_page_without_a_sure_digit_says_what_it_may_be_and_why_nothing_was_read(client, monkeypatch):
    monkeypatch.setattr("digitlens.trace.SURE", 2.0)
    address = send(client, DATA / "pages" / "plain.jpg")
    page = html(client, address)
    assert "No sure digit found" in page
    guesses = re.findall(rf'href="({address}/marks/\d+)".*?mark-guess"><b>(\d)</b> ([\d.]+)', page)
    assert len(guesses) > 3
    mark, value, percent = guesses[0]
    closer = html(client, mark)
    assert f"Left out: perhaps a {value}" in closer
    assert f"would call it a {value} ({percent}" in closer
    assert "so much taller" not in closer


def test_guesses_that_are_parts_of_a_mark_are_shown_and_have_pages(client, monkeypatch):
    monkeypatch.setattr("digitlens.trace.SURE", 2.0)
    address = send(client, DATA / "troubles" / "touching.jpg")
    guesses = re.findall(
        rf'href="({address}/marks/\d+)"[^>]*>(?:(?!</a>).)*mark-guess"><b>(\d)</b>', html(client, address)
    )
    assert len(guesses) >= 7
    for mark, value in guesses:
        assert f"Left out: perhaps a {value}" in html(client, mark)


def test_marks_are_counted_apart_from_the_pieces_of_marks(client):
    address = send(client, DATA / "troubles" / "touching.jpg")
    marks = len(client.get(f"{address}.json").json["rejected"])
    places = set()
    for number in range(1, 200):
        answer = client.get(f"{address}/marks/{number}")
        if answer.status_code == 404:
            break
        (kind, place, count) = re.search(
            r"(Mark|Piece) (\d+) of (\d+) that were", answer.get_data(as_text=True)
        ).groups()
        assert (kind == "Mark") == (number <= marks)
        places.add((kind, int(place), int(count)))
    pieces = number - 1 - marks
    expected = {("Mark", place, marks) for place in range(1, marks + 1)}
    assert places == expected | {("Piece", place, pieces) for place in range(1, pieces + 1)}


@pytest.mark.parametrize(("value", "reason"), [(0, "a circle around that"), (1, "such as a bracket or a slash")])
def test_a_mark_that_looks_like_a_digit_and_was_left_out_has_a_reason(client, monkeypatch, value, reason):
    def view_as(result, steps, number, *, is_digit):
        index = steps.left_out[number - 1]
        pooled = tuple(float(kind == value) for kind in range(11))
        marks = list(steps.marks)
        marks[index] = dataclasses.replace(marks[index], pooled=pooled)
        return view_mark(result, dataclasses.replace(steps, marks=tuple(marks)), number, is_digit=is_digit)

    monkeypatch.setattr("digitlens.web.results.view_mark", view_as)
    page = html(client, f"{SAMPLE}/marks/1")
    assert f"would call it a {value} (" in page
    assert reason in page


def test_the_frame_of_a_page_is_the_one_that_gives_the_confidence_shown(client, reader):
    page = html(client, f"{SAMPLE}/digits/1")
    text = re.search(r'data-frame="([\w-]+)"', page)[1]
    frame = np.frombuffer(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), np.uint8).reshape(1, 28, 28)
    share = float(reader.classify(frame)[0, 9])
    row = re.search(r'class="is-given"><th scope="row">9.*?share-percent">([\d.]+) %', page, re.DOTALL)
    assert float(row[1]) == pytest.approx(100 * share, abs=0.051)


def test_the_page_of_a_digit_shows_eleven_answers_of_both_networks_and_together(client):
    rows = re.findall(r'<th scope="row">([^<]+)', html(client, f"{SAMPLE}/digits/2"))
    assert rows == [*"0123456789", "not a digit"]


def test_neighbours_lead_from_digit_to_digit(client):
    page = html(client, f"{SAMPLE}/digits/2")
    assert f'href="{SAMPLE}/digits/1" rel="prev"' in page
    assert f'href="{SAMPLE}/digits/3" rel="next"' in page
    assert 'rel="prev"' not in html(client, f"{SAMPLE}/digits/1")


@pytest.mark.parametrize("number", ["0", "6", "99999999999999999999", "-1", "x", "1.5", "²"])
def test_a_digit_that_does_not_exist_leads_back_to_the_result(client, number):
    page = html(client, f"{SAMPLE}/digits/{number}", status=404)
    assert f'href="{SAMPLE}"' in page
    assert "no digit of this number" in page


def test_a_mark_that_does_not_exist_is_an_error_of_the_one_shape_for_programs(client):
    answer = client.get(f"{SAMPLE}/marks/77", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "not_found"


@pytest.mark.parametrize("file", ["nothing.png", "steps.json", "..%2Fsteps.json"])
def test_a_step_that_does_not_exist_is_not_found(client, file):
    assert client.get(f"{SAMPLE}/steps/{file}").status_code == 404


def test_a_result_of_an_older_version_says_calmly_that_its_steps_are_not_there(client, app):
    from digitlens.results import Box, Digit, Line, Reading

    digit = Digit(4, 0.99, False, Box(1, 1, 5, 5), ((9, 0.01),))
    store = app.extensions["digitlens"].store
    with store.draft() as draft:
        draft.add_page("old.png", 1, Reading((Line("4", (digit,)),), (Box(7, 7, 2, 2),), 10, 10, "old"), b"jpeg")
        token = draft.save(app.extensions["digitlens"].clock()).item_token
    page = html(client, f"/r/{token}")
    assert "was not kept" in page
    assert 'href="#box-1"' in page
    assert "/digits/" not in page
    assert f'href="/r/{token}"' in html(client, f"/r/{token}/digits/1", status=404)


def test_steps_that_are_damaged_count_as_none(client, app, settings):
    address = send(client, DATA / "pages" / "plain.jpg")
    (blob,) = (settings.data_dir / "blobs").glob("*.zip")
    blob.write_bytes(b"cut short")
    assert "was not kept" in html(client, address)


def test_a_deleted_result_takes_its_steps_along(client, settings):
    address = send(client, DATA / "pages" / "plain.jpg")
    client.post(f"{address}/delete")
    for path in ("/steps/ink.png", "/digits/1"):
        assert client.get(address + path).status_code == 404
    assert list((settings.data_dir / "blobs").iterdir()) == []


def test_a_page_that_lay_on_its_side_is_shown_upright(client):
    address = send(client, DATA / "troubles" / "on-its-left-side.jpg")
    page = html(client, address)
    assert "lay on its side" in page
    shown = Image.open(io.BytesIO(client.get(f"{address}/steps/page.jpg").data))
    sent = Image.open(io.BytesIO(client.get(f"{address}/page.jpg").data))
    assert shown.size == sent.size[::-1]
    assert f"{address}/steps/page.jpg" in html(client, f"{address}/digits/1")


def test_a_page_without_ink_has_its_steps_and_no_digits(client, tmp_path):
    blank = tmp_path / "blank.png"
    Image.new("RGB", (400, 300), "white").save(blank)
    page = html(client, send(client, blank))
    assert "The way of your picture" in page
    assert "Even light" in page
    assert "Frames" not in page


def test_the_steps_tell_no_search_engine_and_no_program_anything_new(client):
    address = send(client, DATA / "pages" / "plain.jpg")
    assert "steps" not in json.dumps(client.get(f"{address}.json").json)
    for path in ("", "/steps/ink.png", "/digits/1"):
        assert client.get(address + path).headers["X-Robots-Tag"] == "noindex, nofollow"
