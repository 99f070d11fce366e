"""Who asks, and what they may not."""

from app.api.problem_codes.code import code

ACCESS = {
    "missing_key": code(
        401,
        ("A key is needed", "Diperlukan kunci"),
        ("Send Authorization: Bearer with a key.", "Kirim Authorization: Bearer dengan sebuah kunci."),
    ),
    "invalid_key": code(
        401,
        ("The key is not known", "Kunci tidak dikenal"),
        ("Check that it was copied whole, and for this service.", "Pastikan kunci tersalin utuh dan untuk layanan ini."),
    ),
    "key_revoked": code(
        401,
        ("The key was revoked", "Kunci telah dicabut"),
        ("Ask an administrator for another one.", "Minta kunci lain kepada administrator."),
    ),
    "key_expired": code(
        401,
        ("The key has expired", "Kunci telah kedaluwarsa"),
        ("Ask an administrator for another one.", "Minta kunci lain kepada administrator."),
    ),
    "invalid_token": code(
        401,
        ("The token opens nothing here", "Token tidak berlaku di sini"),
        (
            "The detail says what is wrong with it. Sign in again at the workspace's identity provider.",
            "Rincian menyebut apa yang salah. Masuk lagi lewat penyedia identitas ruang kerja ini.",
        ),
    ),
    "token_expired": code(
        401,
        ("The token has expired", "Token telah kedaluwarsa"),
        ("Sign in again at the identity provider.", "Masuk lagi lewat penyedia identitas."),
    ),
    "no_role": code(
        403,
        ("You have no role in this workspace", "Anda tidak memiliki peran di ruang kerja ini"),
        (
            "Ask an administrator to give a role to a group of yours, or to name you as an agent.",
            "Minta administrator memberi peran kepada kelompok Anda, atau mendaftarkan Anda sebagai agen.",
        ),
    ),
    "invalid_code": code(
        401,
        ("The code opens nothing", "Kode tidak membuka apa pun"),
        (
            "A code is good once, for ten minutes. Ask for another one: giliran login-link.",
            "Kode hanya berlaku sekali selama sepuluh menit. Minta kode lain: giliran login-link.",
        ),
    ),
    "missing_scope": code(
        403,
        ("The key may not do this", "Kunci tidak berhak melakukan ini"),
        ("scope names what is missing. Use a key of another role.", "scope menyebut yang kurang. Pakai kunci dengan peran lain."),
    ),
    "exceeds_own_rights": code(
        403,
        ("A key gives away nothing it has not itself", "Kunci tidak dapat memberi hak yang tidak dimilikinya"),
        (
            "scopes names what yours has not. Narrow the new key, end it earlier, or use a mightier one.",
            "scopes menyebut yang tidak dimiliki kunci Anda. Persempit kunci baru, akhiri lebih awal, atau pakai kunci yang lebih kuat.",
        ),
    ),
    "wrong_workspace": code(
        403,
        ("The key belongs to another workspace", "Kunci milik ruang kerja lain"),
        (
            "Leave Giliran-Workspace away, or use that workspace's key.",
            "Hapus Giliran-Workspace, atau pakai kunci ruang kerja itu.",
        ),
    ),
    "field_forbidden": code(
        403,
        ("A field is not yours to set", "Sebuah kolom tidak boleh Anda isi"),
        ("Leave out what errors points at.", "Hapus yang ditunjuk errors."),
    ),
    "not_your_ticket": code(
        403,
        ("It belongs to another agent", "Milik agen lain"),
        ("An agent works on tickets and offers of their own.", "Agen hanya mengerjakan tiket dan tawaran miliknya."),
    ),
    "too_many_requests": code(
        429,
        ("Too many requests", "Terlalu banyak permintaan"),
        ("Wait as long as Retry-After says.", "Tunggu selama yang disebut Retry-After."),
    ),
    "too_many_streams": code(
        429,
        ("Too many requests that wait for events", "Terlalu banyak permintaan yang menunggu peristiwa"),
        (
            "limit says how many may wait with one key. Close some, or use one reader for all you need.",
            "limit menyebut jumlah yang boleh menunggu dengan satu kunci. Tutup sebagian, atau pakai satu pembaca untuk semuanya.",
        ),
    ),
}
