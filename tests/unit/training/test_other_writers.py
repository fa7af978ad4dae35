import numpy as np

from digitlens.training.other_writers import OTHER_SETS, load_other_sets


def save(folder, name, file, labels):
    (folder / name).mkdir(exist_ok=True)
    pictures = np.zeros((len(labels), 32, 32), np.uint8)
    pictures[:, 8:24, 14:18] = 200
    np.savez(folder / name / file, images=pictures, labels=labels)


def test_the_two_sets_that_never_teach_are_measured_whole_and_the_others_on_their_last_fifth(tmp_path):
    save(tmp_path, "nsysu", "all.npz", [1, 2, 1, 2, 1])
    save(tmp_path, "bhmsds", "digits.npz", [1] * 10 + [7] * 5)
    found = {other.name: digits for other, digits in load_other_sets(tmp_path)}
    assert found["nsysu"].labels.tolist() == [1, 2, 1, 2, 1]
    assert found["bhmsds"].labels.tolist() == [1, 1, 7]
    assert found["bhmsds"].pictures.shape == (3, 28, 28)
    assert found["bhmsds"].pictures.max() > 250
    assert [other.name for other in OTHER_SETS if other.zero_shot] == ["ardis-iv", "nsysu"]


def test_half_a_set_is_left_out(tmp_path):
    save(tmp_path, "optdigits-orig", "tra.npz", [1, 2, 3])
    assert list(load_other_sets(tmp_path)) == []
