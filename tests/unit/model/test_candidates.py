import numpy as np
import pytest

from digitlens.model.candidates import CHANNELS, KINDS, OTHER_MARK, Candidate, View, decode, merge, without_seams


def empty_maps(rows=16, columns=20):
    maps = np.zeros((rows, columns, CHANNELS), np.float32)
    maps[..., :KINDS] = -6
    return maps


def put(maps, kind, row, column, size=(16, 24), place=(0.5, 0.5), logit=2.0):
    maps[row, column, kind] = logit
    maps[row, column, KINDS:] = (*np.log(np.divide(size, 16)), *place)


def scores_of(kind, score):
    scores = np.full((1, KINDS), 0.01, np.float32)
    scores[0, kind] = score
    return scores


def box(*numbers):
    return np.array([numbers], np.float32)


def test_empty_maps_hold_no_candidates():
    boxes, scores = decode(empty_maps())
    assert boxes.shape == (0, 4)
    assert scores.shape == (0, KINDS)
    assert merge([(boxes, scores)]) == []


def test_a_peak_becomes_a_box_around_its_centre():
    maps = empty_maps()
    put(maps, kind=7, row=5, column=9, size=(16, 24), place=(0.25, 0.75))
    boxes, scores = decode(maps)
    assert boxes[0] == pytest.approx([4 * 9.25 - 8, 4 * 5.75 - 12, 16, 24], abs=1e-4)
    assert scores[0, 7] == pytest.approx(1 / (1 + np.exp(-2)))


def test_only_the_highest_of_neighbours_is_a_peak():
    maps = empty_maps()
    put(maps, kind=3, row=5, column=9, logit=2.0)
    put(maps, kind=8, row=6, column=10, logit=1.0)
    put(maps, kind=8, row=5, column=12, logit=1.0)
    _, scores = decode(maps)
    assert scores.argmax(axis=1).tolist() == [3, 8]


def test_peaks_in_the_corners_are_found():
    maps = empty_maps()
    for row, column in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        put(maps, 1, row, column, logit=-0.5)  # below 0: what lies beyond the edge is no peak either
    assert len(decode(maps)[0]) == 4


def test_the_threshold_is_a_score():
    maps = empty_maps()
    put(maps, 4, 3, 3, logit=0.0)
    assert len(decode(maps, threshold=0.49)[0]) == 1
    assert len(decode(maps, threshold=0.51)[0]) == 0


@pytest.mark.parametrize(("size", "kept"), [((3, 8), 0), ((3, 12), 1), ((30, 3), 1), ((50, 79), 1), ((20, 90), 0)])
def test_marks_that_belong_to_another_scale_are_left_to_it(size, kept):
    maps = empty_maps()
    put(maps, 2, 8, 8, size=size)
    assert len(decode(maps)[0]) == kept


def test_a_mark_seen_at_two_scales_is_kept_once_with_its_better_box():
    merged = merge(
        [
            (box(10, 20, 20, 30), scores_of(5, 0.7)),
            (box(11, 19, 21, 31), scores_of(5, 0.9)),
        ]
    )
    assert len(merged) == 1
    assert (merged[0].left, merged[0].kind) == (11, 5)
    assert merged[0].score == pytest.approx(0.9)


def test_two_kinds_on_one_place_are_one_mark():
    merged = merge(
        [
            (
                np.concatenate([box(10, 20, 20, 30)] * 2),
                np.concatenate([scores_of(5, 0.7), scores_of(OTHER_MARK, 0.6)]),
            )
        ]
    )
    assert [found.kind for found in merged] == [5]


def test_neighbours_and_a_digit_in_a_circle_stay_apart():
    boxes = np.concatenate([box(10, 20, 20, 30), box(31, 20, 20, 30), box(0, 5, 40, 60)])
    scores = np.concatenate([scores_of(5, 0.7), scores_of(6, 0.8), scores_of(OTHER_MARK, 0.6)])
    assert [found.kind for found in merge([(boxes, scores)])] == [6, 5, OTHER_MARK]


@pytest.mark.parametrize(("other", "kept"), [(0.8, 4), (0.95, OTHER_MARK)])
def test_a_digit_goes_before_another_mark_that_is_hardly_likelier(other, kept):
    boxes = np.concatenate([box(10, 20, 14, 26), box(5, 20, 21, 26)])
    scores = np.concatenate([scores_of(4, 0.7), scores_of(OTHER_MARK, other)])
    assert [found.kind for found in merge([(boxes, scores)])] == [kept]


@pytest.mark.parametrize(("score", "kept"), [(0.2, False), (0.5, True)])
def test_what_is_made_of_the_sides_of_two_digits_is_no_mark_between_them(score, kept):
    nine, nought = Candidate(60, 58, 71, 98, scores_of(9, 0.7)[0]), Candidate(126, 58, 101, 100, scores_of(0, 0.7)[0])
    between = Candidate(95, 54, 77, 107, scores_of(OTHER_MARK, score)[0])
    assert without_seams([nine, nought, between]) == ([nine, nought, between] if kept else [nine, nought])
    assert without_seams([nine, between]) == [nine, between]
    assert without_seams([]) == []


def test_what_stands_between_two_rows_is_not_between_two_digits_of_one():
    column = [Candidate(85, top, 10, 17, scores_of(8, score)[0]) for top, score in ((574, 0.7), (567, 0.2), (558, 0.7))]
    assert without_seams(column) == column


def test_a_thin_one_seen_a_little_aside_is_the_same_one():
    merged = merge([(box(20, 10, 3, 30), scores_of(1, 0.9)), (box(22, 11, 4, 29), scores_of(1, 0.8))])
    assert [found.score for found in merged] == [pytest.approx(0.9)]


def test_candidates_come_best_first():
    boxes = np.concatenate([box(50 * place, 0, 20, 20) for place in range(5)])
    scores = np.concatenate([scores_of(place, score) for place, score in enumerate((0.3, 0.9, 0.5, 0.8, 0.4))])
    assert [found.kind for found in merge([(boxes, scores)])] == [1, 3, 2, 4, 0]


def test_a_view_says_nothing_of_what_lies_beyond_its_border():
    maps = empty_maps()
    put(maps, 7, 5, 15, logit=6.0)
    view = View(maps, (1.0, 1.0), 0)
    beyond = Candidate(-60.0, 12.0, 20.0, 20.0, scores_of(7, 0.5)[0])
    assert view.logits_at(beyond) is None


@pytest.mark.parametrize(
    ("kind", "score", "sure"), [(3, 0.5, "digit"), (OTHER_MARK, 0.5, "mark"), (3, 0.3, None), (OTHER_MARK, 0.3, None)]
)
def test_the_finder_is_sure_of_a_digit_or_of_a_mark_or_of_neither(kind, score, sure):
    found = Candidate(10.4, 19.6, 8.5, 30.2, scores_of(kind, score)[0])
    assert (found.is_sure_digit, found.is_sure_mark) == (sure == "digit", sure == "mark")
    assert found.rounded.to_list() == [10, 20, 8, 30]
