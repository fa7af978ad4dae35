"""What a page makes a visitor download in scripts stays small, however far the visitor looks."""

import gzip

import pytest

MOST_BYTES = 100_000


@pytest.mark.parametrize("path", ["/", "/lens", "/learn/layers", "/learn/limits", "/samples/single-digit/digits/1"])
def test_all_scripts_of_a_page_have_at_most_100_kilobytes_gzipped(open_page, path):
    """Without the runtime of the network, which stands in vendor/; what a worker loads counts, too."""
    page = open_page("/healthz")
    scripts = {}

    def keep(response):
        address = response.url.split("?")[0]
        if address.endswith(".js") and "/vendor/" not in address:
            scripts[address] = len(gzip.compress(response.body(), mtime=0))

    page.context.on("response", keep)
    page.goto(path)
    for view in page.locator("[data-view]").all():
        view.scroll_into_view_if_needed()
        page.wait_for_timeout(200)
    page.wait_for_load_state("networkidle")
    assert len(scripts) > 3
    assert sum(scripts.values()) <= MOST_BYTES, scripts
