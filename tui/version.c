#include "tui/version.h"

#include <ares.h>
#include <csv.h>
#include <curses.h>
#include <expat.h>
#include <idn2.h>
#include <jansson.h>
#include <libpsl.h>
#include <openssl/base.h>
#include <sqlite3.h>
#include <string.h>
#include <uv.h>

#ifndef OPENSSL_IS_BORINGSSL
#error "mxscope needs BoringSSL's headers (@boringssl), these are another library's"
#endif

void version_print(FILE *out)
{
    fprintf(out, "mxscope %s\n", VERSION);
    fprintf(out, "BoringSSL API %d\n", BORINGSSL_API_VERSION);
    fprintf(out, "c-ares %s\n", ares_version(NULL));
    fprintf(out, "libuv %s\n", uv_version_string());
    fprintf(out, "jansson %s\n", JANSSON_VERSION);
    fprintf(out, "libcsv %d.%d.%d\n", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
    fprintf(out, "expat %s\n", XML_ExpatVersion() + strlen("expat_"));
    fprintf(out, "libidn2 %s\n", idn2_check_version(NULL));
    fprintf(out, "libpsl %s\n", psl_get_version());
    fprintf(out, "SQLite %s\n", sqlite3_libversion());
    fprintf(out, "%s\n", curses_version());
}
