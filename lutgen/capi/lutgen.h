// SPDX-License-Identifier: Apache-2.0
#ifndef LUTGEN_CAPI_LUTGEN_H
#define LUTGEN_CAPI_LUTGEN_H

/**
 * Inference from C: a model file becomes code for this machine, which answers batches of samples.
 *
 * Nothing is thrown or printed and the program is never ended: every failure is a status. All functions may be called from
 * several threads at once, on one network too; only freeing a network needs that nobody uses it any more.
 */

#include <stddef.h>
#include <stdint.h>

#if defined(LUTGEN_CAPI_BUILD) && defined(__GNUC__)
#define LUTGEN_API __attribute__((visibility("default")))
#else
#define LUTGEN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** A network that is ready to answer. */
typedef struct lutgen_network lutgen_network;

/** What was wrong. */
typedef struct lutgen_error lutgen_error;

/** How a call ended. */
typedef enum lutgen_status {
  LUTGEN_OK = 0,
  LUTGEN_BAD_ARGUMENT = 1,  /* a null pointer, an answer that the network does not give, too many samples */
  LUTGEN_BAD_MODEL = 2,     /* the model file cannot be read or is refused; the error holds the diagnostic */
  LUTGEN_OUT_OF_MEMORY = 3, /* memory, or a thread, could not be had; see README.md for when a model's description is read */
  LUTGEN_INTERNAL = 4       /* anything else: a fault of the library */
} lutgen_status;

/** What one feature of a sample is. */
typedef enum lutgen_feature_type {
  LUTGEN_BIT = 0,
  LUTGEN_U8 = 1,
  LUTGEN_I8 = 2,
  LUTGEN_U16 = 3,
  LUTGEN_I16 = 4,
  LUTGEN_I32 = 5,
  LUTGEN_F32 = 6
} lutgen_feature_type;

/**
 * Reads a model file and makes code for the fastest instruction set of this machine. Cost: O(size of the model), about 10 ms for
 * a thousand tables.
 *
 * path     of the file (.safetensors), not null
 * network  receives the network, which lutgen_free frees; null when there is none
 * error    may be null; receives what was wrong, which lutgen_error_free frees; null when nothing was
 */
LUTGEN_API lutgen_status lutgen_load(const char *path, lutgen_network **network, lutgen_error **error);

/**
 * The same from a model file that is in memory already. `bytes` [byte_count] is not needed afterwards.
 */
LUTGEN_API lutgen_status lutgen_load_bytes(const void *bytes, size_t byte_count, lutgen_network **network, lutgen_error **error);

/** Frees a network; null is fine. */
LUTGEN_API void lutgen_free(lutgen_network *network);

/** Values of a sample. O(1), as the next five; a null network gives 0, or an empty text. */
LUTGEN_API size_t lutgen_feature_count(const lutgen_network *network);
/** Scores of a sample; 0 when the network ends in bits. */
LUTGEN_API size_t lutgen_class_count(const lutgen_network *network);
/** Output bits of a sample; 0 when the network has scores. */
LUTGEN_API size_t lutgen_bit_count(const lutgen_network *network);
/** What a feature is; LUTGEN_BIT for a null network. */
LUTGEN_API lutgen_feature_type lutgen_type(const lutgen_network *network);
/** The model's name; lives as long as the network. */
LUTGEN_API const char *lutgen_name(const lutgen_network *network);
/** What evaluates: "avx512", "avx2", "sse2", "word64" or "portable". Static storage. */
LUTGEN_API const char *lutgen_target(const lutgen_network *network);

/**
 * Where answers go; an array that is null is not wanted. Zero the struct first: later versions may have more.
 *
 * classes  [samples]: index of the largest score, the lowest index wins a tie; only of a network with classes
 * scores   [samples][lutgen_class_count]; only of a network with classes
 * bits     [samples][lutgen_bit_count], 0 or 1; only of a network that ends in bits
 */
typedef struct lutgen_answers {
  uint32_t *classes;
  int64_t *scores;
  uint8_t *bits;
} lutgen_answers;

/**
 * Answers samples whose features are bytes: networks of LUTGEN_U8, or of LUTGEN_BIT, whose features are 0 or 1.
 * The answers do not depend on `threads`.
 *
 * features  [samples][lutgen_feature_count], C order; may be null when `samples` is 0
 * samples   any number; best many at once: 512 are answered together
 * threads   how many may work; 0 = as many as the machine runs at once
 * answers   not null; on failure the arrays hold anything
 * error     as in lutgen_load
 * Cost      O(samples * size of the network), no allocation after the first calls
 */
LUTGEN_API lutgen_status lutgen_predict_bytes(const lutgen_network *network, const uint8_t *features, size_t samples,
                                              unsigned threads, const lutgen_answers *answers, lutgen_error **error);

/**
 * The same for features of any type as floats; they are finite, and whole numbers of the type's range where the type is
 * an integer.
 */
LUTGEN_API lutgen_status lutgen_predict_floats(const lutgen_network *network, const float *features, size_t samples,
                                               unsigned threads, const lutgen_answers *answers, lutgen_error **error);

/**
 * One sentence or more, as `lutgen` prints it: place, code, what was expected and found, what to do. Lives as long as the
 * error. A null error says that memory ran out: then there is none for the text either.
 */
LUTGEN_API const char *lutgen_error_text(const lutgen_error *error);

/** The diagnostic's code, for example "model_missing"; empty when it is none of the model's. Lives as long as the error. */
LUTGEN_API const char *lutgen_error_code(const lutgen_error *error);

/** Frees an error; null is fine. */
LUTGEN_API void lutgen_error_free(lutgen_error *error);

/** Version of the library, for example "0.1.0". Static storage. */
LUTGEN_API const char *lutgen_version(void);

#ifdef __cplusplus
}
#endif

#endif
