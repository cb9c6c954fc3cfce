"""The page at /swagger/index.html: everything on board, as Swagger UI was released, and a script that an engine takes."""

import re
from html.parser import HTMLParser
from importlib.resources import files

import quickjs

TYPES = {"css": "text/css", "js": "text/javascript", "png": "image/png", "yaml": "application/yaml"}


class Loaded(HTMLParser):
    """What a page refers to."""

    def __init__(self, text):
        super().__init__()
        self.names = []
        self.scripts = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.names += [attributes[name] for name in ("src", "href") if name in attributes]
        if tag == "script":
            assert "src" in attributes, "the policy allows no script in the page"
            self.scripts.append(attributes["src"])


def test_the_page_and_all_that_it_loads(server):
    status, fields, body = server.send("GET", "/swagger/index.html")
    assert status == 200 and fields.get_content_type() == "text/html"
    assert "default-src 'none'" in fields["Content-Security-Policy"]
    page = Loaded(body.decode())
    assert len(page.names) == 5
    for name in page.names:
        assert "/" not in name and ":" not in name, "it is on board"
        status, fields, body = server.send("GET", f"/swagger/{name}")
        assert status == 200 and body
        assert fields.get_content_type() == TYPES[name.rsplit(".", 1)[1]]


def test_the_files_are_those_of_the_release(server):
    released = files("flask_swagger_ui") / "dist"
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"):
        assert server.send("GET", f"/swagger/{name}")[2] == (released / name).read_bytes(), name


def test_the_style_sheet_loads_nothing_from_elsewhere(server):
    style = server.send("GET", "/swagger/swagger-ui.css")[2].decode()
    sources = re.findall(r"url\(\s*['\"]?([^'\")]*)", style)
    assert all(source.startswith(("data:", "#")) for source in sources), sources
    assert "@import" not in style


def test_the_script_leads_to_this_servers_document(server):
    """The initializer runs in an engine with Swagger UI's function in place of Swagger UI."""
    context = quickjs.Context()
    context.eval("var window = {}, given; function SwaggerUIBundle(options) { given = options; return {}; }")
    context.eval(server.send("GET", "/swagger/initializer.js")[2].decode())
    assert context.eval("given.url") == "openapi.json"
    assert context.eval("given.dom_id") == "#swagger-ui"
    assert context.eval("given.validatorUrl === null")
    assert server.json("GET", "/swagger/openapi.json")["openapi"].startswith("3.1")


def test_the_bundle_is_a_script(server):
    bundle = server.send("GET", "/swagger/swagger-ui-bundle.js")[2].decode()
    context = quickjs.Context()
    context.set("source", bundle)
    # It is compiled and not run: it needs a browser.
    context.eval("new Function(source)")
    assert "3.1" in bundle, "this Swagger UI reads OpenAPI 3.1"
