#!/bin/sh
# shard.sh I N FOLDER [OPTION...]: audits shard I of N into FOLDER/shard-I.mxscope; started again, it goes on where it
# was. Exits with 0 when the shard is done, whatever was found there; 2 when its options or inputs are wrong, which no
# repetition helps; otherwise it is to be started again. OPTIONs are those of `mxscope audit` and stand above the pacing
# below. $MXSCOPE is the program.
set -eu
if [ $# -lt 3 ]; then
    echo "shard.sh: expected I N FOLDER [OPTION...]" >&2
    exit 2
fi
shard=$1
shards=$2
folder=$3
shift 3

# All shards together do to one operator, and to one address, what a single run would: each takes its part of the
# connections at once (8), and makes its pauses (0.1 s, 1 s) as many times longer as there are shards.
at_once=$((8 / shards))
[ "$at_once" -gt 0 ] || at_once=1
operator_gap=$((shards / 10)).$((shards % 10))

exec "${MXSCOPE:-mxscope}" audit --shard "$shard/$shards" --snapshot "$folder/shard-$shard.mxscope" \
    --output /dev/null --per-operator "$at_once" --per-operator-gap "$operator_gap" --per-host-gap "$shards" \
    "$@" --fail-on never
