"""Repositories that let the workspace build offline with Debian's packages.

`system_rules` stands in for @rules_cc and @remote_coverage_tools, which Bazel 4
would otherwise download; each rule is its native twin, so sources load
"@rules_cc//cc:defs.bzl" as usual and newer Bazel with network works too.
`system_library` wraps one library of the machine as `@name//:target`.
"""

_CC_DEFS = """
cc_binary = native.cc_binary
cc_import = native.cc_import
cc_library = native.cc_library
cc_proto_library = native.cc_proto_library
cc_test = native.cc_test
cc_toolchain = native.cc_toolchain
cc_toolchain_suite = native.cc_toolchain_suite
fdo_prefetch_hints = native.fdo_prefetch_hints
fdo_profile = native.fdo_profile
objc_library = native.objc_library
"""

def _rules_cc_impl(ctx):
    ctx.file("WORKSPACE", "workspace(name = \"rules_cc\")\n")
    ctx.file("BUILD.bazel", "")
    ctx.file("cc/BUILD.bazel", "exports_files([\"defs.bzl\"])\n")
    ctx.file("cc/defs.bzl", _CC_DEFS)

_rules_cc = repository_rule(implementation = _rules_cc_impl, local = True)

def _coverage_impl(ctx):
    ctx.file("WORKSPACE", "workspace(name = \"remote_coverage_tools\")\n")
    ctx.file(
        "BUILD.bazel",
        "filegroup(name = \"coverage_report_generator\", srcs = [], visibility = [\"//visibility:public\"])\n",
    )

_coverage = repository_rule(implementation = _coverage_impl, local = True)

_LIBRARY = """
cc_library(
    name = "{target}",
    hdrs = glob({globs}, allow_empty = True),
    includes = {includes},
    linkopts = {linkopts},
    visibility = ["//visibility:public"],
)
"""

def _system_library_impl(ctx):
    """Headers are linked in under include/ so that no flag names a folder of the machine."""
    for header in ctx.attr.headers:
        if not ctx.path(header).exists:
            fail("%s is missing: install the packages that data/packages names" % header)
        ctx.symlink(header, "include/" + header.split("/")[-1])
    libdir = ""
    if ctx.attr.libdir:
        for triplet in ctx.path("/usr/lib").readdir():
            if ctx.path(str(triplet) + "/" + ctx.attr.libdir).exists:
                libdir = str(triplet) + "/" + ctx.attr.libdir
        if not libdir:
            fail("no /usr/lib/*/%s: install the packages that data/packages names" % ctx.attr.libdir)
    text = "load(\"@rules_cc//cc:defs.bzl\", \"cc_library\")\n"
    for target, libs in ctx.attr.targets.items():
        linkopts = ["-l" + lib for lib in libs]
        if libdir:
            linkopts = ["-L" + libdir, "-Wl,-rpath," + libdir] + linkopts
        text += _LIBRARY.format(
            target = target,
            globs = ["include/**"] if ctx.attr.headers else [],
            includes = ["include"] if ctx.attr.headers else [],
            linkopts = linkopts,
        )
    ctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % ctx.name)
    ctx.file("BUILD.bazel", text)

_system_library = repository_rule(
    implementation = _system_library_impl,
    local = True,
    attrs = {
        "headers": attr.string_list(doc = "files or folders to link under include/; none when they are on the compiler's own path"),
        "libdir": attr.string(doc = "folder below /usr/lib/<triplet> that holds the libraries"),
        "targets": attr.string_list_dict(doc = "target name to the libraries that it links"),
    },
)

def system_repositories():
    _rules_cc(name = "rules_cc")
    _coverage(name = "remote_coverage_tools")

    # Upstream's labels, so that --override_repository=boringssl=DIR swaps upstream in.
    _system_library(
        name = "boringssl",
        headers = ["/usr/include/android/openssl"],
        libdir = "android",
        targets = {"ssl": ["ssl", "crypto"], "crypto": ["crypto"]},
    )
    _system_library(name = "c_ares", targets = {"ares": ["cares"]})
    _system_library(name = "libuv", targets = {"uv": ["uv"]})
    _system_library(name = "sqlite3", targets = {"sqlite3": ["sqlite3"]})
    _system_library(name = "jansson", targets = {"jansson": ["jansson"]})
    _system_library(name = "expat", targets = {"expat": ["expat"]})
    _system_library(name = "libcsv", targets = {"csv": ["csv"]})
    _system_library(name = "libidn2", targets = {"idn2": ["idn2"]})
    _system_library(name = "libpsl", targets = {"psl": ["psl"]})
    _system_library(name = "ncurses", targets = {"ncursesw": ["panelw", "formw", "ncursesw", "tinfo"]})
    _system_library(name = "cmocka", targets = {"cmocka": ["cmocka"]})
    _system_library(name = "vterm", targets = {"vterm": ["vterm"]})
