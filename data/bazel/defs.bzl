"""The project's own rule macros: one place for flags, tests and embedded data."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")

# gnu11, because uv.h and ares.h need the POSIX names that c11 hides.
COPTS = [
    "-std=gnu11",
    "-D_GNU_SOURCE",
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wshadow",
    "-Wvla",
    "-Wmissing-prototypes",
    "-Wstrict-prototypes",
    "-Wswitch-enum",
    "-Wformat=2",
    "-Wpointer-arith",
    "-Wwrite-strings",
    "-fno-common",
]

def mx_library(name, srcs = [], hdrs = [], copts = [], **kwargs):
    cc_library(name = name, srcs = srcs, hdrs = hdrs, copts = COPTS + copts, **kwargs)

def mx_binary(name, copts = [], **kwargs):
    cc_binary(name = name, copts = COPTS + copts, **kwargs)

def mx_test(name, srcs = None, deps = [], copts = [], size = "small", **kwargs):
    """A cmocka test; `srcs` defaults to NAME.c."""
    cc_test(
        name = name,
        srcs = srcs or [name + ".c"],
        copts = COPTS + copts,
        size = size,
        deps = deps + ["@cmocka//:cmocka"],
        **kwargs
    )

def mx_embed(name, srcs, symbol, **kwargs):
    """A C library whose header NAME.h lists each file of `srcs` as {file name, text, length}, so that
    an installed binary needs no data folder. The array is `SYMBOL`, ended by a NULL name."""
    native.genrule(
        name = name + "_gen",
        srcs = srcs,
        outs = [name + ".c", name + ".h"],
        tools = ["//data/bazel:embed.sh"],
        cmd = "sh $(location //data/bazel:embed.sh) %s $(RULEDIR)/%s $(SRCS)" % (symbol, name),
    )
    cc_library(
        name = name,
        srcs = [name + ".c"],
        hdrs = [name + ".h"],
        deps = ["//engine/base:embedded"],
        copts = COPTS,
        **kwargs
    )
