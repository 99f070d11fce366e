"""What exists, what stands in the way, and what is our own trouble."""

from app.api.problem_codes.code import Code, code

_NOUNS = {
    "agent": ("agent", "Agen"),
    "audit_entry": ("audit entry", "Entri audit"),
    "assignment": ("assignment", "Penugasan"),
    "candidate": ("candidate", "Kandidat"),
    "configuration": ("configuration", "Konfigurasi"),
    "customer": ("customer", "Pelanggan"),
    "decision": ("decision", "Keputusan"),
    "event": ("event", "Peristiwa"),
    "key": ("key", "Kunci"),
    "message": ("message", "Pesan"),
    "offer": ("offer", "Tawaran"),
    "queue": ("queue", "Antrean"),
    "routing_policy": ("routing policy", "Kebijakan perutean"),
    "rule": ("rule", "Aturan"),
    "skill": ("skill", "Keahlian"),
    "sla_policy": ("SLA policy", "Kebijakan SLA"),
    "team": ("team", "Tim"),
    "ticket": ("ticket", "Tiket"),
    "workspace": ("workspace", "Ruang kerja"),
}


def _not_found(noun: str, english: str, indonesian: str) -> dict[str, Code]:
    title = (f"There is no such {english}", f"{indonesian} tidak ditemukan")
    advice = (
        "Check the id or name, and whose workspace the key is of.",
        "Periksa id atau namanya, dan ruang kerja pemilik kunci.",
    )
    return {f"{noun}_not_found": code(404, title, advice)}


MISSING = {name: one for noun, words in _NOUNS.items() for name, one in _not_found(noun, *words).items()}

STATE = {
    "conflict": code(
        409,
        ("The present state says no", "Keadaan sekarang tidak mengizinkan"),
        ("The detail says what is so now.", "Rincian menyebut keadaan sekarang."),
    ),
    "key_is_revoked": code(
        409,
        ("The key was revoked", "Kunci telah dicabut"),
        ("It stays as it is. Make another one.", "Kunci itu tetap begitu. Buat kunci lain."),
    ),
    "key_is_session": code(
        409,
        ("A session is not changed", "Sesi tidak dapat diubah"),
        ("It ends by itself; revoke it, or make a key.", "Sesi berakhir sendiri; cabut, atau buat kunci."),
    ),
    "last_admin_key": code(
        409,
        ("It is the last key that can make keys", "Ini kunci terakhir yang dapat membuat kunci"),
        (
            "Make another key of the role admin first; giliran keys on the command line can always.",
            "Buat dahulu kunci lain dengan peran admin; giliran keys di baris perintah selalu bisa.",
        ),
    ),
    "ticket_wrong_state": code(
        409,
        ("The ticket's status does not allow this", "Status tiket tidak mengizinkan ini"),
        ("ticket_status says where it stands now.", "ticket_status menyebut status sekarang."),
    ),
    "ticket_already_assigned": code(
        409,
        ("Somebody else owns the ticket", "Tiket sudah dimiliki orang lain"),
        ("agent_id names the owner. A supervisor may use force.", "agent_id menyebut pemiliknya. Penyelia boleh memakai force."),
    ),
    "agent_at_capacity": code(
        409,
        ("The agent has no room for it", "Agen tidak punya kapasitas lagi"),
        ("Choose another agent, or use force.", "Pilih agen lain, atau pakai force."),
    ),
    "agent_not_eligible": code(
        409,
        ("The agent may not take the ticket", "Agen tidak boleh mengambil tiket ini"),
        (
            "reason names the filter that says no, as decisions do. Change what it is about, or assign it by hand.",
            "reason menyebut penyaring yang menolak, seperti pada keputusan. Ubah penyebabnya, atau tugaskan secara manual.",
        ),
    ),
    "agent_unavailable": code(
        409,
        ("The agent takes no work now", "Agen sedang tidak menerima pekerjaan"),
        ("Choose another agent, or use force.", "Pilih agen lain, atau pakai force."),
    ),
    "reply_in_progress": code(
        409,
        ("Somebody else is answering", "Orang lain sedang menjawab"),
        (
            "agent names who, until_at until when. Wait, or ask them; a supervisor may end the mark.",
            "agent menyebut siapa, until_at sampai kapan. Tunggu, atau tanyakan; penyelia boleh mengakhiri tandanya.",
        ),
    ),
    "offer_expired": code(
        409,
        ("The offer is no longer open", "Tawaran sudah tidak terbuka"),
        ("Read /v1/me for what is offered now.", "Baca /v1/me untuk tawaran yang berlaku."),
    ),
    "not_a_sandbox": code(
        409,
        ("This workspace is not a sandbox", "Ruang kerja ini bukan sandbox"),
        ("Only the clock of a sandbox can be moved.", "Hanya jam sandbox yang dapat dimajukan."),
    ),
    "no_queue": code(
        409,
        ("There is no queue yet", "Belum ada antrean"),
        ("Apply a configuration first: PUT /v1/configuration.", "Terapkan konfigurasi dahulu: PUT /v1/configuration."),
    ),
    "already_exists": code(
        409,
        ("The name is taken", "Nama sudah dipakai"),
        ("Choose another name, or change the object whose id is given.", "Pilih nama lain, atau ubah objek yang id-nya disebut."),
    ),
    "in_use": code(
        409,
        ("It is still used", "Masih dipakai"),
        (
            "used_by lists who uses it; change them first. used_by_count counts all of them.",
            "used_by memuat pemakainya; ubah dahulu. used_by_count menghitung semuanya.",
        ),
    ),
    "nothing_to_undo": code(
        409,
        ("There is no change to take back", "Tidak ada perubahan yang dapat dibatalkan"),
        ("It was never changed since it was made; delete it instead.", "Objek ini belum pernah diubah; hapus saja bila perlu."),
    ),
    "skill_in_use": code(
        409,
        ("A skill that would go is required by open tickets", "Keahlian yang akan dihapus masih diminta tiket terbuka"),
        ("Resolve or change them first; skills counts them.", "Selesaikan atau ubah dahulu; skills memuat jumlahnya."),
    ),
    "queue_draining": code(
        409,
        ("The queue takes nothing in", "Antrean tidak menerima tiket"),
        ("Choose another queue, or resume it.", "Pilih antrean lain, atau lanjutkan antrean itu."),
    ),
    "queue_cannot_drain": code(
        409,
        ("The queue cannot be drained", "Antrean tidak dapat dikuras"),
        ("Make another queue the default first, or pause it.", "Jadikan antrean lain bawaan dahulu, atau jeda antrean ini."),
    ),
    "queue_in_use": code(
        409,
        ("A queue that would go has open tickets", "Antrean yang akan dihapus masih berisi tiket"),
        ("Resolve or move them first; queues counts them.", "Selesaikan atau pindahkan dahulu; queues memuat jumlahnya."),
    ),
    "team_in_use": code(
        409,
        ("A team that would go has open tickets", "Tim yang akan dihapus masih memiliki tiket terbuka"),
        ("Resolve or move them first; teams counts them.", "Selesaikan atau pindahkan dahulu; teams memuat jumlahnya."),
    ),
    "customer_merged": code(
        409,
        ("The customer was merged into another one", "Pelanggan telah digabung ke pelanggan lain"),
        ("merged_into_id names who stands for them now.", "merged_into_id menyebut siapa yang kini mewakilinya."),
    ),
    "customer_in_use": code(
        409,
        ("Tickets or other customers refer to the customer", "Pelanggan masih dirujuk tiket atau pelanggan lain"),
        (
            "tickets and merged count them. A customer who has tickets stays.",
            "tickets dan merged memuat jumlahnya. Pelanggan yang memiliki tiket tetap ada.",
        ),
    ),
    "external_id_taken": code(
        409,
        ("Another customer has this external id", "External id ini milik pelanggan lain"),
        (
            "customer_id names them. If both are one person, merge them.",
            "customer_id menyebutnya. Jika keduanya orang yang sama, gabungkan.",
        ),
    ),
    "too_much_to_merge": code(
        409,
        ("That is more than one merge can move", "Terlalu banyak untuk satu penggabungan"),
        ("The detail says what there is too much of.", "Rincian menyebut apa yang terlalu banyak."),
    ),
    "events_expired": code(
        410,
        ("Events that old are not kept", "Peristiwa setua itu tidak disimpan lagi"),
        ("Read the lists again, then follow from oldest_seq.", "Baca ulang daftarnya, lalu ikuti dari oldest_seq."),
    ),
    "cursor_expired": code(
        410,
        ("The cursor is of a time before a restore", "Kursor berasal dari masa sebelum pemulihan"),
        ("Start the list again without it.", "Mulai ulang daftarnya tanpa kursor itu."),
    ),
    "version_mismatch": code(
        412,
        ("It has changed since you read it", "Isinya berubah sejak Anda baca"),
        (
            "Read it again and repeat the change; version is the present one.",
            "Baca ulang lalu ulangi perubahan; version adalah yang terkini.",
        ),
    ),
    "configuration_changed": code(
        412,
        ("The configuration has changed meanwhile", "Konfigurasi telah berubah"),
        ("Send the request again.", "Kirim ulang permintaan."),
    ),
}

OURS = {
    "internal_error": code(
        500,
        ("Something went wrong here", "Terjadi kesalahan pada layanan"),
        (
            "It was written down under the request id. Try again later.",
            "Kesalahan dicatat dengan id permintaan. Coba lagi nanti.",
        ),
    ),
    "overloaded": code(
        503,
        ("Too much is going on just now", "Layanan sedang sangat sibuk"),
        (
            "Nothing was changed. Try again after Retry-After seconds.",
            "Tidak ada yang berubah. Coba lagi setelah Retry-After detik.",
        ),
    ),
    "database_unavailable": code(
        503,
        ("The database does not answer", "Basis data tidak menjawab"),
        (
            "Try again after Retry-After seconds, with the same Idempotency-Key.",
            "Coba lagi setelah Retry-After detik, dengan Idempotency-Key yang sama.",
        ),
    ),
    "identity_provider_unavailable": code(
        503,
        ("The identity provider does not answer", "Penyedia identitas tidak menjawab"),
        (
            "Try again after Retry-After seconds, or use a key.",
            "Coba lagi setelah Retry-After detik, atau pakai kunci.",
        ),
    ),
    "worker_away": code(
        503,
        ("The worker has not done it yet", "Pekerja belum menyelesaikannya"),
        ("Try again after Retry-After seconds.", "Coba lagi setelah Retry-After detik."),
    ),
    "deadline_exceeded": code(
        503,
        ("It was not done in time", "Permintaan tidak selesai pada waktunya"),
        (
            "Try again after Retry-After seconds, with the same Idempotency-Key.",
            "Coba lagi setelah Retry-After detik, dengan Idempotency-Key yang sama.",
        ),
    ),
    "not_ready": code(
        503,
        ("The service is not ready", "Layanan belum siap"),
        ("The detail says what it waits for.", "Rincian menyebut apa yang ditunggu."),
    ),
}
