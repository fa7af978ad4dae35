from digitlens.training.own_pages import read_own_pages
from digitlens.training.samples import SAMPLES


def test_every_layout_is_written_with_other_digits_and_read(reader, few_digits):
    pages = read_own_pages(reader, few_digits, seed=1, times=1)
    assert [page.judged[0].source for page in pages] == [sample.name for sample in SAMPLES]
    for page, sample in zip(pages, SAMPLES, strict=True):
        photo, answer = page.judged
        assert page.picture.shape == (*sample.spec.size[::-1], 3)
        assert photo.wanted.isdigit()
        assert len(answer.found) == len(answer.digits)
    missed = [page for page in pages if page.judged[0].wanted != page.judged[1].found]
    assert len(missed) < len(pages) / 2


def test_no_two_pages_have_the_same_name(reader, few_digits, monkeypatch):
    monkeypatch.setattr("digitlens.training.own_pages.SAMPLES", SAMPLES[:2])
    pages = read_own_pages(reader, few_digits, seed=1, times=2)
    assert len({page.judged[0] for page in pages}) == 4
