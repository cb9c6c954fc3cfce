package import JSON
import YAML

/// `swagger/openapi.yaml`, compiled in.
package enum OpenAPIDocument {
    package static var yaml: [UInt8] { PackageResources.openapi_yaml }

    package static func value() throws -> JSONValue {
        try YAML.documents(in: String(decoding: yaml, as: UTF8.self)).first ?? .null
    }
}
