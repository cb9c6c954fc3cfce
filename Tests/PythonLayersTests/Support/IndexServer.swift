import FileSystem
import JSON
import SystemPackage
import Testing

@testable import PythonLayers

/// A package index (PEP 503) over the files of a directory, on a free port of the loopback, behind a user and password
/// where they are given.
struct IndexServer {
    var url: String
    /// One line for each request: status and path.
    var log: FilePath

    func requests() throws -> [String] {
        guard log.exists else { return [] }
        return String(decoding: try log.readAll(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static let program = """
        import base64, collections, hashlib, http.server, os, re, sys, time
        directory, port_file, log, credentials = sys.argv[1:5]
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                expected = "Basic " + base64.b64encode(credentials.encode()).decode()
                path = self.path.split("?")[0]
                if path == "/simple/never/":
                    time.sleep(600)
                if credentials and self.headers.get("Authorization") != expected:
                    return self.answer(401, b"", {"WWW-Authenticate": "Basic realm=index"})
                if path.startswith("/files/"):
                    file = os.path.join(directory, os.path.basename(path))
                    return self.answer(200, open(file, "rb").read()) if os.path.exists(file) else self.answer(404, b"")
                match = re.fullmatch(r"/simple/([^/]+)/", path)
                links = []
                for name in sorted(os.listdir(directory)):
                    if match and re.sub(r"[-_.]+", "-", name).lower().startswith(match[1] + "-"):
                        digest = hashlib.sha256(open(os.path.join(directory, name), "rb").read()).hexdigest()
                        links.append(f'<a href="/files/{name}#sha256={digest}">{name}</a>')
                self.answer(200 if links else 404, "".join(links).encode(), {"Content-Type": "text/html"})
            def answer(self, status, body, headers={}):
                with open(log, "a") as lines:
                    lines.write(f"{status} {self.path}\\n")
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)
            do_HEAD = do_GET
            def log_message(self, *arguments):
                pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        with open(port_file + ".part", "w") as file:
            file.write(str(server.server_address[1]))
        os.rename(port_file + ".part", port_file)
        server.serve_forever()
        """

    /// Serves the files of `directory` for the time of `body`.
    static func serving<Value: Sendable>(
        _ directory: FilePath,
        credentials: String = "",
        _ body: (IndexServer) async throws -> Value
    ) async throws -> Value {
        try await withWorkshop { workshop in
            let portFile = workshop.appending("port")
            let log = workshop.appending("log")
            let server = Task {
                try await Command.run(
                    ["python3", "-c", program, directory.string, portFile.string, log.string, credentials]
                )
            }
            do {
                for _ in 0..<500 where !portFile.exists { try await Task.sleep(for: .milliseconds(20)) }
                let port = String(decoding: try portFile.readAll(), as: UTF8.self)
                let user = credentials.isEmpty ? "" : credentials + "@"
                let value = try await body(IndexServer(url: "http://\(user)127.0.0.1:\(port)/simple/", log: log))
                server.cancel()
                _ = await server.result
                return value
            } catch {
                server.cancel()
                _ = await server.result
                throw error
            }
        }
    }
}
