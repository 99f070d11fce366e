"""What can be wrong with a request itself."""

from app.api.problem_codes.code import code

REQUEST = {
    "malformed_request": code(
        400,
        ("The request cannot be understood", "Permintaan tidak dapat dipahami"),
        ("Read the detail and mend the request.", "Baca rinciannya dan perbaiki permintaan."),
    ),
    "malformed_json": code(
        400,
        ("The body is not JSON", "Isi permintaan bukan JSON"),
        (
            "Send one JSON document in UTF-8, each name once in its object, without NaN or Infinity.",
            "Kirim satu dokumen JSON dalam UTF-8, setiap nama satu kali dalam objeknya, tanpa NaN atau Infinity.",
        ),
    ),
    "invalid_header": code(
        400,
        ("A header cannot be understood", "Sebuah header tidak dapat dipahami"),
        ("The detail names the header and its form.", "Rincian menyebut header itu dan bentuknya."),
    ),
    "invalid_parameter": code(
        400,
        ("A parameter cannot be understood", "Sebuah parameter tidak dapat dipahami"),
        (
            "parameter names it, allowed says what may stand there.",
            "parameter menyebut namanya, allowed menyebut isi yang boleh.",
        ),
    ),
    "unknown_parameter": code(
        400,
        ("A parameter is not known", "Sebuah parameter tidak dikenal"),
        ("Check the spelling; allowed lists what is known here.", "Periksa ejaannya; allowed memuat yang dikenal di sini."),
    ),
    "cursor_mismatch": code(
        400,
        ("The cursor belongs to another list", "Kursor milik daftar lain"),
        (
            "A cursor goes with the filters and the order it was made with. Start again without one.",
            "Kursor hanya berlaku untuk filter dan urutan asalnya. Mulai lagi tanpa kursor.",
        ),
    ),
    "not_found": code(
        404,
        ("There is nothing here", "Tidak ada apa pun di sini"),
        ("Check the address against /docs.", "Periksa alamatnya di /docs."),
    ),
    "method_not_allowed": code(
        405,
        ("This address does not take this method", "Alamat ini tidak menerima metode ini"),
        ("The header Allow lists the methods.", "Header Allow memuat metode yang diterima."),
    ),
    "request_timeout": code(
        408,
        ("The body did not arrive in time", "Isi permintaan tidak tiba pada waktunya"),
        ("Send the request again.", "Kirim ulang permintaan."),
    ),
    "body_too_large": code(
        413,
        ("The body is too large", "Isi permintaan terlalu besar"),
        ("Split it; limit says how many bytes may come.", "Bagi isinya; limit menyebut jumlah bita yang boleh."),
    ),
    "address_too_long": code(
        414,
        ("The address is too long", "Alamat terlalu panjang"),
        (
            "Look things up with POST …/search, or fetch fewer at once.",
            "Cari dengan POST …/search, atau ambil lebih sedikit sekaligus.",
        ),
    ),
    "head_too_large": code(
        431,
        ("The head is too large", "Kepala permintaan terlalu besar"),
        ("Send fewer or shorter headers.", "Kirim header yang lebih sedikit atau lebih pendek."),
    ),
    "unsupported_media_type": code(
        415,
        ("The body is of a type that is not read", "Jenis isi permintaan tidak dibaca"),
        ("Send Content-Type: application/json.", "Kirim Content-Type: application/json."),
    ),
    "invalid_body": code(
        422,
        ("The body has mistakes", "Isi permintaan mengandung kesalahan"),
        (
            "Each entry of errors has a JSON pointer to the place and says what is expected there.",
            "Setiap butir errors memuat penunjuk JSON ke tempatnya dan menyebut apa yang diharapkan di sana.",
        ),
    ),
    "unknown_reference": code(
        422,
        ("A name is not in the configuration", "Sebuah nama tidak ada dalam konfigurasi"),
        ("errors points at it and lists the names that exist.", "errors menunjuk tempatnya dan memuat nama yang ada."),
    ),
    "invalid_configuration": code(
        422,
        ("The configuration has mistakes", "Konfigurasi mengandung kesalahan"),
        ("Nothing was applied. errors points at each mistake.", "Tidak ada yang diterapkan. errors menunjuk setiap kesalahan."),
    ),
    "too_many_items": code(
        422,
        ("Too many items in one call", "Terlalu banyak butir dalam satu panggilan"),
        ("Split the call.", "Bagi panggilannya."),
    ),
    "idempotency_key_reused": code(
        422,
        ("The idempotency key was used for something else", "Kunci idempotensi sudah dipakai untuk hal lain"),
        ("Use a new key for each thing you do.", "Pakai kunci baru untuk setiap tindakan."),
    ),
    "precondition_required": code(
        428,
        ("Say which version you replace", "Sebutkan versi yang Anda ganti"),
        ("Read it, then send its ETag back as If-Match.", "Baca dahulu, lalu kirim ETag-nya sebagai If-Match."),
    ),
}
