/* Numbers of the record and handshake layers that the hello writer and reader share. Private to this room. */
#pragma once

/* RFC 5246 §6.2.1 */
enum hello_record {
    RECORD_CHANGE_CIPHER = 20,
    RECORD_ALERT = 21,
    RECORD_HANDSHAKE = 22,
    RECORD_DATA = 23,
};

/* RFC 5246 §7.4 */
enum hello_message {
    MESSAGE_HELLO_REQUEST = 0,
    MESSAGE_CLIENT_HELLO = 1,
    MESSAGE_SERVER_HELLO = 2,
    MESSAGE_CERTIFICATE = 11,
    MESSAGE_SERVER_KEY_EXCHANGE = 12,
};

/* IANA "TLS ExtensionType Values" */
enum hello_extension {
    EXT_SERVER_NAME = 0,
    EXT_GROUPS = 10,
    EXT_POINT_FORMATS = 11,
    EXT_SIGNATURES = 13,
    EXT_PADDING = 21,
    EXT_MASTER_SECRET = 23,
    EXT_TICKET = 35,
    EXT_VERSIONS = 43,
    EXT_PSK_MODES = 45,
    EXT_SIGNATURES_CERTIFICATE = 50,
    EXT_KEY_SHARE = 51,
};

/* IANA "TLS Supported Groups" */
enum hello_group { GROUP_P256 = 23, GROUP_P384 = 24, GROUP_P521 = 25, GROUP_X25519 = 29 };
