/* main() for a fuzz target that is built without libFuzzer: gives it each file named on the command
 * line. */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int replay(const char *path)
{
    enum { MOST = 1 << 20 };
    uint8_t *data = malloc(MOST);
    FILE *from = fopen(path, "rb");
    size_t n;

    if (data == NULL || from == NULL) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return 1;
    }
    n = fread(data, 1, MOST, from);
    fclose(from);
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        if (replay(argv[i]) != 0)
            return 1;
    }
    printf("%d inputs replayed\n", argc - 1);
    return 0;
}

#endif
