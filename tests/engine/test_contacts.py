"""Two spellings of one address or number are one contact."""

import pytest

from app.engine.contacts import MOST_CONTACTS, Contact, from_json, loose_match, match_of, parted, to_json, told, united
from app.engine.ids import CustomerId
from app.engine.vocabulary import ContactKind
from tests.engine.worlds import contact, ident

PHONE, EMAIL, TELEGRAM = ContactKind.PHONE, ContactKind.EMAIL, ContactKind.TELEGRAM
ANI, BUDI = CustomerId(ident("ani")), CustomerId(ident("budi"))


@pytest.mark.parametrize(
    "value",
    [
        "+628115550100", "+62 811-5550-100", "0062 811 5550 100", "(+62) 811.5550.100", "+62 (0) 811/5550100", "\uff0b\uff16\uff12 \uff18\uff11\uff11\uff15\uff15\uff15\uff10\uff11\uff10\uff10",
        "+\u0666\u0662\u0668\u0661\u0661\u0665\u0665\u0665\u0660\u0661\u0660\u0660", "\u202a+62 811 5550 100\u202c", "+62\u00a0811\u20115550\u2011100",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [PHONE, ContactKind.WHATSAPP])
def test_a_number_in_any_writing(value: str, kind: ContactKind) -> None:
    assert match_of(kind, value) == "+628115550100"


@pytest.mark.parametrize(
    "value", ["08115550100", "62 811 5550 100", "+0811555", "+62", "+62811555010012345", "ext 12", "+62 811 5550 1OO", "+", ""]
)
def test_what_is_no_number_with_its_country(value: str) -> None:
    assert match_of(PHONE, value) is None


@pytest.mark.parametrize(
    ("value", "match"),
    [
        ("Dewi@Example.COM", "dewi@example.com"),
        (" dewi@example.com. ", "dewi@example.com"),
        ("dewi+shop@example.com", "dewi+shop@example.com"),
        ("dewi@bücher.example", "dewi@xn--bcher-kva.example"),
        ("dewi@XN--BCHER-KVA.example", "dewi@xn--bcher-kva.example"),
        ("\uff44\uff45\uff57\uff49\uff20example.com", "dewi@example.com"),
    ],
)
def test_an_address_in_any_writing(value: str, match: str) -> None:
    assert match_of(EMAIL, value) == match


@pytest.mark.parametrize(
    "value", ["dewi", "@example.com", "dewi@", "dewi@example", "de wi@example.com", "dewi@-example.com", "dewi@exa mple.com",
              "dewi@example..com", "a@b@example.com", "x" * 10_000 + "@example.com", "dewi@" + "x" * 10_000 + ".com", "Dewi <d@e.com>"]
)  # fmt: skip
def test_what_is_no_address(value: str) -> None:
    assert match_of(EMAIL, value) is None


def test_a_name_on_a_network() -> None:
    assert match_of(TELEGRAM, "@Dewi_L") == match_of(TELEGRAM, "dewi_l") == "dewi_l"
    assert match_of(TELEGRAM, "de wi") is match_of(TELEGRAM, "@") is None


def test_what_a_ticket_says_is_kept_as_it_is_sent_and_found_so() -> None:
    assert loose_match(PHONE, " 0811-555 ") == loose_match(PHONE, "0811-555") == "0811-555"
    (known,) = told((), PHONE, "0811-555")
    assert known == Contact(PHONE, "0811-555", "0811-555", primary=True)


def test_a_ticket_tells_something_new_or_nothing() -> None:
    known = (contact("dewi@example.com", verified=True, primary=True),)
    assert told(known, EMAIL, "DEWI@example.com") is known
    old, new = told(known, EMAIL, "lestari@example.com")
    assert (old.primary, old.verified, new.value, new.primary, new.verified) == (False, True, "lestari@example.com", True, False)


def test_the_oldest_that_nobody_vouched_for_gives_way() -> None:
    many: tuple[Contact, ...] = (contact("0@example.com", verified=True),)
    for number in range(1, MOST_CONTACTS + 10):
        many = told(many, EMAIL, f"{number}@example.com")
    assert len(many) == MOST_CONTACTS
    assert [one.value for one in (many[0], many[1], many[-1])] == ["0@example.com", "11@example.com", "59@example.com"]
    vouched = tuple(contact(f"{number}@example.com", verified=True) for number in range(MOST_CONTACTS))
    assert told(vouched, EMAIL, "new@example.com") is vouched


def test_united_and_parted_again() -> None:
    own = (contact("both@example.com", primary=True),)
    others = (contact("both@example.com"), contact("+628115550100", PHONE, primary=True), contact("b@example.com", primary=True))
    both = united(own, others, BUDI)
    assert [(one.value, one.primary, one.brought) for one in both] == [
        ("both@example.com", True, None), ("+628115550100", True, BUDI), ("b@example.com", False, BUDI),
    ]  # fmt: skip
    assert parted(both, BUDI, {}) == own
    assert parted(both, ANI, {}) == both
    kept = parted(both, BUDI, {ANI: (contact("b@example.com"),)})
    assert [(one.value, one.brought) for one in kept] == [("both@example.com", None), ("b@example.com", ANI)]
    assert parted(kept, ANI, {}) == own


def test_rows_give_back_what_they_were_given() -> None:
    contacts = (contact("a@example.com", verified=True), contact("+628115550100", PHONE, primary=True, brought=ANI))
    assert from_json(to_json(contacts)) == contacts
