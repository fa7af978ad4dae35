"""Headers that keep a page to itself, and the refusal of forms that another site sends.

Sources: OWASP Secure Headers Project; Fetch Metadata (W3C), "resource isolation policy".
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from digitlens.web.failures import CrossSiteError

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        # WebAssembly may be compiled, which is how digits are read on the device; `eval` stays forbidden.
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
        "worker-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": a browser would then send "Origin: null" with our own forms, and `refuse_cross_site` could
    # not tell them from another site's. To other sites, this value says as little.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def install(app: Flask, *, public: bool) -> None:
    """Add the headers to every answer and check every request that changes something.

    Args:
        app: the application.
        public: True behind one HTTPS proxy, which then says who asks, how and for which host.
    """
    if public:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.before_request(refuse_cross_site)

    @app.after_request
    def _add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if public:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        return response


def refuse_cross_site() -> None:
    """Refuse a POST that a browser sends on behalf of another site; programs send neither header and pass.

    Raises:
        CrossSiteError: the request comes from another site.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:  # browsers leave it out over plain HTTP, except to the same machine
        allowed = origin is None or urlsplit(origin).netloc == request.host
    if not allowed:
        raise CrossSiteError("The request came from another site, so nothing was done.")
