"""The pages for people: what is sent, where it leads, what it shows, and that it can be forgotten."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from digitlens.results import CSV_COLUMNS
from digitlens.settings import Settings
from digitlens.web import create_app

DATA = Path(__file__).parents[2] / "data"
PAGE = DATA / "pages" / "plain.jpg"
THREE_PAGES = DATA / "decode" / "three-pages.tif"
DAMAGED = DATA / "decode" / "cut.jpg"


def file(path, name=None):
    return io.BytesIO(path.read_bytes()), name or path.name


def send(client, *files):
    return client.post("/readings", data={"files": list(files)})


def send_one(client, path=PAGE, name=None):
    answer = send(client, file(path, name))
    assert answer.status_code == 303
    return answer.location


def test_the_first_page_offers_the_samples_and_says_what_is_allowed(client, app):
    page = client.get("/").get_data(as_text=True)
    samples = app.extensions["digitlens"].samples
    assert len(samples) >= 12
    assert all(sample.title in page for sample in samples.values())
    assert "25 MB" in page


def test_one_picture_leads_to_its_own_page(client):
    address = send_one(client)
    assert address.startswith("/r/")
    page = client.get(address)
    assert page.status_code == 200
    reading = client.get(f"{address}.json").json
    assert reading["file"] == "plain.jpg"
    assert reading["lines"]
    assert all(line["text"] in page.get_data(as_text=True) for line in reading["lines"])


def test_the_json_of_a_page_is_that_of_the_library(client, reader):
    answer = client.get(f"{send_one(client)}.json").json
    expected = json.loads(json.dumps({"file": "plain.jpg", "page": 1, **reader.read(PAGE).to_dict()}))
    assert answer == expected
    assert list(answer) == ["file", "page", "text", "lines", "rejected", "guesses", "width", "height", "model"]


def test_the_csv_has_one_row_a_digit(client):
    address = send_one(client)
    rows = list(csv.reader(io.StringIO(client.get(f"{address}.csv").get_data(as_text=True))))
    digits = [d for line in client.get(f"{address}.json").json["lines"] for d in line["digits"]]
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == 1 + len(digits)
    assert [int(row[4]) for row in rows[1:]] == [d["value"] for d in digits]
    assert [[int(cell) for cell in row[7:]] for row in rows[1:]] == [d["box"] for d in digits]


def test_the_picture_of_a_page_is_a_jpeg(client):
    answer = client.get(f"{send_one(client)}/page.jpg")
    assert answer.mimetype == "image/jpeg"
    assert answer.data[:3] == b"\xff\xd8\xff"


def test_a_page_without_digits_is_a_result_too(client):
    address = send_one(client, DATA / "pages" / "blank.jpg")
    assert client.get(address).status_code == 200
    assert client.get(f"{address}.csv").get_data(as_text=True).splitlines()[0] == ",".join(CSV_COLUMNS)


def test_several_files_lead_to_a_batch_in_the_order_given(client):
    names = ["c.jpg", "a.jpg", "b.jpg"]
    answer = send(client, *(file(PAGE, name) for name in names))
    assert answer.status_code == 303
    assert answer.location.startswith("/b/")
    assert client.get(answer.location).status_code == 200
    assert [page["file"] for page in client.get(f"{answer.location}.json").json] == names


def test_one_bad_file_fails_alone_with_its_reason(client):
    address = send(client, file(PAGE), file(DAMAGED), file(PAGE, "last.jpg")).location
    first, bad, last = client.get(f"{address}.json").json
    assert (first["file"], last["file"]) == ("plain.jpg", "last.jpg")
    assert bad["file"] == "cut.jpg"
    assert bad["error"]["code"] == "unreadable"
    page = client.get(address).get_data(as_text=True)
    assert "cut.jpg" in page
    assert bad["error"]["hint"].split(".")[0] in page.replace("&#39;", "'")


def test_one_csv_has_the_digits_of_all_files(client):
    address = send(client, file(PAGE, "a.jpg"), file(DAMAGED), file(PAGE, "b.jpg")).location
    rows = list(csv.DictReader(io.StringIO(client.get(f"{address}.csv").get_data(as_text=True))))
    names = [row["file"] for row in rows]
    assert names == sorted(names)
    assert set(names) == {"a.jpg", "b.jpg"}


def test_one_table_has_the_numbers_of_all_files_and_says_which_failed(client, tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    address = send(client, file(PAGE, "a.jpg"), file(DAMAGED, "cut.jpg"), file(tmp_path / "blank.png")).location
    answer = client.get(f"{address}/numbers.csv")
    assert "numbers.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    of_file = {name: [row for row in rows if row["file"] == name] for name in ("a.jpg", "cut.jpg", "blank.png")}
    read = client.get(f"{address}.json").json[0]
    assert [row["number"] for row in of_file["a.jpg"]] == read["text"].split()
    assert [(row["number"], bool(row["error"])) for row in of_file["cut.jpg"]] == [("", True)]
    assert [(row["page"], row["number"], row["error"]) for row in of_file["blank.png"]] == [("1", "", "")]


def test_a_file_of_several_pages_is_a_batch_with_neighbours(client):
    address = send(client, file(THREE_PAGES)).location
    assert [page["page"] for page in client.get(f"{address}.json").json] == [1, 2, 3]
    page = client.get(address).get_data(as_text=True)
    first = page.split('href="/r/')[1].split('"')[0]
    shown = client.get(f"/r/{first}").get_data(as_text=True)
    assert address in shown


def test_a_batch_counts_pages_where_a_file_has_several_and_pictures_where_none_has(client):
    pictures = client.get(send(client, file(PAGE), file(PAGE), file(DAMAGED)).location).get_data(as_text=True)
    assert "<h1>2 pictures read</h1>" in pictures
    assert "1 file could not be read." in pictures
    pages = client.get(send(client, file(PAGE), file(THREE_PAGES)).location).get_data(as_text=True)
    assert "<h1>4 pages read</h1>" in pages
    assert "<title>4 pages read" in pages


def test_a_sample_is_read_by_the_server_without_being_kept(client, app, settings):
    name = next(iter(app.extensions["digitlens"].samples))
    assert client.get(f"/samples/{name}").status_code == 200
    assert client.get(f"/samples/{name}.json").json["file"].startswith(name)
    assert client.get(f"/samples/{name}.csv").mimetype == "text/csv"
    assert client.get(f"/samples/{name}/numbers.csv").mimetype == "text/csv"
    assert list((settings.data_dir / "blobs").iterdir()) == []


def test_a_sample_gives_what_its_upload_gives(client, app):
    sample = app.extensions["digitlens"].samples["star-and-smiley"]
    address = send_one(client, sample.path)
    assert client.get(f"{address}.json").json == client.get("/samples/star-and-smiley.json").json


def test_a_sample_is_not_deleted_by_visitors(client):
    assert "Delete" not in client.get("/samples/single-digit").get_data(as_text=True)
    assert client.post("/samples/single-digit/delete").status_code in (404, 405)


@pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fpages.py"])
def test_an_unknown_sample_leads_back_to_the_first_page(client, name):
    answer = client.get(f"/samples/{name}")
    assert answer.status_code == 404
    assert 'href="/"' in answer.get_data(as_text=True)


def test_a_deleted_page_is_gone_with_its_picture(client, settings):
    address = send_one(client)
    answer = client.post(f"{address}/delete")
    assert (answer.status_code, answer.location) == (303, "/?deleted=1")
    assert client.get("/?deleted=1").status_code == 200
    for path in (address, f"{address}.json", f"{address}.csv", f"{address}/page.jpg"):
        assert client.get(path).status_code == 404
    assert list((settings.data_dir / "blobs").iterdir()) == []


def test_deleting_one_page_of_a_batch_leads_back_to_it(client):
    batch = send(client, file(PAGE, "a.jpg"), file(PAGE, "b.jpg")).location
    first = client.get(batch).get_data(as_text=True).split('href="/r/')[1].split('"')[0]
    assert client.post(f"/r/{first}/delete").location == batch
    assert [page["file"] for page in client.get(f"{batch}.json").json] == ["b.jpg"]


def test_a_deleted_batch_is_gone_with_all_its_pages(client, settings):
    batch = send(client, file(PAGE), file(PAGE)).location
    assert client.post(f"{batch}/delete").location == "/?deleted=1"
    assert client.get(batch).status_code == 404
    assert list((settings.data_dir / "blobs").iterdir()) == []


def test_a_result_expires_by_the_clock_that_was_passed_in(settings):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    app = create_app(settings, clock=lambda: now)
    client = app.test_client()
    address = send_one(client)
    assert client.get(address).status_code == 200
    now += timedelta(hours=settings.result_lifetime_h)
    assert client.get(address).status_code == 404
    app.extensions["digitlens"].store.close()


def test_what_has_expired_is_removed_at_the_next_start(settings):
    app = create_app(settings, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    send_one(app.test_client())
    app.extensions["digitlens"].store.close()
    create_app(settings).extensions["digitlens"].store.close()
    assert list((settings.data_dir / "blobs").iterdir()) == []


def test_a_file_name_is_shown_as_text_and_never_as_markup(client):
    address = send_one(client, name="<script>alert(1)</script>.jpg")
    page = client.get(address).get_data(as_text=True)
    assert "script&gt;" in page
    assert "<script>alert" not in page


def test_a_file_name_never_becomes_a_formula(client):
    address = send_one(client, name="=HYPERLINK(1).jpg")
    assert client.get(f"{address}.csv").get_data(as_text=True).splitlines()[1].startswith("'=HYPERLINK")


def test_too_many_files_are_refused_with_both_numbers(tmp_path):
    app = create_app(Settings(data_dir=tmp_path, max_files=2))
    answer = send(app.test_client(), *(file(PAGE) for _ in range(3)))
    assert answer.status_code == 413
    assert "3 files came at once; at most 2" in answer.get_data(as_text=True)
    app.extensions["digitlens"].store.close()


def test_the_address_of_the_form_leads_home_when_it_is_opened_again(client):
    assert client.get("/readings").location == "/"


def test_a_program_may_ask_the_form_for_json_errors(client):
    answer = client.post("/readings", data={"files": file(DAMAGED)}, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "unreadable"
