from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.mapping import Field, guess_mapping
from hearth.lib.parse import Cell

FIELDS = [
    Field("name", "姓名", "Name", ("客户姓名", "业主", "联系人"), "name", required=True),
    Field("phone", "手机", "Phone", ("电话", "联系电话", "手机号码", "mobile"), "phone"),
    Field("email", "邮箱", "E-mail", ("电子邮件", "email"), "email"),
    Field("identity_number", "证件号码", "Identity number", ("身份证", "身份证号"), "identity"),
    Field("birth_date", "出生日期", "Date of birth", ("生日",), "date"),
    Field("address", "地址", "Address", ("联系地址", "住址"), "address"),
    Field("area", "建筑面积", "Area", ("面积",), "area"),
    Field("price", "总价", "Total price", ("成交总价", "合同价"), "money"),
    Field("note", "备注", "Note", ("说明",)),
]
ROW: list[Cell] = [
    "张三",
    "13800138000",
    "a@b.cn",
    "11010519491231002X",
    "1949-12-31",
    "北京市朝阳区建国路88号",
    "89.5",
    "650万",
    "无",
]


def guessed(columns: list[str], rows: list[list[Cell]]) -> dict[str, str]:
    return {field: guess.column for field, guess in guess_mapping(columns, FIELDS, rows).items()}


def test_the_labels_of_both_languages_are_known() -> None:
    chinese = [field.label_zh for field in FIELDS]
    english = [field.label_en for field in FIELDS]

    assert guessed(chinese, [ROW]) == {field.name: field.label_zh for field in FIELDS}
    assert guessed(english, [ROW]) == {field.name: field.label_en for field in FIELDS}


def test_names_as_people_write_them_are_recognised() -> None:
    columns = [
        "*业主姓名",
        "联系人电话",
        "E-MAIL",
        "身份证号码",
        "生日",
        "联系地址",
        "建筑面积（㎡）",
        "成交总价(元)",
        "备注说明",
    ]

    assert guessed(columns, [ROW]) == dict(zip((field.name for field in FIELDS), columns, strict=True))


def test_columns_without_telling_names_are_recognised_by_what_they_hold() -> None:
    columns = ["甲", "乙", "丙", "丁", "戊", "己"]

    guesses = guess_mapping(columns, FIELDS, [ROW[:6]] * 3)

    assert {field: guess.column for field, guess in guesses.items()} == dict(
        zip(("name", "phone", "email", "identity_number", "birth_date", "address"), columns, strict=True)
    )
    assert {guess.why for guess in guesses.values()} == {"content"}


def test_cells_that_belie_a_name_give_way_to_those_that_bear_one_out() -> None:
    rows: list[list[Cell]] = [["未知", "13800138000"], ["不详", "13900139000"]]

    assert guessed(["手机", "联系电话"], rows) == {"phone": "联系电话"}


def test_each_column_serves_one_field_and_each_field_has_one() -> None:
    guesses = guess_mapping(["电话", "联系电话", "手机号码"], FIELDS, [["13800138000"] * 3])

    assert [guess.column for guess in guesses.values()] == ["电话"]
    assert guesses["phone"].why == "alias"


def test_nothing_is_guessed_where_nothing_fits() -> None:
    assert guessed(["x", "y"], [[1, "zzz"]]) == {}


def test_a_misspelt_name_is_similar() -> None:
    guesses = guess_mapping(["identity numbr"], FIELDS, [])

    assert (guesses["identity_number"].why, guesses["identity_number"].column) == (
        "similar_name",
        "identity numbr",
    )


@given(
    st.lists(st.text("姓名电话手机地址邮箱备注ab1", max_size=6), max_size=8, unique=True),
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=5), st.sampled_from(ROW)), max_size=9), max_size=4
    ),
)
def test_a_guess_is_always_the_same_and_never_uses_a_column_twice(
    columns: list[str], rows: list[list[Cell]]
) -> None:
    first = guess_mapping(columns, FIELDS, rows)

    assert first == guess_mapping(columns, FIELDS, rows)
    assert len({guess.column for guess in first.values()}) == len(first)
    assert all(0.5 <= guess.confidence <= 1 for guess in first.values())
