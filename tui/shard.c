#include "tui/shard.h"

#include <stdint.h>

unsigned shard_of(const char *domain, unsigned shards)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (; *domain; domain++)
        h = (h ^ (uint8_t)*domain) * 0x100000001b3u;
    return (unsigned)(h % shards) + 1;
}
