#pragma once
#include <zlib.h>

/// `deflateInit2` is a macro. Raw deflate with a window of 32 KiB.
static inline int zlib_deflate_init_raw(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}

/// `inflateInit` is a macro. Deflate with zlib's own header and checksum (RFC 1950).
static inline int zlib_inflate_init(z_stream *stream) {
    return inflateInit(stream);
}
