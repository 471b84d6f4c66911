"""A larger snapshot of an earlier schema: the rows of its targets many times over, under names of the same length; their
hosts stay as they are."""

import re
import shutil
import sqlite3
import string

MASK = (1 << 64) - 1


def mix(h, value):
    h = (h ^ value) * 0x9e3779b97f4a7c15 & MASK
    return h ^ h >> 29


def seal(body):
    """The checksum of engine/store/pack.c behind it."""
    h = mix(0, len(body))
    whole = len(body) - len(body) % 8
    for at in range(0, whole, 8):
        h = mix(h, int.from_bytes(body[at:at + 8], "little"))
    for byte in body[whole:]:
        h = mix(h, byte)
    return body + ((h ^ h >> 32) & 0xffffffff).to_bytes(4, "big")


def other_name(name, number):
    letters = string.ascii_lowercase + string.digits
    tail = ""
    for _ in range(4):
        tail += letters[number % len(letters)]
        number //= len(letters)
    return "z" + tail + name[5:]


def enlarge(source, path, copies):
    """Writes `path` with so many targets more for each that is in `source`; returns the names of all."""
    shutil.copy(source, path)
    database = sqlite3.connect(path)
    with database:
        rows = database.execute("SELECT name, content FROM target ORDER BY id").fetchall()
        last = database.execute("SELECT max(id) FROM target").fetchone()[0]
        names = [name for name, _ in rows]
        for number in range(copies):
            for name, content in rows:
                last += 1
                new = other_name(name, number)
                body = re.sub(rb"(?<![.a-z0-9-])" + re.escape(name.encode()), new.encode(), content[:-4])
                database.execute("INSERT INTO target VALUES(?,?,?)", (last, new, seal(body)))
                names.append(new)
    database.close()
    return names
