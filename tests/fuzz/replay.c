/* Runs a fuzz target as an ordinary test: every corpus file as it is, cut at every byte, and a bounded number
 * of seeded mutations of it. A crash, a sanitizer report or a hang fails the test; libFuzzer drives the same
 * targets with
 * --config=fuzz. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define FILE_MOST (256 * 1024)
#define CUTS_MOST 2048
#define MUTATIONS 4000

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A copy in memory of exactly that size, so that AddressSanitizer sees one byte too many. */
static void run_exact(const uint8_t *bytes, size_t length)
{
    uint8_t *copy = malloc(length ? length : 1);

    if (!copy)
        abort();
    memcpy(copy, bytes, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
}

static void mutate(uint8_t *bytes, size_t *length, uint64_t *state)
{
    unsigned changes = 1 + (unsigned)(next_random(state) % 8);

    while (changes-- && *length) {
        size_t at = (size_t)(next_random(state) % *length);

        switch (next_random(state) % 4) {
        case 0:
            bytes[at] = (uint8_t)next_random(state);
            break;
        case 1:
            bytes[at] ^= (uint8_t)(1u << (next_random(state) % 8));
            break;
        case 2:
            memmove(bytes + at, bytes + at + 1, *length - at - 1);
            --*length;
            break;
        default:
            *length = at;
            break;
        }
    }
}

static int run_file(const char *path)
{
    static uint8_t bytes[FILE_MOST], changed[FILE_MOST];
    FILE *file = fopen(path, "rb");
    uint64_t state = 0x9e3779b97f4a7c15u;
    size_t length, cut;
    unsigned i;

    if (!file) {
        perror(path);
        return 0;
    }
    length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    run_exact(bytes, length);
    for (cut = 0; cut < length && cut < CUTS_MOST; cut++)
        run_exact(bytes, cut);
    for (i = 0; i < MUTATIONS; i++) {
        size_t size = length;

        memcpy(changed, bytes, length);
        mutate(changed, &size, &state);
        run_exact(changed, size);
    }
    return 1;
}

int main(int argc, char **argv)
{
    int i, ran = 0;

    for (i = 1; i < argc; i++)
        ran += run_file(argv[i]);
    printf("%d of %d corpus files ran\n", ran, argc - 1);
    return ran > 0 && ran == argc - 1 ? 0 : 1;
}
