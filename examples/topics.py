"""What the masked categories stand for in this demo: invented, because the source hides their names.

A ticket's words are made from these, so that no word of a real customer is here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`title` is the skill's name for people; the others are subject lines in English and Indonesian."""

    title: str
    english: str
    indonesian: str


OTHER = Topic("Anything else", "Something does not work", "Ada yang tidak berfungsi")

TOPICS = {
    "cat-7": Topic("Video calls", "No sound in video calls", "Tidak ada suara saat panggilan video"),
    "cat-8": Topic("Backups", "A deleted file is needed again", "Berkas yang terhapus dibutuhkan lagi"),
    "cat-9": Topic("Printers", "The printer prints nothing", "Printer tidak mau mencetak"),
    "cat-13": Topic("Telephones", "The desk telephone is dead", "Telepon meja mati"),
    "cat-17": Topic("Certificates", "The browser warns of a certificate", "Peramban memperingatkan soal sertifikat"),
    "cat-19": Topic("Warehouse scanners", "The hand scanner does not read", "Pemindai gudang tidak membaca"),
    "cat-20": Topic("Laptops", "The laptop does not start", "Laptop tidak menyala"),
    "cat-22": Topic("Shared folders", "A shared folder has gone", "Folder bersama hilang"),
    "cat-23": Topic("E-mail", "E-mail does not arrive", "Surel tidak masuk"),
    "cat-24": Topic("Docking stations", "The screens stay dark on the dock", "Layar gelap saat memakai dok"),
    "cat-26": Topic("Passwords and accounts", "The account is locked", "Akun terkunci"),
    "cat-28": Topic("Building access", "The badge does not open the door", "Kartu tidak membuka pintu"),
    "cat-30": Topic("Cash registers", "The register does not close the day", "Mesin kasir gagal tutup hari"),
    "cat-32": Topic("Office programs", "A spreadsheet does not open", "Lembar kerja tidak bisa dibuka"),
    "cat-34": Topic("Mobile phones", "The phone does not sync", "Ponsel tidak sinkron"),
    "cat-35": Topic("Reports", "Last month's report is empty", "Laporan bulan lalu kosong"),
    "cat-37": Topic("Network", "The network is very slow", "Jaringan sangat lambat"),
    "cat-38": Topic("Labels", "Labels come out shifted", "Label tercetak bergeser"),
    "cat-40": Topic("Sign-on to the portal", "The portal refuses the sign-on", "Portal menolak login"),
    "cat-42": Topic("Order entry", "An order cannot be saved", "Pesanan tidak bisa disimpan"),
    "cat-43": Topic("Payroll", "The pay slip is missing", "Slip gaji tidak ada"),
    "cat-44": Topic("Web browser", "Pages stay blank", "Halaman tetap kosong"),
    "cat-45": Topic("Business system", "The business system shows an error code", "Sistem bisnis menampilkan kode error"),
    "cat-46": Topic("Remote access", "No connection from home", "Tidak bisa tersambung dari rumah"),
    "cat-47": Topic("Calendars", "A meeting room is booked twice", "Ruang rapat terpesan dua kali"),
    "cat-51": Topic("Servers", "A server does not answer", "Server tidak merespons"),
    "cat-53": Topic("Computers", "The computer is very slow", "Komputer sangat lambat"),
    "cat-55": Topic("Wireless network", "The wireless network drops", "Wi-Fi sering putus"),
    "cat-56": Topic("Scanning to mail", "Scans do not arrive", "Hasil pindai tidak terkirim"),
    "cat-57": Topic("Databases", "A query never ends", "Kueri tidak pernah selesai"),
    "cat-61": Topic("Monitors", "The screen flickers", "Layar berkedip"),
    "cat-62": Topic("Keyboards and mice", "The mouse has stopped", "Tetikus tidak bergerak"),
    "cat-63": Topic("Security", "A message looks like a fraud", "Ada pesan yang mencurigakan"),
}


def topic(category: str) -> Topic:
    return TOPICS.get(category, OTHER)
