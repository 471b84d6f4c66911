# suites.csv → rows of struct tls_suite on stdout, and {id, place} in rising order of id in the file `places`.
BEGIN {
    FS = ","
    version["SSLv3"] = "TLS_SSL_3_0"
    version["TLSv1.0"] = "TLS_1_0"
    version["TLSv1.1"] = "TLS_1_1"
    version["TLSv1.2"] = "TLS_1_2"
    version["TLSv1.3"] = "TLS_1_3"
}
# The kind of key that the server's certificate must hold is in the name; suites of TLS 1.3 go with any.
function holds(kind) {
    if ($4 == "TLSv1.3" || kind == "RSA" && $2 ~ /^TLS_(DHE_|ECDHE_)?RSA_/ || kind == "ECDSA" && $2 ~ /^TLS_ECDHE?_ECDSA_/)
        return "true"
    return "false"
}
/^#/ || $1 == "id" { next }
{
    if (NF != 7 || !($4 in version) || !($5 in version) || $6 !~ /^(yes|no)$/ || $7 !~ /^(yes|no)$/ ||
        $1 !~ /^[0-9a-f][0-9a-f][0-9a-f][0-9a-f]$/ || $1 in place) {
        print FILENAME ":" FNR ": expected id,name,openssl,first,last,mail,boringssl with an id of its own" >"/dev/stderr"
        exit failed = 1
    }
    printf "{0x%s, \"%s\", \"%s\", %s, %s, %s, %s, %s, %s, %s, %s},\n", $1, $2, $3, version[$4], version[$5],
        $6 == "yes" ? "true" : "false", $7 == "yes" ? "true" : "false", $2 ~ /_anon_/ ? "true" : "false",
        holds("RSA"), holds("ECDSA"), $2 ~ /^TLS_(DHE_(RSA|DSS)|DH_anon)_/ ? "true" : "false"
    place[$1] = count++
}
END {
    if (failed)
        exit 1
    for (i = 0; i < 65536; i++) {
        id = sprintf("%04x", i)
        if (id in place)
            printf "{0x%s, %d},\n", id, place[id] >places
    }
}
