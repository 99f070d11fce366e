"""Every code a problem can have: its status, and what people read in English and Indonesian. Served at /problems/<code>.

A code never changes; the words may. `advice` says what to do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "id")


@dataclass(frozen=True, slots=True)
class Code:
    status: int
    title: Mapping[str, str]
    advice: Mapping[str, str]


def _code(status: int, title: tuple[str, str], advice: tuple[str, str]) -> Code:
    return Code(status, dict(zip(LANGUAGES, title, strict=True)), dict(zip(LANGUAGES, advice, strict=True)))


REQUEST = {
    "malformed_request": _code(
        400,
        ("The request cannot be understood", "Permintaan tidak dapat dipahami"),
        ("Read the detail and mend the request.", "Baca rinciannya dan perbaiki permintaan."),
    ),
    "malformed_json": _code(
        400,
        ("The body is not JSON", "Isi permintaan bukan JSON"),
        (
            "Send one JSON document in UTF-8, each name once in its object, without NaN or Infinity.",
            "Kirim satu dokumen JSON dalam UTF-8, setiap nama satu kali dalam objeknya, tanpa NaN atau Infinity.",
        ),
    ),
    "invalid_header": _code(
        400,
        ("A header cannot be understood", "Sebuah header tidak dapat dipahami"),
        ("The detail names the header and its form.", "Rincian menyebut header itu dan bentuknya."),
    ),
    "invalid_parameter": _code(
        400,
        ("A parameter cannot be understood", "Sebuah parameter tidak dapat dipahami"),
        ("parameter names it, allowed says what may stand there.", "parameter menyebut namanya, allowed menyebut isi yang boleh."),
    ),
    "unknown_parameter": _code(
        400,
        ("A parameter is not known", "Sebuah parameter tidak dikenal"),
        ("Check the spelling; allowed lists what is known here.", "Periksa ejaannya; allowed memuat yang dikenal di sini."),
    ),
    "cursor_mismatch": _code(
        400,
        ("The cursor belongs to another list", "Kursor milik daftar lain"),
        (
            "A cursor goes with the filters and the order it was made with. Start again without one.",
            "Kursor hanya berlaku untuk filter dan urutan asalnya. Mulai lagi tanpa kursor.",
        ),
    ),
    "not_found": _code(
        404,
        ("There is nothing here", "Tidak ada apa pun di sini"),
        ("Check the address against /docs.", "Periksa alamatnya di /docs."),
    ),
    "method_not_allowed": _code(
        405,
        ("This address does not take this method", "Alamat ini tidak menerima metode ini"),
        ("The header Allow lists the methods.", "Header Allow memuat metode yang diterima."),
    ),
    "request_timeout": _code(
        408,
        ("The body did not arrive in time", "Isi permintaan tidak tiba pada waktunya"),
        ("Send the request again.", "Kirim ulang permintaan."),
    ),
    "body_too_large": _code(
        413,
        ("The body is too large", "Isi permintaan terlalu besar"),
        ("Split it; limit says how many bytes may come.", "Bagi isinya; limit menyebut jumlah bita yang boleh."),
    ),
    "unsupported_media_type": _code(
        415,
        ("The body is of a type that is not read", "Jenis isi permintaan tidak dibaca"),
        ("Send Content-Type: application/json.", "Kirim Content-Type: application/json."),
    ),
    "invalid_body": _code(
        422,
        ("The body has mistakes", "Isi permintaan mengandung kesalahan"),
        (
            "Each entry of errors has a JSON pointer to the place and says what is expected there.",
            "Setiap butir errors memuat penunjuk JSON ke tempatnya dan menyebut apa yang diharapkan di sana.",
        ),
    ),
    "unknown_reference": _code(
        422,
        ("A name is not in the configuration", "Sebuah nama tidak ada dalam konfigurasi"),
        ("errors points at it and lists the names that exist.", "errors menunjuk tempatnya dan memuat nama yang ada."),
    ),
    "invalid_configuration": _code(
        422,
        ("The configuration has mistakes", "Konfigurasi mengandung kesalahan"),
        ("Nothing was applied. errors points at each mistake.", "Tidak ada yang diterapkan. errors menunjuk setiap kesalahan."),
    ),
    "too_many_items": _code(
        422,
        ("Too many items in one call", "Terlalu banyak butir dalam satu panggilan"),
        ("Split the call.", "Bagi panggilannya."),
    ),
    "idempotency_key_reused": _code(
        422,
        ("The idempotency key was used for something else", "Kunci idempotensi sudah dipakai untuk hal lain"),
        ("Use a new key for each thing you do.", "Pakai kunci baru untuk setiap tindakan."),
    ),
    "precondition_required": _code(
        428,
        ("Say which version you replace", "Sebutkan versi yang Anda ganti"),
        ("Read it, then send its ETag back as If-Match.", "Baca dahulu, lalu kirim ETag-nya sebagai If-Match."),
    ),
}

ACCESS = {
    "missing_key": _code(
        401,
        ("A key is needed", "Diperlukan kunci"),
        ("Send Authorization: Bearer with a key.", "Kirim Authorization: Bearer dengan sebuah kunci."),
    ),
    "invalid_key": _code(
        401,
        ("The key is not known", "Kunci tidak dikenal"),
        ("Check that it was copied whole, and for this service.", "Pastikan kunci tersalin utuh dan untuk layanan ini."),
    ),
    "key_revoked": _code(
        401,
        ("The key was revoked", "Kunci telah dicabut"),
        ("Ask an administrator for another one.", "Minta kunci lain kepada administrator."),
    ),
    "key_expired": _code(
        401,
        ("The key has expired", "Kunci telah kedaluwarsa"),
        ("Ask an administrator for another one.", "Minta kunci lain kepada administrator."),
    ),
    "missing_scope": _code(
        403,
        ("The key may not do this", "Kunci tidak berhak melakukan ini"),
        ("scope names what is missing. Use a key of another role.", "scope menyebut yang kurang. Pakai kunci dengan peran lain."),
    ),
    "wrong_workspace": _code(
        403,
        ("The key belongs to another workspace", "Kunci milik ruang kerja lain"),
        ("Leave Giliran-Workspace away, or use that workspace's key.", "Hapus Giliran-Workspace, atau pakai kunci ruang kerja itu."),
    ),
    "field_forbidden": _code(
        403,
        ("A field is not yours to set", "Sebuah kolom tidak boleh Anda isi"),
        ("Leave out what errors points at.", "Hapus yang ditunjuk errors."),
    ),
    "not_your_ticket": _code(
        403,
        ("It belongs to another agent", "Milik agen lain"),
        ("An agent works on tickets and offers of their own.", "Agen hanya mengerjakan tiket dan tawaran miliknya."),
    ),
    "too_many_requests": _code(
        429,
        ("Too many requests", "Terlalu banyak permintaan"),
        ("Wait as long as Retry-After says.", "Tunggu selama yang disebut Retry-After."),
    ),
}
