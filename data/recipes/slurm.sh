#!/bin/sh
# slurm.sh FOLDER N [OPTION...]: hands N shards to Slurm as one job array, and behind it the job that joins them. FOLDER
# and the inputs are on a file system that all nodes share. Prints the numbers of both jobs. OPTIONs are those of
# `mxscope audit`; $SBATCH_PARTITION, $SBATCH_ACCOUNT and the like are sbatch's.
set -eu
if [ $# -lt 2 ]; then
    echo "slurm.sh: expected FOLDER N [OPTION...]" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shards=$2
shift 2
array=$(sbatch --parsable --array="1-$shards" --output="$folder/shard-%a.log" --open-mode=append --export=ALL \
    "$here/slurm-shard.sbatch" "$here" "$shards" "$folder" "$@")
join=$(sbatch --parsable --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes --output="$folder/join.log" \
    --job-name=mxscope-join --export=ALL --wrap="sh '$here/join.sh' '$folder' '$shards'")
echo "${array%%;*} ${join%%;*}"
