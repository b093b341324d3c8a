"""Answers as they come, usual ones and others."""

import gzip

BODY = b'{"records": []}'
LENGTH = b"Content-Length: 15\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"f\r\n" + BODY + b"\r\n0\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n"

ANSWERS = {
    "with a length": OK + LENGTH + b"\r\n" + BODY,
    "in chunks": OK + CHUNKED + b"\r\n" + CHUNKS,
    "of Airtable": OK
    + b"Date: Thu, 26 Nov 2026 05:40:00 GMT\r\nContent-Type: application/json\r\n"
    + b"Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n"
    + b"Set-Cookie: a=b; path=/\r\nSet-Cookie: c=d\r\n"
    + b'ETag: W/"1-x"\r\nVary: Accept-Encoding\r\nX-Empty:\r\n\r\n'
    + CHUNKS,
    "that is a refusal": b"HTTP/1.1 429 Too Many Requests\r\n" + LENGTH + b"Retry-After: 30\r\n\r\n" + BODY,
    "without a reason": b"HTTP/1.1 200 \r\n" + LENGTH + b"\r\n" + BODY,
    "without even a space": b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n" + BODY,
    "of old": b"HTTP/1.0 200 OK\r\n" + LENGTH + b"\r\n" + BODY,
    "of old, kept open": b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + LENGTH + b"\r\n" + BODY,
    "of the future": b"HTTP/2 200 OK\r\n" + LENGTH + b"\r\n" + BODY,
    "after another": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + LENGTH + b"\r\n" + BODY,
    "without a body": b"HTTP/1.1 204 No Content\r\n" + LENGTH + b"\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\n" + LENGTH + b"\r\n",
    "that closes": OK + LENGTH + b"Connection: Close\r\n\r\n" + BODY,
    "that ends with the connection": OK + b"Content-Type: text/html\r\n\r\n" + BODY,
    "without headers": OK + b"\r\n" + BODY,
    "with a length and chunks": OK + LENGTH + CHUNKED + b"\r\n" + CHUNKS,
    "with two lengths": OK + LENGTH + b"Content-Length: 3\r\n\r\n" + BODY,
    "with a length that is none": OK + b"Content-Length: fifteen\r\n\r\n" + BODY,
    "with a negative length": OK + b"Content-Length: -15\r\n\r\n" + BODY,
    "with a signed length": OK + b"Content-Length: +15\r\n\r\n" + BODY,
    "with a length and spaces": OK + b"Content-Length:  15 \r\n\r\n" + BODY,
    "in chunks, loudly": OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n" + CHUNKS,
    "packed and in chunks": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + BODY,
    "with a folded header": OK + b"X-A: b\r\n c\r\n" + LENGTH + b"\r\n" + BODY,
    "with foreign letters": OK + "X-A: ü\r\n".encode() + LENGTH + b"\r\n" + BODY,
    "with bare newlines": b"HTTP/1.1 200 OK\nContent-Length: 15\n\n" + BODY,
    "with a line that is no header": OK + b"nonsense\r\n" + LENGTH + b"\r\n" + BODY,
    "with a space before the colon": OK + b"Content-Length : 15\r\n\r\n" + BODY,
    "with as many headers as are allowed": OK + LENGTH + b"X-A: b\r\n" * 98 + b"\r\n" + BODY,
    "with one header too many": OK + LENGTH + b"X-A: b\r\n" * 100 + b"\r\n" + BODY,
    "with a head longer than a look": OK + LENGTH + b"X-A: " + b"b" * 9000 + b"\r\n\r\n" + BODY,
    "with too long a line": OK + LENGTH + b"X-A: " + b"b" * 70000 + b"\r\n\r\n" + BODY,
    "that is not HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "that is absent": b"",
    "cut in its head": OK + b"Content-Le",
    "cut in its body": OK + LENGTH + b"\r\n" + BODY[:5],
}

IN_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
PACKED = gzip.compress(b'{"records":1}')
CODED = {
    "in many chunks": IN_CHUNKS + b'\r\n1\r\n{\r\nB\r\n"records":1\r\n1\r\n}\r\n0\r\n\r\n',
    "in a chunk that tells more": IN_CHUNKS + b"\r\n2;a=b\r\n{}\r\n0\r\n\r\n",
    "in chunks with headers behind": IN_CHUNKS + b"\r\n2\r\n{}\r\n0\r\nX-A: b\r\nX-C: d\r\n\r\n",
    "in chunks without an end": IN_CHUNKS + b"\r\n2\r\n{}\r\n0\r\n",
    "in no chunk": IN_CHUNKS + b"\r\n0\r\n\r\n",
    "in chunks of no size": IN_CHUNKS + b"\r\nx\r\n{}\r\n0\r\n\r\n",
    "in a chunk that is too long": IN_CHUNKS + b"\r\n2\r\n{}}}}\r\n0\r\n\r\n",
    "in a chunk that is too short": IN_CHUNKS + b"\r\n9\r\n{}\r\n0\r\n\r\n",
    "cut in a chunk": IN_CHUNKS + b"\r\n9\r\n{}",
    "cut between chunks": IN_CHUNKS + b"\r\n2\r\n{}\r\n",
    "packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED)
    + PACKED,
    "packed and in a chunk": IN_CHUNKS
    + b"Content-Encoding: gzip\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(PACKED), PACKED),
    "packed in parts": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    % (2 * len(PACKED))
    + PACKED * 2,
    "badly packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "packed as nobody knows": b"HTTP/1.1 200 OK\r\nContent-Encoding: zoo\r\nContent-Length: 2\r\n\r\n{}",
}
