import CCurl
import HTTPTypes

/// One libcurl handle with what its callbacks need. It is made, used and closed on the loop's thread.
final class ActiveTransfer {
    let handle: UnsafeMutableRawPointer
    let exchange: Exchange
    private let url: HTTPURL
    private let upload: UploadSource
    private let hasBody: Bool
    private let followsRedirects: Bool
    private let idleTimeout: Duration
    private let responseTimeout: Duration
    /// `CURL_ERROR_SIZE` bytes that libcurl writes its words into.
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    private var phase = Phase.connecting
    private var lastProgress = ContinuousClock.now
    private var bytesSinceProgress = 0
    private var sent: Int64 = 0
    private var sendIsPaused = false
    private var receiveIsPaused = false
    private var head: HTTPResponse?
    private var headIsDelivered = false
    /// Why a callback stopped the transfer; libcurl only knows that one did.
    private var failure: (any Error)?

    private enum Phase {
        case connecting, sending, awaiting, receiving
    }

    init(
        _ exchange: Exchange,
        request: TransferRequest,
        url: HTTPURL,
        upload: UploadSource,
        configuration: HTTPClient.Configuration
    ) throws {
        guard let handle = curl_easy_init() else { throw TransferError(.other, "the client", "has no memory left") }
        self.handle = handle
        self.exchange = exchange
        self.url = url
        self.upload = upload
        hasBody = request.method != .head
        followsRedirects = request.followRedirects && (request.method == .get || request.method == .head)
        idleTimeout = request.idleTimeout ?? configuration.idleTimeout
        responseTimeout = request.responseTimeout ?? configuration.responseTimeout
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, message)
        setConnection(configuration, request)
        setRequest(request, length: upload.length)
        setCallbacks()
        if let length = upload.length { exchange.meter?.announce(sending: length) }
    }

    /// After the handle has left the loop.
    func close() {
        curl_easy_cleanup(handle)
        for list in lists { curl_slist_free_all(list) }
        message.deallocate()
    }

    /// Lets the sides that were paused go on. libcurl may call the callbacks from here.
    func resume() {
        guard sendIsPaused || receiveIsPaused else { return }
        sendIsPaused = false
        receiveIsPaused = false
        touch()
        curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    /// - Returns: the timeout to end with when the server has been silent too long.
    func overdue() -> TransferError? {
        guard phase != .connecting, !sendIsPaused, !receiveIsPaused else { return nil }
        let limit = phase == .awaiting && !upload.isEmpty ? responseTimeout : idleTimeout
        guard ContinuousClock.now - lastProgress > limit else { return nil }
        let wait = "for \(limit.components.seconds > 0 ? "\(limit.components.seconds) s" : "\(limit)")"
        return switch phase {
        case .sending: TransferError(.timeout, exchange.address, "takes no bytes \(wait)")
        case .awaiting: TransferError(.timeout, exchange.address, "gives no answer \(wait)")
        default: TransferError(.timeout, exchange.address, "stops in the middle of its answer \(wait)")
        }
    }

    /// What libcurl's result is to the waiting task.
    func outcome(_ result: CURLcode) -> Result<Void, any Error> {
        if let failure { return .failure(failure) }
        guard result != CURLE_OK else { return .success(()) }
        var systemError = 0
        ccurl_info_long(handle, CURLINFO_OS_ERRNO, &systemError)
        return .failure(
            TransferError(
                result,
                message: String(cString: message),
                systemError: systemError,
                scheme: url.scheme,
                address: exchange.address
            )
        )
    }

    func keep(_ list: UnsafeMutablePointer<curl_slist>) { lists.append(list) }

    // MARK: Callbacks

    /// A connection stands and the request is about to go.
    func begin() {
        phase = upload.isEmpty ? .awaiting : .sending
        touch()
    }

    /// - Returns: what `CURLOPT_READFUNCTION` has to.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let wanted = upload.length.map { Int(min(Int64(buffer.count), $0 - sent)) } ?? buffer.count
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        do {
            let count = try count(reading: target)
            guard let count else {
                sendIsPaused = true
                return Int(CURL_READFUNC_PAUSE)
            }
            sent += Int64(count)
            exchange.meter?.add(sent: count)
            credit(count)
            if count == 0 || sent == upload.length {
                if let length = upload.length, sent < length {
                    throw TransferError(
                        .badBody,
                        "the body for \(exchange.address)",
                        "ends after \(sent) of \(length) bytes: it changed while it was read"
                    )
                }
                phase = .awaiting
                touch()
            }
            return count
        } catch {
            failure = error
            return Int(CURL_READFUNC_ABORT)
        }
    }

    /// - Returns: nil when the bytes are still to come.
    private func count(reading buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        if buffer.isEmpty { return 0 }
        switch upload {
        case .none: return 0
        case .bytes(let bytes):
            bytes.withUnsafeBytes { bytes in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[Int(sent)..<Int(sent) + buffer.count]))
            }
            return buffer.count
        case .file(let file, let offset, _): return try file.read(at: offset + sent, into: buffer)
        case .stream:
            switch exchange.readUpload(into: buffer) {
            case .bytes(let count): return count
            case .pause: return nil
            case .end: return 0
            case .failure(let error): throw error
            }
        }
    }

    /// libcurl sends the body again from `offset`: a kept connection turned out to be dead, or a redirect.
    ///
    /// - Returns: false when the bytes cannot be had again.
    func rewind(to offset: Int64) -> Bool {
        if case .stream = upload { return offset == sent }
        sent = offset
        return true
    }

    func receiveHeader(_ line: String) {
        phase = .receiving
        touch()
        if line.isEmpty {
            deliverHead()
        } else if line.hasPrefix("HTTP/") {
            let status = line.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) }
            head = HTTPResponse(status: HTTPResponse.Status(code: status.flatMap { 100...999 ~= $0 ? $0 : nil } ?? 500))
        } else if !headIsDelivered, let colon = line.firstIndex(of: ":"),
            let name = HTTPField.Name(String(line[..<colon]))
        {
            let value = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
            head?.headerFields.append(HTTPField(name: name, value: value))
        }
    }

    private func deliverHead() {
        guard !headIsDelivered, let head, head.status.kind != .informational else { return }
        if followsRedirects, [301, 302, 303, 307, 308].contains(head.status.code), head.headerFields[.location] != nil {
            return
        }
        var effective: UnsafeMutablePointer<CChar>?
        ccurl_info_string(handle, CURLINFO_EFFECTIVE_URL, &effective)
        headIsDelivered = true
        if hasBody, let length = head.headerFields[.contentLength].flatMap({ Int64($0) }), length > 0 {
            exchange.meter?.announce(receiving: length)
        }
        exchange.deliver(head, url: effective.map { String(cString: $0) } ?? url.text)
    }

    /// - Returns: what `CURLOPT_WRITEFUNCTION` has to.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard headIsDelivered else {
            // Bytes without a status line, which libcurl takes for HTTP/0.9. A TLS record of type "alert" starts with 21, 3.
            let isAlert = bytes.count >= 2 && bytes[0] == 21 && bytes[1] == 3
            failure =
                isAlert
                ? TransferError(.plainToTLSPort, exchange.address, "speaks TLS: use https")
                : TransferError(.malformedResponse, exchange.address, "answers with something that is not HTTP")
            return 0
        }
        credit(bytes.count)
        if exchange.receive(bytes) {
            exchange.meter?.add(received: bytes.count)
            return bytes.count
        }
        receiveIsPaused = true
        return Int(CURL_WRITEFUNC_PAUSE)
    }

    private func touch() {
        lastProgress = .now
        bytesSinceProgress = 0
    }

    /// A trickle is not progress: it takes 1 KiB.
    private func credit(_ count: Int) {
        bytesSinceProgress += count
        if bytesSinceProgress >= 1024 { touch() }
    }
}
