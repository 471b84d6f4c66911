"""One fuzz target: an ordinary test that replays and mutates its corpus, and a libFuzzer binary."""

load("//data/bazel:defs.bzl", "mx_binary", "mx_library")
load("@rules_cc//cc:defs.bzl", "cc_test")
load("//data/bazel:defs.bzl", "COPTS")

def fuzz_target(name, deps):
    """`name` is fuzz_X for fuzz_X.c; its corpus is corpus/X/*."""
    corpus = native.glob(["corpus/%s/*" % name[len("fuzz_"):]])
    mx_library(name = name + "_entry", srcs = [name + ".c"], deps = deps, alwayslink = True)
    cc_test(
        name = name,
        srcs = ["replay.c"],
        copts = COPTS,
        args = ["$(location %s)" % f for f in corpus],
        data = corpus,
        size = "medium",
        deps = [":" + name + "_entry"],
    )
    mx_binary(name = name + "_libfuzzer", deps = [":" + name + "_entry"], tags = ["manual"])
