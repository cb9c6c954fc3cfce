import JSON
import Testing

@testable import PythonLayers

@Suite struct PythonEnvironmentTests {
    @Test(arguments: [
        "numpy", "numpy==2.2.0", "scikit-learn>=1.5,<2", "uvicorn[standard]", "a; python_version < '3.12'",
        "a @ https://example.test/a-1-py3-none-any.whl", "zope.interface ~= 5.0", "a (>=1)", "numpy # the arrays",
    ]) func acceptsRequirements(text: String) throws {
        try PythonEnvironment(python: "3.11", requirements: [text]).validate()
    }

    @Test(arguments: [
        ("-e .", "option"), ("--index-url https://u:secret@x/", "option"), ("-r other.txt", "option"), ("", "name"),
        ("./here", "name"), ("https://example.test/a.whl", "version"), ("git+https://x/y", "version"),
        ("a @ git+ssh://x/y", "version control"), ("numpy 2.2", "version"), ("a\n--index-url x", "one line"),
    ]) func refusesOthers(text: String, reason: String) throws {
        do {
            try PythonEnvironment(python: nil, requirements: [text]).validate()
            Issue.record("was accepted")
        } catch let error as PythonEnvironmentError {
            #expect(error.code == .invalidParameters)
            #expect(error.description.contains(reason), "\(error)")
            #expect(!error.description.contains("secret"))
        }
    }

    @Test(arguments: ["3", "2.7", "python3.11", "3.x", ""]) func refusesPythons(text: String) {
        #expect(throws: PythonEnvironmentError.self) {
            try PythonEnvironment(python: text, requirements: []).validate()
        }
    }

    @Test func readsParameters() throws {
        let read = try PythonEnvironment(parameters: ["python": "3.11.9", "requirements": ["a", "b"]])
        #expect(read == PythonEnvironment(python: "3.11.9", requirements: ["a", "b"]))
        #expect(read.version == PythonVersion(3, 11))
        #expect(throws: PythonEnvironmentError.self) { try PythonEnvironment(parameters: ["requirements": "numpy"]) }
    }

    @Test(arguments: [
        (
            """
            error: No solution found when resolving dependencies
              cause: Because there is no version of numpy==99 and you require numpy==99, we can conclude that your requirements are unsatisfiable.
            """,
            "there is no version of numpy==99 and you require numpy==99"
        ),
        (
            """
              × No solution found when resolving dependencies:
              ╰─▶ Because only numpy<=2 is available and you require numpy>3, we can
                  conclude that your requirements are unsatisfiable.
            """,
            "only numpy<=2 is available and you require numpy>3"
        ),
        (
            """
            warning: something else
                     and more of it
            error: Request failed after 3 retries in 7.7s
              cause: Failed to fetch: `http://user:secret@127.0.0.1:9/simple/numpy/?token=secret`
              cause: Connection refused (os error 111)
            """,
            "Request failed after 3 retries in 7.7s: Failed to fetch: `http://127.0.0.1:9/simple/numpy/`: "
                + "Connection refused (os error 111)"
        ),
        (
            """
            error: No solution found when resolving dependencies
              cause: Because a has no wheels and you require a, we can conclude that your requirements are unsatisfiable.

            hint: You require CPython 3.11 (`cp311`), but we only found wheels for others
            """,
            "a has no wheels and you require a (You require CPython 3.11 (`cp311`), but we only found wheels for others)"
        ),
        ("", "uv gave no reason"),
    ]) func shortensWhatTheResolverSays(output: String, reason: String) {
        #expect(ResolverFailure.reason(in: output) == reason)
    }

    @Test(arguments: [
        ("https://u:p@host/a?b=c", "https://host/a"), ("x `http://t@h:1/` y", "x `http://h:1/` y"),
        ("no address", "no address"), ("ftp://a@b@c/d", "ftp://c/d"), ("://", "://"),
    ]) func redacts(text: String, redacted: String) {
        #expect(Redaction.redact(text) == redacted)
    }

    @Test(arguments: [
        ("https://index.test/files/a.whl", "Basic dXNlcjpwQHNz"),
        ("https://index.test:443/a.whl", "Basic dXNlcjpwQHNz"),
        ("https://own:pair@elsewhere.test/a.whl", "Basic b3duOnBhaXI="),
        ("http://index.test/a.whl", nil), ("https://index.test:8443/a.whl", nil), ("https://other.test/a.whl", nil),
        ("https://index.test@other.test/a.whl", "Basic aW5kZXgudGVzdDo="),
    ]) func sendsCredentialsToTheirOriginOnly(url: String, header: String?) {
        let indexes = PackageIndexes(indexURL: "https://user:p%40ss@index.test/simple")
        #expect(indexes.authorization(for: url) == header)
    }
}
