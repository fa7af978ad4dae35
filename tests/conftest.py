from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The labelled pictures that are no part of the project."""
    if not (SHARED / "data").is_dir():
        pytest.skip("needs ../shared/data, which is not part of the project")
    return SHARED / "data"


@pytest.fixture(scope="session")
def reader():
    from digitlens.reader import Reader

    return Reader()


@pytest.fixture(scope="session")
def page_with_a_number() -> Path:
    """A rendered page with digits, see tests/data/README.md."""
    return ROOT / "tests/data/pages/plain.jpg"


@pytest.fixture
def settings(tmp_path):
    from digitlens.settings import Settings

    return Settings(data_dir=tmp_path / "var")


@pytest.fixture
def app(settings):
    """The real web app, with its data in a folder of its own."""
    from digitlens.web import create_app

    app = create_app(settings)
    yield app
    app.extensions["digitlens"].store.close()


@pytest.fixture
def client(app):
    return app.test_client()
