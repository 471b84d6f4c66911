#!/bin/sh
# parallel.sh FOLDER N [OPTION...]: audits N shards into FOLDER under GNU parallel, as many at once as there are cores
# ($JOBS says otherwise), and joins them. A shard that fails or is killed is started again, three times in all. The same
# command once more goes on with the shards that are not done. OPTIONs are those of `mxscope audit`.
set -eu
if [ $# -lt 2 ]; then
    echo "parallel.sh: expected FOLDER N [OPTION...]" >&2
    exit 2
fi
here=$(dirname "$0")
folder=$1
shards=$2
shift 2
mkdir -p "$folder"
parallel --will-cite --quote --jobs "${JOBS:-100%}" --retries 3 --joblog "$folder/jobs.tsv" --resume-failed \
    sh "$here/shard.sh" {} "$shards" "$folder" "$@" ::: $(seq "$shards") || {
    echo "parallel.sh: $? shards are not done; see $folder/jobs.tsv, and give the same command again" >&2
    exit 3
}
sh "$here/join.sh" "$folder" "$shards"
