#!/bin/sh
# join.sh FOLDER N: joins the N shards in FOLDER into FOLDER/all.mxscope and writes FOLDER/report.html and .json of it, or
# the formats that $REPORTS names ("csv", or "" for none). Exits with 3 when a shard is missing. $MXSCOPE is the program.
set -eu
if [ $# -ne 2 ]; then
    echo "join.sh: expected FOLDER N" >&2
    exit 2
fi
folder=$1
shards=$2
mxscope=${MXSCOPE:-mxscope}

set --
shard=1
while [ "$shard" -le "$shards" ]; do
    set -- "$@" "$folder/shard-$shard.mxscope"
    if [ ! -s "$folder/shard-$shard.mxscope" ]; then
        echo "join.sh: shard $shard of $shards is missing in $folder" >&2
        exit 3
    fi
    shard=$((shard + 1))
done

rm -f "$folder/joined.mxscope"
"$mxscope" merge -o "$folder/joined.mxscope" "$@"
mv -f "$folder/joined.mxscope" "$folder/all.mxscope"
for format in ${REPORTS-html json}; do
    "$mxscope" export "$folder/all.mxscope" --format "$format" -o "$folder/report.$format"
done
