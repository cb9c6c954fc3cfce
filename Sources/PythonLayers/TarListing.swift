import CArchive
import FileSystem
import SystemPackage

/// Looks for names in a base image's layer without unpacking it.
///
/// A root file system has device nodes, hard links and links to absolute paths, all of which `Archive` refuses, rightly,
/// in what users upload. Here only names are read and nothing is written.
enum TarListing {
    static func interpreters(in layer: FilePath) async throws -> [BaseInterpreter] {
        try await withCancellableBlocking { flag in
            guard let archive = archive_read_new() else { throw FileSystemError("read", layer, .noMemory) }
            defer { archive_read_free(archive) }
            archive_read_support_filter_gzip(archive)
            archive_read_support_filter_zstd(archive)
            archive_read_support_format_tar(archive)
            archive_read_support_format_empty(archive)
            guard layer.withPlatformString({ archive_read_open_filename(archive, $0, 1 << 20) }) == ARCHIVE_OK else {
                throw damage(archive, layer)
            }
            var found: [BaseInterpreter] = []
            while true {
                try flag.check()
                var entry: OpaquePointer?
                let result = archive_read_next_header(archive, &entry)
                if result == ARCHIVE_EOF { return found }
                // A warning is about a name that this locale cannot show: not one that is looked for.
                guard result == ARCHIVE_OK || result == ARCHIVE_WARN else { throw damage(archive, layer) }
                guard let entry, let pointer = archive_entry_pathname(entry) else { continue }
                let name = String(cString: pointer)
                let path = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
                if let interpreter = BaseInterpreter(member: path) { found.append(interpreter) }
            }
        }
    }

    private static func damage(_ archive: OpaquePointer, _ layer: FilePath) -> PythonEnvironmentError {
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "it is unreadable"
        return PythonEnvironmentError(
            .baseWithoutPython,
            "a layer of the base image cannot be searched for Python: \(reason); name the interpreter in the base's "
                + "label \(BaseInterpreter.label)"
        )
    }
}
