from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.contact import (
    InvalidEmail,
    InvalidIdentityNumber,
    InvalidPhone,
    mask_address,
    mask_email,
    mask_identity,
    mask_name,
    mask_phone,
    normalise_email,
    normalise_identity_number,
    normalise_phone,
    plain_mobile,
    split_phones,
)
from hearth.lib.contact.identity import check_character


@pytest.mark.parametrize(
    ("raw", "e164", "national", "extension", "kind"),
    [
        ("13800138000", "+8613800138000", "13800138000", "", "mobile"),
        (" 138 0013 8000 ", "+8613800138000", "13800138000", "", "mobile"),
        ("138-0013-8000", "+8613800138000", "13800138000", "", "mobile"),
        ("１３８００１３８０００", "+8613800138000", "13800138000", "", "mobile"),
        ("+86 138 0013 8000", "+8613800138000", "13800138000", "", "mobile"),
        ("0086-13800138000", "+8613800138000", "13800138000", "", "mobile"),
        ("86-13800138000", "+8613800138000", "13800138000", "", "mobile"),
        ("086-13800138000", "+8613800138000", "13800138000", "", "mobile"),
        ("8613800138000", "+8613800138000", "13800138000", "", "mobile"),
        ("13800138000，", "+8613800138000", "13800138000", "", "mobile"),
        ("86 010 66668888", "+861066668888", "010-66668888", "", "landline"),
        ("(+86)13800138000", "+8613800138000", "13800138000", "", "mobile"),
        ("013800138000", "+8613800138000", "13800138000", "", "mobile"),
        (13800138000, "+8613800138000", "13800138000", "", "mobile"),
        (13800138000.0, "+8613800138000", "13800138000", "", "mobile"),
        ("13800138000.0", "+8613800138000", "13800138000", "", "mobile"),
        ("1.3800138E+10", "+8613800138000", "13800138000", "", "mobile"),
        ("1.3812345678E+10", "+8613812345678", "13812345678", "", "mobile"),
        ("'13800138000", "+8613800138000", "13800138000", "", "mobile"),
        ("手机：13800138000", "+8613800138000", "13800138000", "", "mobile"),
        ("\u202d13800138000\u202c", "+8613800138000", "13800138000", "", "mobile"),
        ("010-66668888", "+861066668888", "010-66668888", "", "landline"),
        ("（010）66668888", "+861066668888", "010-66668888", "", "landline"),
        ("010 6666 8888", "+861066668888", "010-66668888", "", "landline"),
        ("010-6666-8888", "+861066668888", "010-66668888", "", "landline"),
        ("01066668888", "+861066668888", "010-66668888", "", "landline"),
        ("+86-21-66668888", "+862166668888", "021-66668888", "", "landline"),
        ("+86 (0)21 66668888", "+862166668888", "021-66668888", "", "landline"),
        ("0755-2666888", "+867552666888", "0755-2666888", "", "landline"),
        ("0755—26668888", "+8675526668888", "0755-26668888", "", "landline"),
        ("010-66668888-801", "+861066668888", "010-66668888", "801", "landline"),
        ("010-66668888转801", "+861066668888", "010-66668888", "801", "landline"),
        ("010-66668888 ext. 801", "+861066668888", "010-66668888", "801", "landline"),
        ("010-66668888分机 801", "+861066668888", "010-66668888", "801", "landline"),
        ("400-820-8820", "+864008208820", "400-820-8820", "", "service"),
        ("+44 20 7946 0958", "+442079460958", "+44 20 7946 0958", "", "foreign"),
        ("00852 2123 4567", "+85221234567", "+852 2123 4567", "", "foreign"),
        ("+1 (212) 555-0123", "+12125550123", "+1 212-555-0123", "", "foreign"),
    ],
)
def test_a_number_comes_to_one_form_however_it_is_written(
    raw: object, e164: str, national: str, extension: str, kind: str
) -> None:
    phone = normalise_phone(raw)

    assert (phone.e164, phone.national, phone.extension, phone.kind) == (e164, national, extension, kind)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        (None, "empty"),
        ("  ", "empty"),
        (True, "not_a_number"),
        ("1380013800", "too_short"),
        ("138001380001", "too_long"),
        ("1380013800012", "too_long"),
        ("12800138000", "not_a_number"),
        ("66668888", "no_area_code"),
        ("010-6666888", "too_short"),
        ("1.38001E+10", "float_damage"),
        (1.5, "float_damage"),
        ("13800138000.5", "float_damage"),
        ("13800138000张", "letters"),
        ("unknown", "letters"),
        ("13800138000/13900139000", "several"),
        ("138****8000", "too_short"),
        ("+999123456789", "not_a_number"),
        ("+4420", "too_short"),
        ("+44207946095812345", "too_long"),
        ("🎉", "not_a_number"),
        ("无", "letters"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(raw: object, code: str) -> None:
    with pytest.raises(InvalidPhone) as refusal:
        normalise_phone(raw)

    assert refusal.value.code == code


@given(st.from_regex(r"1[3-9]\d{9}|0(10|2\d|[3-9]\d\d)-[2-8]\d{7}(-\d{1,4})?|400\d{7}", fullmatch=True))
def test_bringing_a_number_to_its_form_twice_changes_nothing(raw: str) -> None:
    raw = raw.translate({ord(c): str(int(c)) for c in raw if c.isdigit()})
    once = normalise_phone(raw)

    assert normalise_phone(once.e164).e164 == once.e164
    assert normalise_phone(once.national).national == once.national


@given(
    st.one_of(
        st.text(max_size=30), st.text("+0123456789-() 转x/、.eE", max_size=30), st.floats(), st.integers()
    )
)
def test_any_cell_is_a_number_or_a_refusal(raw: object) -> None:
    try:
        phone = normalise_phone(raw)
    except InvalidPhone:
        return
    assert phone.e164.startswith("+")
    assert phone.e164[1:].isdecimal()


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13800138000、13900139000", ["13800138000", "13900139000"]),
        ("13800138000/010-66668888；+44 20 7946 0958", ["13800138000", "010-66668888", "+44 20 7946 0958"]),
        ("13800138000，", ["13800138000"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("13800138000或13900139000", ["13800138000", "13900139000"]),
        ("13800138000\n13900139000", ["13800138000", "13900139000"]),
        (13800138000.0, ["13800138000"]),
    ],
)
def test_a_cell_of_several_numbers_is_split(cell: object, numbers: list[str]) -> None:
    assert split_phones(cell) == numbers


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+8613812341234", "+86138****1234"),
        ("010-66668888", "010****8888"),
        ("66668888", "****88"),
        ("110", "****"),
    ],
)
def test_a_masked_phone_shows_its_ends(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


def test_masks_hide_what_identifies() -> None:
    assert mask_name("张三丰") == "张*"
    assert mask_name("") == ""
    assert mask_identity("11010519491231002X") == "1****************X"
    assert mask_identity("E123") == "****"
    assert mask_email("zhangsan@example.com") == "z***@example.com"
    assert mask_email("broken") == "***"
    assert mask_address("北京市朝阳区建国路88号7栋1203") == "北京市朝阳区****"
    assert mask_address("广东省深圳市南山区科技路1号") == "广东省深圳市南山区****"
    assert mask_address("科技路1号") == "****"
    assert mask_address("") == ""


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (" Zhang.San@Example.COM ", "zhang.san@example.com"),
        ("ｚ@ｑｑ．ｃｏｍ", "z@qq.com"),
        ("<a+b@mail.example.cn>", "a+b@mail.example.cn"),
        ("王@例子.中国", None),
        ("wang@例子.中国", "wang@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_an_address_comes_to_one_form(raw: str, address: str | None) -> None:
    if address is None:
        with pytest.raises(InvalidEmail):
            normalise_email(raw)
    else:
        assert normalise_email(raw) == address


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        ("zhang", "not_an_address"),
        ("zhang@", "not_an_address"),
        ("zhang@localhost", "not_an_address"),
        ("a@b.com;c@d.com", "several"),
        ("a b@c.com", "not_an_address"),
        ("a..b@c.com", "not_an_address"),
        ("x" * 65 + "@c.com", "too_long"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(raw: str, code: str) -> None:
    with pytest.raises(InvalidEmail) as refusal:
        normalise_email(raw)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "raw", ["11010519491231002X", "11010519491231002x", " 110105 19491231 002Ｘ", "'11010519491231002X"]
)
def test_an_identity_number_tells_birth_and_sex(raw: str) -> None:
    found = normalise_identity_number(raw)

    assert found.number == "11010519491231002X"
    assert found.birth_date == date(1949, 12, 31)
    assert (found.sex, found.region) == ("female", "110105")


@pytest.mark.parametrize("raw", ["110105491231002", 110105491231002, 110105491231002.0, "110105491231002.0"])
def test_the_old_form_is_brought_to_the_present_one(raw: object) -> None:
    assert normalise_identity_number(raw).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        (None, "empty"),
        ("110105194912310021", "checksum"),
        ("110105194902310029", "date"),
        ("990105194912310021", "region"),
        ("11010519491231", "length"),
        ("1101051949123100AB", "characters"),
        ("1.1010119900307E+17", "float_damage"),
        (1.1010119900307e17, "float_damage"),
        ("110101199003070000", "float_damage"),
        ("110101205003078734", "date"),
    ],
)
def test_what_is_no_identity_number_is_refused_with_its_reason(raw: object, code: str) -> None:
    with pytest.raises(InvalidIdentityNumber) as refusal:
        normalise_identity_number(raw, latest=date(2026, 1, 1))

    assert refusal.value.code == code


@given(
    st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9)
)
def test_one_changed_digit_never_passes(born: date, order: int, place: int, shift: int) -> None:
    base = f"110105{born:%Y%m%d}{order:03d}"
    number = base + check_character(base)
    changed = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert normalise_identity_number(number).number == number
    with pytest.raises(InvalidIdentityNumber):
        normalise_identity_number(changed)


@given(st.from_regex(r"[+]?[80]{0,4}6?1[2-9][0-9]{8,10}[ -]?", fullmatch=True))
def test_a_mobile_read_at_once_is_what_the_long_way_makes_of_it(written: str) -> None:
    if mobile := plain_mobile(written):
        # A space keeps the number off the short way.
        phones = [normalise_phone(f" {part}") for part in split_phones(f" {written}")]

        assert [(phone.e164, phone.kind, phone.extension) for phone in phones] == [(mobile, "mobile", "")]


@pytest.mark.parametrize(
    "written", ["１３８００１３８０００", "138 0013 8000", "12800138000", "", None, 13800138000]
)
def test_what_is_not_a_plain_mobile_goes_the_long_way(written: object) -> None:
    assert plain_mobile(written) == ""
