// SPDX-License-Identifier: Apache-2.0
/* Answers a black and a white image with a network of bytes: predict MODEL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lutgen/capi/lutgen.h>

/* Prints what was wrong. */
static int complain(lutgen_error *error) {
  fputs(lutgen_error_text(error), stderr);
  lutgen_error_free(error);
  return 1;
}

int main(int argc, char **argv) {
  lutgen_network *network = NULL;
  lutgen_error *error = NULL;
  if (argc != 2) return 2;
  if (lutgen_load(argv[1], &network, &error) != LUTGEN_OK) return complain(error);

  const size_t features = lutgen_feature_count(network);
  uint8_t *samples = malloc(2 * features); /* [2][features] */
  if (samples == NULL) return 1;
  memset(samples, 0, features);
  memset(samples + features, 255, features);

  uint32_t classes[2];
  lutgen_answers answers = {0};
  answers.classes = classes;
  const lutgen_status status = lutgen_predict_bytes(network, samples, 2, 1, &answers, &error);
  if (status == LUTGEN_OK) {
    printf("lutgen %s, %s: black is a %u, white is a %u\n", lutgen_version(), lutgen_name(network), (unsigned)classes[0],
           (unsigned)classes[1]);
  }
  free(samples);
  lutgen_free(network);
  return status == LUTGEN_OK ? 0 : complain(error);
}
