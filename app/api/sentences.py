"""What refusals say, in Indonesian: they are made in English where they arise, and said again here, where the language is known.

What stands in braces is taken over as it is, or where it is a sentence of its own, said again as well.
"""

import re
from collections.abc import Mapping

INDONESIAN: Mapping[str, str] = {
    # fields of bodies and parameters
    "This field is required.": "Kolom ini wajib diisi.",
    "There is no such field here.": "Tidak ada kolom seperti ini di sini.",
    "Expected text.": "Seharusnya teks.",
    "Expected at least {} characters.": "Seharusnya paling sedikit {} karakter.",
    "Expected at most {} characters.": "Seharusnya paling banyak {} karakter.",
    "Expected text that matches {}": "Seharusnya teks yang cocok dengan {}",
    "Expected a whole number.": "Seharusnya bilangan bulat.",
    "The number is too large.": "Bilangan terlalu besar.",
    "Expected a number.": "Seharusnya bilangan.",
    "Expected a finite number.": "Seharusnya bilangan berhingga.",
    "Expected true or false.": "Seharusnya true atau false.",
    "Expected null.": "Seharusnya null.",
    "Expected a list.": "Seharusnya daftar.",
    "Expected an object.": "Seharusnya objek.",
    "Expected at least {} items.": "Seharusnya paling sedikit {} butir.",
    "Expected at most {} items.": "Seharusnya paling banyak {} butir.",
    "Expected one of {}.": "Seharusnya salah satu dari {}.",
    "Expected a number above {}.": "Seharusnya bilangan di atas {}.",
    "Expected a number of at least {}.": "Seharusnya bilangan paling kecil {}.",
    "Expected a number below {}.": "Seharusnya bilangan di bawah {}.",
    "Expected a number of at most {}.": "Seharusnya bilangan paling besar {}.",
    "Expected a multiple of {}.": "Seharusnya kelipatan {}.",
    "Expected a time such as {}.": "Seharusnya waktu seperti {}.",
    "Expected a time with its zone, such as {}, of the years 1970 to 9998.":
        "Seharusnya waktu beserta zonanya, seperti {}, dari tahun 1970 sampai 9998.",
    "Expected a time with its zone, such as {}.": "Seharusnya waktu beserta zonanya, seperti {}.",
    "This field is required: it says which kind this is.": "Kolom ini wajib diisi: kolom ini menyebut jenisnya.",
    "Text may hold neither NUL nor half of a surrogate pair.": "Teks tidak boleh memuat NUL atau separuh pasangan surrogate.",
    "A name: {}": "Sebuah nama: {}",
    "A whole number fits in 64 bits.": "Bilangan bulat harus muat dalam 64 bit.",
    "{} may have at most {} bytes.": "{} boleh paling banyak {} bita.",
    "{} is not the id of a {}; such an id starts with {}.": "{} bukan id {}; id seperti itu diawali {}.",
    "{} is not the id of an {}; such an id starts with {}.": "{} bukan id {}; id seperti itu diawali {}.",
    "It is true or false.": "Isinya true atau false.",
    "It may stand once.": "Hanya boleh satu kali.",
    "It holds a NUL.": "Isinya memuat NUL.",
    "There is no such queue.": "Tidak ada antrean seperti itu.",
    "There is no such team.": "Tidak ada tim seperti itu.",
    "No event has such a type.": "Tidak ada peristiwa dengan jenis seperti itu.",
    "Such an id starts with {} and has 26 more characters.": "Id seperti itu diawali {} dan memiliki 26 karakter lagi.",
    "It lies before `to`, by at most {} days.": "Waktunya sebelum `to`, paling lama {} hari.",
    "The parameter {} cannot be understood. {}": "Parameter {} tidak dapat dipahami. {}",
    "The parameter {} is not known here. Known: {}.": "Parameter {} tidak dikenal di sini. Yang dikenal: {}.",
    # bodies and headers
    "The body has one mistake; errors says where.": "Isi permintaan mengandung satu kesalahan; errors menunjuk tempatnya.",
    "The body has {} mistakes; errors says where.": "Isi permintaan mengandung {} kesalahan; errors menunjuk tempatnya.",
    "The body has {} mistakes, too many to list.": "Isi permintaan mengandung {} kesalahan, terlalu banyak untuk didaftar.",
    "The body is not JSON: {}": "Isi permintaan bukan JSON: {}",
    "The body is nested too deep.": "Isi permintaan bersarang terlalu dalam.",
    "An object of the body has the same name twice.": "Sebuah objek dalam isi permintaan memuat nama yang sama dua kali.",
    "The body holds a number that is not finite: JSON has none.": "Isi permintaan memuat bilangan tak berhingga: JSON tidak mengenalnya.",
    "The body holds a whole number with too many digits.": "Isi permintaan memuat bilangan bulat dengan terlalu banyak angka.",
    "The body is not UTF-8: byte {} cannot be read.": "Isi permintaan bukan UTF-8: bita {} tidak terbaca.",
    "The body is larger than the {} bytes that may come here.": "Isi permintaan lebih besar daripada {} bita yang diterima di sini.",
    "Send Content-Type: {}.": "Kirim Content-Type: {}.",
    "{} may be sent once.": "{} hanya boleh dikirim satu kali.",
    'If-Match holds one version as it stood in ETag, in double quotes: "7".':
        'If-Match memuat satu versi seperti dalam ETag, dalam tanda kutip ganda: "7".',
    "Idempotency-Key holds 1 to 255 printable ASCII characters.": "Idempotency-Key memuat 1 sampai 255 karakter ASCII tercetak.",
    "This Idempotency-Key was used for another request. Use a new key for a new request.":
        "Idempotency-Key ini sudah dipakai untuk permintaan lain. Pakai kunci baru untuk permintaan baru.",
    "The cursor was made for another list, other filters or another order. Start again without it.":
        "Kursor dibuat untuk daftar, filter, atau urutan lain. Mulai lagi tanpa kursor.",
    # who asks
    "This needs the scope {}, which the role {} has not for this operation.":
        "Ini memerlukan cakupan {}, yang tidak dimiliki peran {} untuk operasi ini.",
    "This needs the scope {}, which this key was not given.": "Ini memerlukan cakupan {}, yang tidak diberikan kepada kunci ini.",
    "The role {} has no such scope.": "Peran {} tidak memiliki cakupan seperti itu.",
    "Such a key could do more than yours. Narrow it with scopes.":
        "Kunci seperti itu boleh melakukan lebih banyak daripada kunci Anda. Persempit dengan scopes.",
    "Such a key would live longer than yours. Give it an earlier end.":
        "Kunci seperti itu berlaku lebih lama daripada kunci Anda. Beri akhir yang lebih awal.",
    "Nobody could make keys over the API any more: this is the last one of the role admin that can.":
        "Tidak akan ada lagi yang dapat membuat kunci lewat API: ini kunci admin terakhir yang dapat melakukannya.",
    "A session or its code ends by itself. It can be revoked, and not changed.":
        "Sesi atau kodenya berakhir sendiri. Bisa dicabut, tidak bisa diubah.",
    "This code opens nothing: it was used, is older than ten minutes, or was not copied whole. Ask for another one.":
        "Kode ini tidak membuka apa pun: sudah dipakai, lebih lama dari sepuluh menit, atau tidak tersalin utuh. Minta kode lain.",
    "The token has expired. Sign in again.": "Token telah kedaluwarsa. Masuk lagi.",
    "You are known, but nothing you belong to has a role in this workspace. Ask an administrator.":
        "Anda dikenal, tetapi tidak ada kelompok Anda yang memiliki peran di ruang kerja ini. Minta kepada administrator.",
    "With a token say which workspace is meant: Giliran-Workspace: wsp_…":
        "Dengan token, sebutkan ruang kerjanya: Giliran-Workspace: wsp_…",
    "The key was revoked and cannot be changed. Make another one.": "Kunci telah dicabut dan tidak dapat diubah. Buat kunci lain.",
    "A key of the role agent belongs to an agent: name whose it is.": "Kunci dengan peran agen milik seorang agen: sebutkan miliknya siapa.",
    "Only a key of the role agent belongs to an agent.": "Hanya kunci dengan peran agen yang milik seorang agen.",
    "Expected a time in the future.": "Seharusnya waktu di masa depan.",
    "Expected a rate such as 600/minute.": "Seharusnya laju seperti 600/minute.",
    "The key is at version {}, not {}. Read it again.": "Kunci ada pada versi {}, bukan {}. Baca ulang.",
    "This key was revoked. Ask an administrator for another one.": "Kunci ini telah dicabut. Minta kunci lain kepada administrator.",
    "This key has expired. Ask an administrator for another one.":
        "Kunci ini telah kedaluwarsa. Minta kunci lain kepada administrator.",
    "{} is answering, until {} unless it takes longer.": "{} sedang menjawab, sampai {} kecuali diperpanjang.",
    "Somebody was answering just now. Try again.": "Tadi ada yang sedang menjawab. Coba lagi.",
    "An agent's key marks for its own agent.": "Kunci agen hanya menandai untuk agennya sendiri.",
    "Say exactly one of until_at and seconds.": "Sebutkan tepat satu dari until_at dan seconds.",
    "The moment lies ahead, by at most 366 days.": "Waktunya harus di masa depan, paling lama 366 hari lagi.",
    "Say at most one of queue, team and agent_id.": "Sebutkan paling banyak satu dari queue, team, dan agent_id.",
    "The work goes to somebody else.": "Pekerjaan harus diberikan kepada orang lain.",
    "The agent is at version {}, not {}. Read it again.": "Agen ada pada versi {}, bukan {}. Baca ulang.",
    "The queue is being drained and takes nothing in. Choose another, or resume it.":
        "Antrean sedang dikuras dan tidak menerima tiket. Pilih yang lain, atau lanjutkan antrean itu.",
    "New tickets would have nowhere else to go. Make another queue the default first.":
        "Tiket baru tidak punya tujuan lain. Jadikan antrean lain bawaan dahulu.",
    "Say for whom: agent_id.": "Sebutkan untuk siapa: agent_id.",
    "Somebody else owns the ticket.": "Tiket dimiliki orang lain.",
    "An agent takes work only for themselves.": "Agen hanya mengambil pekerjaan untuk dirinya sendiri.",
    "The agent is in none of the teams that may take the ticket.": "Agen tidak termasuk tim yang boleh mengambil tiket ini.",
    "The agent lacks a skill at the level that the ticket needs.": "Agen tidak punya keahlian pada tingkat yang dibutuhkan tiket.",
    "The agent does not speak the ticket's language.": "Agen tidak berbahasa yang dipakai tiket.",
    "The agent does not serve the ticket's area.": "Agen tidak melayani wilayah tiket.",
    "The agent is offline.": "Agen sedang luring.",
    "The agent is away.": "Agen sedang tidak di tempat.",
    "The agent is busy.": "Agen sedang sibuk.",
    "The agent has not enough room.": "Agen tidak punya cukup ruang.",
    "The agent has not enough room on the ticket's channel.": "Agen tidak punya cukup ruang pada saluran tiket.",
    "Say exactly one of queue, team and agent_id.": "Sebutkan tepat satu dari queue, team, dan agent_id.",
    "An agent's key does not overload others.": "Kunci agen tidak membebani agen lain melebihi kapasitasnya.",
    "Only a supervisor gives more than an agent has room for.":
        "Hanya penyelia yang boleh memberi lebih dari kapasitas seorang agen.",
    "An agent's key does not speak for the customer.": "Kunci agen tidak berbicara atas nama pelanggan.",
    "An agent writes to the customer: outbound.": "Agen menulis kepada pelanggan: outbound.",
    "An agent sets only their own presence.": "Agen hanya mengatur kehadirannya sendiri.",
    "The ticket does not belong to you.": "Tiket ini bukan milik Anda.",
    "The offer was made to somebody else.": "Tawaran ini ditujukan kepada orang lain.",
    # what is so now
    "There is nothing at this address.": "Tidak ada apa pun di alamat ini.",
    "There is no such {} in this workspace.": "Tidak ada {} seperti itu di ruang kerja ini.",
    "There is no {} with this id in this workspace.": "Tidak ada {} dengan id ini di ruang kerja ini.",
    "There is no such {}.": "Tidak ada {} seperti itu.",
    "The configuration has no {} here.": "Konfigurasi tidak memiliki {} di sini.",
    "There is no {} named {}.": "Tidak ada {} bernama {}.",
    "{} stands in this list already.": "{} sudah ada dalam daftar ini.",
    "The ticket is {} and cannot be {}.": "Tiket berstatus {} dan tidak dapat menjadi {}.",
    "The ticket is {}: nobody is looked for.": "Tiket berstatus {}: tidak ada agen yang dicari.",
    "The ticket is at version {}, not {}. Read it again.": "Tiket ada pada versi {}, bukan {}. Baca ulang.",
    "The configuration is at version {} now. Read it, then send the change again.":
        "Konfigurasi kini pada versi {}. Baca dahulu, lalu kirim ulang perubahan.",
    "The customer is at version {}, not {}. Read it again.": "Pelanggan ada pada versi {}, bukan {}. Baca ulang.",
    "The customer was merged into another one: merged_into_id names who stands for them now.":
        "Pelanggan telah digabung ke pelanggan lain: merged_into_id menyebut siapa yang kini mewakilinya.",
    "The customer they were merged into was merged as well: unmerge that one first, customer_id names them.":
        "Pelanggan tujuan penggabungan juga telah digabung: pisahkan dahulu yang itu, customer_id menyebutnya.",
    "{}: they cannot be deleted. Erasing a person is another matter.":
        "{}: pelanggan tidak dapat dihapus. Penghapusan data seseorang adalah urusan lain.",
    "{} tickets name the customer and {} others were merged into them":
        "{} tiket menyebut pelanggan ini dan {} pelanggan lain digabung ke dalamnya",
    "{} tickets name the customer": "{} tiket menyebut pelanggan ini",
    "{} others were merged into them": "{} pelanggan lain digabung ke dalamnya",
    "Another customer has this external_id: customer_id names them.": "Pelanggan lain memiliki external_id ini: customer_id menyebutnya.",
    "There is no customer to merge into: check `into`.": "Tidak ada pelanggan tujuan penggabungan: periksa `into`.",
    "A customer cannot be merged into themselves.": "Pelanggan tidak dapat digabung ke dirinya sendiri.",
    "The customer has more than {} tickets, which is more than one merge moves.":
        "Pelanggan memiliki lebih dari {} tiket, melebihi yang dapat dipindahkan satu penggabungan.",
    "Both together would have more than {} contacts. Remove some of them first.":
        "Keduanya bersama akan memiliki lebih dari {} kontak. Hapus dahulu sebagian.",
    "A customer needs at least one field.": "Pelanggan memerlukan paling sedikit satu kolom.",
    "A contact stands here twice.": "Sebuah kontak tercantum dua kali di sini.",
    "At most one contact of a kind is primary.": "Paling banyak satu kontak dari setiap jenis yang utama.",
    "Expected an address such as {}.": "Seharusnya alamat seperti {}.",
    "Expected a number with its country, such as {}.": "Seharusnya nomor beserta kode negaranya, seperti {}.",
    "Expected a name or id without spaces.": "Seharusnya nama atau id tanpa spasi.",
    "Send exactly one of external_id, contact and name.": "Kirim tepat satu dari external_id, contact, dan name.",
    "Somebody else owns the ticket. Use force to take it over.": "Tiket dimiliki orang lain. Pakai force untuk mengambil alih.",
    "The agent holds {} of {} units{}": "Agen memegang {} dari {} unit{}",
    "The offer's time is up.": "Waktu tawaran sudah habis.",
    "The offer was answered, lapsed or withdrawn.": "Tawaran sudah dijawab, lewat waktu, atau ditarik.",
    "The configuration has {}; errors says where. Nothing was applied.":
        "Konfigurasi mengandung {}; errors menunjuk tempatnya. Tidak ada yang diterapkan.",
    "Give either object or remove.": "Isi salah satu: object atau remove.",
    "Say what to try: document or changes.": "Sebutkan apa yang dicoba: document atau changes.",
    "There may be at most {} tickets.": "Paling banyak {} tiket.",
    "The trial took longer than it may. Try it on fewer tickets.":
        "Percobaan memakan waktu terlalu lama. Coba dengan lebih sedikit tiket.",
    "Another trial of this workspace is under way. Try again when it is done.":
        "Percobaan lain di ruang kerja ini sedang berjalan. Coba lagi setelah selesai.",
    "In the {} {}, which stays as it is: {}": "Pada {} {}, yang tetap seperti semula: {}",
    "one mistake": "satu kesalahan",
    "{} mistakes": "{} kesalahan",
    "Tickets are open in queues that would go: {}. Resolve or move them first.":
        "Masih ada tiket terbuka di antrean yang akan dihapus: {}. Selesaikan atau pindahkan dahulu.",
    "Open tickets are for teams that would go: {}. Resolve or move them first.":
        "Masih ada tiket terbuka untuk tim yang akan dihapus: {}. Selesaikan atau pindahkan dahulu.",
    "Open tickets require skills that would go: {}. Resolve or change them first.":
        "Masih ada tiket terbuka yang meminta keahlian yang akan dihapus: {}. Selesaikan atau ubah dahulu.",
    "The name {} is taken: another {} has it.": "Nama {} sudah dipakai {} lain.",
    "The {} is there already, at version {}. Send If-Match to replace it.":
        "{} itu sudah ada, pada versi {}. Kirim If-Match untuk menggantinya.",
    "Without it the configuration has {}; errors says where.": "Tanpa itu konfigurasi mengandung {}; errors menunjuk tempatnya.",
    "Many changes of this workspace are waiting. Nothing was changed.": "Banyak perubahan ruang kerja ini sedang antre. Tidak ada yang berubah.",
    "The {} is at version {}, not {}. Read it again.": "{} ada pada versi {}, bukan {}. Baca ulang.",
    "The {} {} is used by {}. Change them first.": "{} {} dipakai oleh {}. Ubah dahulu.",
    "A supervisor may switch rules on and off: send enabled and nothing else.":
        "Penyelia boleh mengaktifkan dan menonaktifkan aturan: kirim enabled saja.",
    "Only an admin may change it.": "Hanya admin yang boleh mengubahnya.",
    "It is the name in the address; PATCH gives another one.": "Isinya nama yang ada di alamat; PATCH memberi nama lain.",
    "Say one of position, before and after; {} is said already.": "Sebutkan salah satu dari position, before, dan after; {} sudah disebut.",
    "The {} was not changed since it was made.": "{} belum pernah diubah sejak dibuat.",
    "There is no other rule of this name or id.": "Tidak ada aturan lain dengan nama atau id ini.",
    "In the {} {}: {}": "Pada {} {}: {}",
    "The database does not answer. Try again in a moment.": "Basis data tidak menjawab. Coba lagi sebentar lagi.",
    "Something went wrong here. It was written down under the request id.":
        "Terjadi kesalahan pada layanan. Kesalahan dicatat dengan id permintaan.",
    # nouns that stand in the sentences
    "agent": "agen", "customer": "pelanggan", "decision": "keputusan", "offer": "tawaran", "queue": "antrean", "routing policy": "kebijakan perutean",
    "rule": "aturan", "skill": "keahlian", "SLA policy": "kebijakan SLA", "sla policy": "kebijakan SLA", "team": "tim",
    "audit entry": "entri audit", "key": "kunci", "ticket": "tiket", "workspace": "ruang kerja",
}  # fmt: skip

_FORMS = [
    (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), said)
    for english, said in INDONESIAN.items()
    if "{}" in english
]


def in_indonesian(sentence: str) -> str | None:
    """None for a sentence that nobody has put into Indonesian yet."""
    if sentence in INDONESIAN and "{}" not in sentence:
        return INDONESIAN[sentence]
    for form, said in _FORMS:
        found = form.fullmatch(sentence)
        if found is not None:
            return said.format(*(in_indonesian(part) or part for part in found.groups()))
    return None


def detail_in_indonesian(sentence: str, advice: str) -> str:
    """Nothing specific is lost: beside the advice of its code stands an unknown sentence as it is."""
    return in_indonesian(sentence) or f"{advice} ({sentence})"
