import CCurl
import Glibc
import HTTPTypes
import SystemPackage

extension ActiveTransfer {
    func setConnection(_ configuration: HTTPClient.Configuration, _ request: TransferRequest) {
        ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        // Otherwise removing a handle waits for its name look-up, and every other transfer with it.
        ccurl_set_long(handle, CURLOPT_QUICK_EXIT, 1)
        ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds)
        ccurl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // The write callback refuses such answers itself, and can tell a TLS alert from nonsense.
        ccurl_set_long(handle, CURLOPT_HTTP09_ALLOWED, 1)
        ccurl_set_long(handle, CURLOPT_BUFFERSIZE, 512 << 10)
        ccurl_set_long(handle, CURLOPT_UPLOAD_BUFFERSIZE, 512 << 10)
        ccurl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        ccurl_set_string(handle, CURLOPT_NOPROXY, HTTPClient.Configuration.noProxy)
        ccurl_set_string(handle, CURLOPT_USERAGENT, configuration.userAgent)
        if let bundle = configuration.caBundle { ccurl_set_string(handle, CURLOPT_CAINFO, bundle.string) }
        if !configuration.verifiesCertificates {
            ccurl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 0)
            ccurl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 0)
        }
        if let socket = request.unixSocket { ccurl_set_string(handle, CURLOPT_UNIX_SOCKET_PATH, socket.string) }
        if let identity = request.identity {
            ccurl_set_string(handle, CURLOPT_SSLCERT, identity.certificate.string)
            ccurl_set_string(handle, CURLOPT_SSLKEY, identity.key.string)
            ccurl_set_string(handle, CURLOPT_CAINFO, identity.authorities.string)
            // The directory of the system's authorities would count beside that file.
            ccurl_set_string(handle, CURLOPT_CAPATH, nil)
        }
    }

    /// - Parameter length: bytes of the body; nil for chunked encoding.
    func setRequest(_ request: TransferRequest, length: Int64?) {
        ccurl_set_string(handle, CURLOPT_URL, request.url)
        ccurl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        let isSecure = request.url.prefix(6).lowercased() == "https:"
        ccurl_set_string(handle, CURLOPT_REDIR_PROTOCOLS_STR, isSecure ? "https" : "http,https")
        let isFetch = request.method == .get || request.method == .head
        ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, request.followRedirects && isFetch ? 1 : 0)
        ccurl_set_long(handle, CURLOPT_MAXREDIRS, 10)

        var hasBody = true
        if case .none = request.body { hasBody = false }
        if request.method == .head {
            ccurl_set_long(handle, CURLOPT_NOBODY, 1)
        } else if hasBody || [.post, .put, .patch].contains(request.method) {
            ccurl_set_long(handle, CURLOPT_UPLOAD, 1)
            ccurl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(length ?? -1))
        }
        if request.method != .get && request.method != .head || hasBody {
            ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        setHeaders(request.headers)
    }

    private func setHeaders(_ headers: HTTPFields) {
        // Waiting for "100 Continue" costs a second with every server that does not know it.
        var lines = ["Expect:"]
        lines += headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        guard let list else { return }
        ccurl_set_list(handle, CURLOPT_HTTPHEADER, list)
        keep(list)
    }

    func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        for option in [CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_HEADERDATA, CURLOPT_SEEKDATA, CURLOPT_PREREQDATA] {
            ccurl_set_pointer(handle, option, context)
        }
        ccurl_set_prereq_function(handle) { context, _, _, _, _ in
            ActiveTransfer.from(context)?.begin()
            return CURL_PREREQFUNC_OK
        }
        ccurl_set_data_function(handle, CURLOPT_HEADERFUNCTION) { pointer, size, count, context in
            let bytes = UnsafeRawBufferPointer(start: pointer, count: size * count)
            var line = String(decoding: bytes, as: UTF8.self)[...]
            while line.last?.isNewline == true { line.removeLast() }
            ActiveTransfer.from(context)?.receiveHeader(String(line))
            return size * count
        }
        ccurl_set_data_function(handle, CURLOPT_WRITEFUNCTION) { pointer, size, count, context in
            let bytes = UnsafeRawBufferPointer(start: pointer, count: size * count)
            return ActiveTransfer.from(context)?.receive(bytes) ?? 0
        }
        ccurl_set_data_function(handle, CURLOPT_READFUNCTION) { pointer, size, count, context in
            let buffer = UnsafeMutableRawBufferPointer(start: pointer, count: size * count)
            return ActiveTransfer.from(context)?.read(into: buffer) ?? Int(CURL_READFUNC_ABORT)
        }
        ccurl_set_seek_function(handle) { context, offset, origin in
            let isDone = origin == SEEK_SET && ActiveTransfer.from(context)?.rewind(to: Int64(offset)) == true
            return isDone ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> ActiveTransfer? {
        context.map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension Duration {
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
