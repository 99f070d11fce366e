"""What `giliran init` says and understands, in English and Indonesian."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.vocabulary import Handover, Order, Priority, Strategy
from app.services.configuration.first_file import Comments

Choices = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Questions end without a colon; choices are value → words."""

    hello: str
    company: tuple[str, str]
    teams: tuple[str, str]
    channels: str
    people: str
    zone: str
    capacity: str
    strategy: tuple[str, Choices]
    order: tuple[str, Choices]
    handover: tuple[str, Choices]
    promises: str
    priorities: Choices
    units: Choices  # s, m, h or d by the words for them
    none: str
    mistakes: Mapping[str, str]
    written: str
    following: tuple[str, str]
    stopped: str
    comments: Comments


ENGLISH = Words(
    hello="A few questions; Enter takes what stands in brackets. Ctrl-C stops and writes nothing.",
    company=("Your company", "My company"),
    teams=("Teams, with commas between them", "Support"),
    channels="What comes to {team}: {known}; with commas, empty for all that goes nowhere else",
    people="Who works in {team}: names, with commas between them",
    zone="Time zone in which you work, such as Asia/Jakarta, WIB or Europe/London",
    capacity="How many tickets may one person hold at once",
    strategy=("Who gets the next ticket", {
        Strategy.ROUND_ROBIN: "in turn", Strategy.LEAST_LOAD: "whoever has the most room",
        Strategy.LONGEST_IDLE: "whoever has been idle longest", Strategy.FAIR_SHARE: "whoever has had the smallest share",
    }),
    order=("Which ticket goes first", {
        Order.PRIORITY: "the one that presses most, and none is forgotten", Order.FIFO: "the one waiting longest",
        Order.DEADLINE: "the one whose promise runs out first",
    }),
    handover=("How a ticket is given", {Handover.DIRECT: "at once", Handover.OFFER: "offered, the person accepts"}),
    promises="Promised times, as first answer and resolution: 15m, 4h or 2d; - for no promise.",
    priorities={Priority.URGENT: "urgent", Priority.HIGH: "high", Priority.MEDIUM: "medium", Priority.LOW: "low"},
    units={"s": "s", "m": "m", "min": "m", "h": "h", "d": "d"},
    none="none",
    mistakes={
        "text": "1 to 200 characters, please.", "many": "At most {most}, each once.", "channel": "{word} is no channel.",
        "zone": "{word} is not the name of a time zone. Write a name like Asia/Jakarta or UTC.",
        "number": "A whole number from {least} to {most}, please.", "choice": "Write one of the numbers 1 to {most}.",
        "times": "Two times, such as 15m, 4h; or - for none.", "rising": "Resolution cannot be promised before the first answer.",
        "ends": "A configuration file written by init ends in .yaml or .yml.",
        "exists": "{file} is there already. Write to another, or over it with --force.",
    },
    written="{file} is written: {agents} people, {queues} queues.", following=("See what it would change:", "Put it in force:"),
    stopped="Stopped. Nothing was written.",
    comments=Comments(
        head=("Configuration of {company}, for Giliran.", "See what a change would do: giliran diff. Put it in force: giliran apply."),
        time_zone="Local times in conditions are meant here.",
        default_queue="Where a ticket goes that no rule places.",
        teams="Groups of people who may take the same tickets.",
        routing_policies=("How a queue chooses.", "strategy: round_robin, weighted_round_robin, least_load, longest_idle, fair_share, skill or vip",
                          "order: priority, fifo or deadline; handover: direct or offer"),
        sla_policies=("What is promised for which priority, in seconds; what is left out is not promised.",
                      "A warning comes after 80 percent of the time."),
        queues="Where tickets wait, and whose people may take them.",
        rules=("If a ticket is so, then it goes there. Rules are looked at from top to bottom.",),
        agents=("Who takes tickets. capacity is how many one person holds at once.",
                "name is for programs and never changes; title is what people read."),
    ),
)  # fmt: skip

INDONESIAN = Words(
    hello="Beberapa pertanyaan; Enter memakai yang di dalam kurung. Ctrl-C berhenti tanpa menulis apa pun.",
    company=("Nama perusahaan", "Perusahaan saya"),
    teams=("Tim, dipisahkan koma", "Layanan Pelanggan"),
    channels="Yang masuk ke {team}: {known}; dipisahkan koma, kosong untuk semua yang tidak masuk ke tim lain",
    people="Siapa yang bekerja di {team}: nama, dipisahkan koma",
    zone="Zona waktu kerja, misalnya WIB, WITA, WIT atau Asia/Jakarta",
    capacity="Berapa tiket yang boleh dipegang satu orang sekaligus",
    strategy=("Siapa yang mendapat tiket berikutnya", {
        Strategy.ROUND_ROBIN: "bergiliran", Strategy.LEAST_LOAD: "yang paling longgar",
        Strategy.LONGEST_IDLE: "yang paling lama menganggur", Strategy.FAIR_SHARE: "yang bagiannya paling sedikit",
    }),
    order=("Tiket mana yang didahulukan", {
        Order.PRIORITY: "yang paling mendesak, tanpa ada yang terlupakan", Order.FIFO: "yang paling lama menunggu",
        Order.DEADLINE: "yang janjinya paling cepat habis",
    }),
    handover=("Bagaimana tiket diberikan", {Handover.DIRECT: "langsung", Handover.OFFER: "ditawarkan, orangnya menerima dulu"}),
    promises="Waktu yang dijanjikan, jawaban pertama dan penyelesaian: 15m, 4j atau 2h (menit, jam, hari); - jika tidak ada.",
    priorities={Priority.URGENT: "mendesak", Priority.HIGH: "tinggi", Priority.MEDIUM: "sedang", Priority.LOW: "rendah"},
    units={"detik": "s", "m": "m", "menit": "m", "j": "h", "jam": "h", "h": "d", "hari": "d"},
    none="tidak ada",
    mistakes={
        "text": "Tulis 1 sampai 200 huruf.", "many": "Paling banyak {most}, masing-masing sekali.", "channel": "{word} bukan saluran.",
        "zone": "{word} bukan nama zona waktu. Tulis nama seperti WIB atau Asia/Jakarta.",
        "number": "Tulis bilangan bulat dari {least} sampai {most}.", "choice": "Tulis salah satu angka 1 sampai {most}.",
        "times": "Tulis dua waktu, misalnya 15m, 4j; atau - jika tidak ada.",
        "rising": "Penyelesaian tidak bisa dijanjikan sebelum jawaban pertama.",
        "ends": "Berkas konfigurasi yang ditulis init berakhiran .yaml atau .yml.",
        "exists": "{file} sudah ada. Tulis ke berkas lain, atau timpa dengan --force.",
    },
    written="{file} sudah ditulis: {agents} orang, {queues} antrean.",
    following=("Lihat apa yang akan berubah:", "Berlakukan:"),
    stopped="Berhenti. Tidak ada yang ditulis.",
    comments=Comments(
        head=("Konfigurasi {company} untuk Giliran.", "Lihat akibat sebuah perubahan: giliran diff. Berlakukan: giliran apply."),
        time_zone="Jam setempat dalam syarat dihitung menurut zona ini.",
        default_queue="Ke mana tiket pergi jika tidak ada aturan yang cocok.",
        teams="Kelompok orang yang boleh mengambil tiket yang sama.",
        routing_policies=("Cara antrean memilih.", "strategy: round_robin (bergiliran), weighted_round_robin, least_load (paling longgar),",
                          "longest_idle, fair_share, skill atau vip; order: priority, fifo atau deadline; handover: direct atau offer"),
        sla_policies=("Apa yang dijanjikan untuk tiap prioritas, dalam detik; yang tidak ditulis tidak dijanjikan.",
                      "Peringatan datang setelah 80 persen waktunya."),
        queues="Tempat tiket menunggu, dan tim mana yang boleh mengambilnya.",
        rules=("Jika tiketnya begini, maka masuk ke sana. Aturan dibaca dari atas ke bawah.",),
        agents=("Siapa yang mengambil tiket. capacity adalah jumlah tiket yang dipegang satu orang sekaligus.",
                "name untuk program dan tidak berubah; title yang dibaca orang."),
    ),
)  # fmt: skip

LANGUAGES = {"en": ENGLISH, "id": INDONESIAN}
ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura", "utc": "UTC", "gmt": "UTC"}
HOME = {"en": "UTC", "id": "Asia/Jakarta"}
