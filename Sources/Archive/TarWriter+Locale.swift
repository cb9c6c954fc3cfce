import Glibc

/// The locale that libarchive converts names in.
///
/// It converts through the thread's `LC_CTYPE`. In the C locale it would write names outside ASCII as `BINARY`, so the
/// digest would depend on the environment.
enum UTF8Locale {
    /// Never freed and never changed, so any thread may use it.
    nonisolated(unsafe) private static let locale: locale_t? =
        newlocale(categories, "C.UTF-8", nil) ?? newlocale(categories, "en_US.UTF-8", nil)

    /// Runs `body` with this thread in a UTF-8 locale.
    static func with<Value>(_ body: () throws -> Value) throws -> Value {
        guard let locale else {
            throw TarWriterError(.library, path: nil, "the system has no C.UTF-8 locale")
        }
        let previous = uselocale(locale)
        defer { _ = uselocale(previous) }
        return try body()
    }

    /// `LC_CTYPE_MASK`, a macro that is not imported.
    private static let categories = Int32(1) << LC_CTYPE
}
