import CCurl
import Glibc

extension TransferError {
    /// What libcurl's result means.
    ///
    /// - Parameters:
    ///   - message: libcurl's own words; shown only where they cannot hold a URL.
    ///   - systemError: the `errno` of the last connection attempt, 0 when there is none.
    init(_ result: CURLcode, message: String, systemError: Int, scheme: String, address: String) {
        let (code, reason) = Self.meaning(of: result, message: message, systemError: systemError, scheme: scheme)
        self.init(code, address, reason)
    }

    private static func meaning(
        of result: CURLcode,
        message: String,
        systemError: Int,
        scheme: String
    ) -> (Code, String) {
        switch result {
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT:
            (.redirect, "redirects to a URL that is not followed (only https, or http from http)")
        case CURLE_TOO_MANY_REDIRECTS:
            (.redirect, "redirects in a circle")
        case CURLE_COULDNT_RESOLVE_HOST:
            (.cannotResolve, "cannot be found: there is no such host name here; check it and the network")
        case CURLE_COULDNT_RESOLVE_PROXY:
            (.proxy, "cannot be reached: the proxy of the environment has a host name that cannot be found")
        case CURLE_PROXY:
            (.proxy, "cannot be reached: the proxy of the environment refuses or fails")
        case CURLE_COULDNT_CONNECT where systemError == Int(ECONNREFUSED):
            (.refused, "refuses the connection: nothing listens there; check host and port")
        case CURLE_COULDNT_CONNECT:
            (
                .cannotConnect,
                "cannot be reached\(systemError == 0 ? "" : ": \(String(cString: strerror(Int32(systemError))))")"
            )
        case CURLE_OPERATION_TIMEDOUT:
            (.timeout, "does not answer in time")
        case CURLE_SSL_CONNECT_ERROR:
            handshake(message, systemError: systemError)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            (.certificate, "has a certificate that is not trusted: \(message); add its authority to the CA bundle")
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
            (.tls, "cannot be verified: the CA bundle cannot be read")
        case CURLE_SSL_CERTPROBLEM:
            (.tls, "cannot be shown the client's certificate: the certificate or its key cannot be used")
        case CURLE_GOT_NOTHING where scheme == "http":
            (.connectionReset, "closes the connection without an answer; if it speaks TLS, use https")
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_SEND_FAIL_REWIND:
            dropped(message)
        case CURLE_PARTIAL_FILE:
            (.truncated, "closes the connection before the end of the answer")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            (.malformedResponse, "answers with something that is not HTTP")
        default:
            (.other, "fails: \(String(cString: curl_easy_strerror(result)))")
        }
    }

    private static func handshake(_ message: String, systemError: Int) -> (Code, String) {
        if ["wrong version number", "packet length too long", "http request", "unknown protocol"]
            .contains(where: message.contains)
        {
            (.tlsToPlainPort, "does not speak TLS: it is a plain HTTP port")
        } else if message.contains("SSL_ERROR_SYSCALL") || message.contains("unexpected eof") {
            (.connectionReset, "closes the connection while TLS is set up; it may be a plain HTTP port")
        } else {
            (.tls, "cannot agree on TLS: \(message)")
        }
    }

    private static func dropped(_ message: String) -> (Code, String) {
        message.contains("chunk")
            ? (.malformedResponse, "answers with a broken chunked body")
            : (.connectionReset, "drops the connection")
    }
}
