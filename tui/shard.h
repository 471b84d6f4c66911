/* Which part of a run a domain belongs to, when a run is split over machines. Pure. */
#pragma once

/* 1-based shard of a domain among `shards` (1 or more): stable for all time, whatever stands beside the
 * domain in the input (FNV-1a 64 of the domain, modulo). */
unsigned shard_of(const char *domain, unsigned shards);
