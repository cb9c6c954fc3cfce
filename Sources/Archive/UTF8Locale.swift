import Glibc

/// Runs libarchive's calls with a UTF-8 character type on this thread alone, whatever `LC_ALL` says.
///
/// In the C locale libarchive cannot convert the UTF-8 names of pax headers and zip files. `setlocale` would change the
/// whole process under threads that do not expect it.
func withUTF8Locale<Value>(_ body: () throws -> Value) rethrows -> Value {
    let names = ["C.UTF-8", "C.utf8", "en_US.UTF-8"]
    guard let locale = names.lazy.compactMap({ newlocale(LC_CTYPE_MASK, $0, nil) }).first else { return try body() }
    let previous = uselocale(locale)
    defer {
        uselocale(previous)
        freelocale(locale)
    }
    return try body()
}
