#pragma once
#include <isa-l.h>
#include <stdlib.h>

/// What deflating blocks at level 1 needs; free() it.
struct isal_block_deflater {
    struct isal_zstream stream;
    uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
};

static inline struct isal_block_deflater *isal_block_deflater_new(void) {
    return (struct isal_block_deflater *)malloc(sizeof(struct isal_block_deflater));
}

static inline void isal_block_deflater_free(struct isal_block_deflater *deflater) { free(deflater); }

/// How much of a block is deflated by itself, in bytes.
///
/// ISA-L's loop for long inputs (isal_deflate_icf_body_hash_hist, its three variants in assembly, in version 2.30) starts a
/// stream with a register that still holds the stream's address, and files the third byte's position under a hash of that:
/// the same input becomes other matches at other addresses, in one of some thousand blocks. Short inputs take another way,
/// and a stream that has begun does not start again.
#define ISAL_BLOCK_START 16

/// Deflates one block independently of all others: raw deflate at level 1, ended by a full flush.
/// Returns the bytes written, or a negative number when that fails or the output is too small.
static inline int64_t isal_deflate_block(struct isal_block_deflater *deflater, const uint8_t *input, uint32_t count,
                                         uint8_t *output, uint32_t capacity) {
    struct isal_zstream *stream = &deflater->stream;
    isal_deflate_init(stream);
    stream->level = 1;
    stream->level_buf = deflater->level_buffer;
    stream->level_buf_size = sizeof(deflater->level_buffer);
    stream->next_in = (uint8_t *)input;
    stream->next_out = output;
    stream->avail_out = capacity;
    if (count > ISAL_BLOCK_START) {
        stream->flush = SYNC_FLUSH;
        stream->avail_in = ISAL_BLOCK_START;
        int result = isal_deflate(stream);
        if (result != COMP_OK) return result;
        count -= ISAL_BLOCK_START;
    }
    stream->flush = FULL_FLUSH;
    stream->avail_in = count;
    int result = isal_deflate(stream);
    if (result != COMP_OK) return result;
    if (stream->avail_in != 0 || stream->avail_out == 0) return STATELESS_OVERFLOW;
    return (int64_t)capacity - stream->avail_out;
}
