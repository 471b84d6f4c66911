#!/bin/sh
# embed.sh SYMBOL OUT FILE...: writes OUT.c and OUT.h with the bytes of each FILE (see mx_embed in defs.bzl).
set -eu
symbol=$1
out=$2
shift 2
header=$(basename "$out").h
{
    echo "/* Generated from data files; edit those. */"
    echo "#pragma once"
    echo '#include "engine/base/embedded.h"'
    echo "extern const struct embedded_file $symbol[];"
} >"$out.h"
{
    echo "/* Generated from data files; edit those. */"
    echo "#include \"$(dirname "$out" | sed 's|^bazel-out/[^/]*/bin/||')/$header\""
    n=0
    for file in "$@"; do
        echo "static const unsigned char bytes_$n[] = {"
        od -An -v -tu1 "$file" | awk '{ for (i = 1; i <= NF; i++) printf "%s,", $i; print "" }'
        echo "0};"
        n=$((n + 1))
    done
    echo "const struct embedded_file $symbol[] = {"
    n=0
    for file in "$@"; do
        echo "    {\"$(basename "$file")\", (const char *)bytes_$n, sizeof bytes_$n - 1},"
        n=$((n + 1))
    done
    echo "    {0, 0, 0},"
    echo "};"
} >"$out.c"
