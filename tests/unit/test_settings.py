from pathlib import Path

import pytest

from digitlens.errors import SettingsError
from digitlens.settings import Settings


def test_the_environment_sets_each_kind_of_value():
    settings = Settings.from_environ(
        {"DIGITLENS_MAX_PAGES": "3", "DIGITLENS_DATA_DIR": "/srv/x", "DIGITLENS_PUBLIC": "yes", "HOME": "/root"}
    )
    assert (settings.max_pages, settings.data_dir, settings.public) == (3, Path("/srv/x"), True)


def test_what_is_given_wins_over_the_environment_but_none_does_not():
    environ = {"DIGITLENS_PORT": "1234", "DIGITLENS_HOST": "::1"}
    settings = Settings.from_environ(environ, port=99, host=None)
    assert (settings.port, settings.host) == (99, "::1")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "70000"), ("REVIEW_THRESHOLD", "1.5"), ("PUBLIC", "perhaps"), ("MAX_PAGE", "3")],
)
def test_a_value_that_cannot_be_used_is_named(name, value):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ({f"DIGITLENS_{name}": value})
    assert name.lower() in caught.value.message.lower()


def test_every_setting_states_its_unit_and_reason():
    import dataclasses

    for field in dataclasses.fields(Settings):
        assert field.metadata["unit"]
        assert field.metadata["reason"]
