import FileSystem
import JSON
package import SystemPackage
import YAML

/// `ormbfile.yaml`, beside the directory `model/`.
package enum MetadataFile {
    package static let name = "ormbfile.yaml"
    private static let limit = 4 << 20

    /// - Returns: nil where there is no such file.
    /// - Throws: ``BundleError`` `metadata`.
    package static func read(in directory: FilePath) throws -> BundleMetadata? {
        let file = directory.appending(name)
        guard file.exists else { return nil }
        let bytes: [UInt8]
        do { bytes = try file.readAll(limit: limit) } catch let error as FileSystemError
            where error.errno == .fileTooLarge
        {
            throw BundleError(.metadata, "\(file) is longer than \(limit >> 20) MiB, which no such file is")
        }
        return try metadata(in: bytes, named: name, checksSpelling: true)
    }

    static func metadata(in bytes: [UInt8], named name: String, checksSpelling: Bool = false) throws -> BundleMetadata {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw BundleError(.metadata, "\(name) is not UTF-8 text; save it as UTF-8")
        }
        do {
            let documents = try YAML.documents(in: text, numbersAsStrings: true)
            guard documents.count <= 1 else {
                throw BundleError(.metadata, "\(name) holds \(documents.count) documents; keep one")
            }
            return try BundleMetadata(reading: documents.first ?? .null, from: name, checksSpelling: checksSpelling)
        } catch let error as YAMLError {
            throw BundleError(.metadata, "\(name) is not YAML: \(error)")
        }
    }
}
