"""Rows that are wrong, one in a file with a sound one, and the sentence each gets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.imports.bad_files import book, lines

CUSTOMERS = "客户编号,姓名,性别,手机,邮箱,身份证号,出生日期,建档日期,备注"
CUSTOMER = "K1,林晓,女,13800138000,lin@example.com,11010519491231002X,1949-12-31,2024-05-31,"
UNITS = "项目,楼栋,房号,楼层,建筑面积,标价,状态,外部编号,交付日期"
UNIT = "金色家园,1栋,101,1,89.5,200万,在售,A-1,"
CONTRACTS = "合同编号,客户编号,房间编号,签约日期,合同总价,交付日期"
CONTRACT = "HT-1,C-1,H-1,2025-06-01,200万,"
PAYMENTS = "合同编号,收据号,收款日期,金额"
PAYMENT = "HT-0,SJ-1,2025-06-01,10万"
RELATIONS = "客户编号,与客户关系,关联客户编号,开始日期,结束日期"
RELATION = "C-0,推荐人,C-1,2025-01-01,"
ROLES = "客户编号,房间编号,角色,开始日期,结束日期"
ROLE = "C-0,H-1,租户,2024-01-01,2025-01-01"


@dataclass(frozen=True)
class BadRow:
    """How the file comes about, and what is said of its rows."""

    kind: str
    make: Callable[[Path], Path]
    zh: tuple[str, ...]


def customer(zh: str, **cells: str) -> BadRow:
    """Put one bad customer below a sound one."""
    words = {
        "key": "K2",
        "name": "周宁",
        "sex": "",
        "phone": "",
        "email": "",
        "identity": "",
        "born": "",
        "since": "",
        "note": "",
    }
    row = ",".join((words | cells).values())
    return BadRow("customers", lines(CUSTOMERS, CUSTOMER, row), (zh,))


def unit(zh: str, **cells: str) -> BadRow:
    """Put one bad home below a sound one."""
    words = {
        "project": "金色家园",
        "building": "1栋",
        "number": "201",
        "floor": "2",
        "area": "89.5",
        "price": "",
        "state": "",
        "key": "",
        "handover": "",
    }
    return BadRow("units", lines(UNITS, UNIT, ",".join((words | cells).values())), (zh,))


def contract(zh: str, **cells: str) -> BadRow:
    """Put one bad contract below a sound one."""
    words = {
        "number": "HT-2",
        "customer": "C-1",
        "unit": "H-2",
        "signed": "2025-06-01",
        "total": "1000000",
        "handover": "",
    }
    return BadRow("contracts", lines(CONTRACTS, CONTRACT, ",".join((words | cells).values())), (zh,))


def payment(zh: str, **cells: str) -> BadRow:
    """Put one bad payment below a sound one."""
    words = {"number": "HT-0", "receipt": "SJ-2", "paid": "2025-06-01", "amount": "1"}
    return BadRow("payments", lines(PAYMENTS, PAYMENT, ",".join((words | cells).values())), (zh,))


def relation(zh: str, row: str) -> BadRow:
    """Put one bad relationship below a sound one."""
    return BadRow("relationships", lines(RELATIONS, RELATION, row), (zh,))


def role(zh: str, row: str) -> BadRow:
    """Put one bad role on a home below a sound one."""
    return BadRow("unit_roles", lines(ROLES, ROLE, row), (zh,))


BAD_ROWS: Mapping[str, BadRow] = {
    # Shape
    "a row cut short": BadRow(
        "customers",
        lines(CUSTOMERS, CUSTOMER, "K2,周宁"),
        ("第 3 行：该行只有 2 个单元格，应为 9 个：缺少分隔符，或行被截断。",),
    ),
    "a row too long": BadRow(
        "customers",
        lines(CUSTOMERS, CUSTOMER, "K2,周,宁,,,,,,,"),
        ("第 3 行“性别”列的“宁”：无法识别这个词。可用：女, 男。",),
    ),
    "the column names again": BadRow(
        "customers", lines(CUSTOMERS, CUSTOMER, CUSTOMERS), ("第 3 行：这一行重复了列名，已略过。",)
    ),
    "a row of totals at the end": BadRow(
        "units", lines(UNITS, UNIT, "合计,,,,179,200万,,,"), ("第 3 行：这是合计行，已略过。",)
    ),
    "merged cells": BadRow(
        "customers",
        book(("编号", "姓名"), ("K1", "林晓"), ("K2", ""), ("K3", ""), merged="B3:B4"),
        (
            "第 3 行：单元格 B3:B4 是合并的，其值只算在第一行。",
            "第 4 行“姓名”列：不能为空。",
        ),
    ),
    # Names and texts
    "no name": customer("第 3 行“姓名”列：不能为空。", name=" \u3000 "),
    "a control character in a name": customer(
        "第 3 行“姓名”列的“周␇宁”：单元格里有看不见的控制字符，请重新录入。", name="周\x07宁"
    ),
    "a text that was damaged earlier": customer(
        "第 3 行“姓名”列的“周�”：文字已损坏：此前曾以错误的编码保存。", name="周\ufffd"
    ),
    "a name that is a failed formula": customer("第 3 行“姓名”列的“#N/A”：该单元格的公式出错。", name="#N/A"),
    "a name longer than any": customer(
        f"第 3 行“姓名”列的“{'长' * 29}…”：文字有 121 个字符，最多 120 个。",
        name="长" * 121,
    ),
    "a remark longer than any": customer(
        f"第 3 行“备注”列的“{'记' * 29}…”：文字有 2001 个字符，最多 2000 个。",
        note="记" * 2001,
    ),
    "a sex nobody knows": customer("第 3 行“性别”列的“M女”：无法识别这个词。可用：女, 男。", sex="M女"),
    "an e-mail address without a place": customer(
        "第 3 行“邮箱”列的“z***@”：这不是邮箱地址。", email="zhou@"
    ),
    "two e-mail addresses": customer(
        "第 3 行“邮箱”列的“a***@example.com”：只写一个邮箱地址。", email="a@example.com;b@example.com"
    ),
    # Phones
    "a phone of too few digits": customer(
        "第 3 行“手机”列的“****00”：电话号码位数不够。", phone="1380013800"
    ),
    "a phone of too many digits": customer(
        "第 3 行“手机”列的“138****0001”：电话号码位数过多。", phone="138001380001"
    ),
    "a phone that a spreadsheet rounded": customer(
        "第 3 行“手机”列的“****10”：末尾几位已被 Excel 舍入丢失。请把该列设为文本格式后重新录入。",
        phone="1.38E+10",
    ),
    "a phone in words": customer("第 3 行“手机”列的“****”：电话号码里不能有字母或文字。", phone="无"),
    "a phone without its area code": customer(
        "第 3 行“手机”列的“****88”：缺少区号，例如 0755。", phone="26668888"
    ),
    "two phones run together": customer(
        "第 3 行“手机”列的“138****9000”：电话号码位数过多。", phone="1380013800013900139000"
    ),
    # Identity numbers
    "an identity number that a spreadsheet rounded": customer(
        "第 3 行“身份证号”列的“1****************0”：末尾几位已被 Excel 舍入丢失。请把该列设为文本格式后重新录入。",
        identity="110105194912310000",
    ),
    "an identity number in powers of ten": customer(
        "第 3 行“身份证号”列的“1*********7”：末尾几位已被 Excel 舍入丢失。请把该列设为文本格式后重新录入。",
        identity="1.10105E+17",
    ),
    "an identity number with a wrong last digit": customer(
        "第 3 行“身份证号”列的“1****************1”：身份证号的校验位不符，有一位录错了。",
        identity="110105194912310021",
    ),
    "an identity number with a digit missing": customer(
        "第 3 行“身份证号”列的“1***************2”：身份证号应为 18 位，实际 17 位。",
        identity="11010519491231002",
    ),
    "an identity number with a letter inside": customer(
        "第 3 行“身份证号”列的“1****************X”：身份证号由 17 位数字加一位数字或 X 组成。",
        identity="1101051949123I002X",
    ),
    "an identity number of no region": customer(
        "第 3 行“身份证号”列的“9****************X”：身份证号开头的地区代码不存在。",
        identity="99010519491231002X",
    ),
    "an identity number of 31 February": customer(
        "第 3 行“身份证号”列的“1****************6”：身份证号中的出生日期不存在。",
        identity="110105199002310026",
    ),
    "an identity number as a number of a workbook": BadRow(
        "customers",
        book(("编号", "姓名", "身份证号"), ("K1", "林晓", ""), ("K2", "周宁", 110105194912310021)),
        (
            "第 3 行“身份证号”列的“1*****************7”：末尾几位已被 Excel 舍入丢失。请把该列设为文本格式后重新录入。",
        ),
    ),
    "an identity number that stands in an earlier row": customer(
        "第 3 行“身份证号”列的“1****************X”：第 2 行已有相同的身份证号。",
        identity="11010519491231002X",
    ),
    # Dates
    "31 February": customer("第 3 行“出生日期”列的“1990-02-31”：日历上没有这一天。", born="1990-02-31"),
    "29 February of a common year": customer(
        "第 3 行“出生日期”列的“2023年2月29日”：日历上没有这一天。", born="2023年2月29日"
    ),
    "29 February 1900, which Excel believes in": customer(
        "第 3 行“出生日期”列的“1900-02-29”：日历上没有这一天。", born="1900-02-29"
    ),
    "the thirteenth month": customer(
        "第 3 行“出生日期”列的“1990-13-01”：日历上没有这一天。", born="1990-13-01"
    ),
    "a day and a month that may be exchanged": customer(
        "第 3 行“出生日期”列的“03/04/1990”：分不清哪个是日、哪个是月，请写成 2024-05-31。", born="03/04/1990"
    ),
    "a year of two digits": customer("第 3 行“出生日期”列的“90-5-1”：年份请写四位。", born="90-5-1"),
    "a year of two digits in Chinese": customer(
        "第 3 行“出生日期”列的“90年5月1日”：年份请写四位。", born="90年5月1日"
    ),
    "a month without its day": customer(
        "第 3 行“出生日期”列的“1990年5月”：日期缺少年或日，请写成 2024-05-31。", born="1990年5月"
    ),
    "a day number of Excel": customer(
        "第 3 行“出生日期”列的“32994”：这是 Excel 的日期序号。请把该列设为日期格式后重新保存。", born="32994"
    ),
    "an English date of two digits": customer(
        "第 3 行“出生日期”列的“1-May-90”：年份请写四位。", born="1-May-90"
    ),
    "a date in words": customer(
        "第 3 行“出生日期”列的“去年春天”：这不是日期，请写成 2024-05-31。", born="去年春天"
    ),
    "a date before all records": customer(
        "第 3 行“出生日期”列的“1850-01-01”：日期应在 1900-01-01 与 2100-12-31 之间。", born="1850-01-01"
    ),
    "a date of birth to come": customer(
        "第 3 行“出生日期”列的“2090-01-01”：该日期在未来。", born="2090-01-01"
    ),
    "a first contact to come": customer(
        "第 3 行“建档日期”列的“2090-01-01 10:00”：该日期在未来。", since="2090-01-01 10:00"
    ),
    "an hour that no day has": customer(
        "第 3 行“建档日期”列的“2024-05-31 25:10”：没有这样的时间。", since="2024-05-31 25:10"
    ),
    "a contract signed in the future": contract(
        "第 3 行“签约日期”列的“2090-01-01”：该日期在未来。", signed="2090-01-01"
    ),
    "a handover before the signature": contract(
        "第 3 行“交付日期”列的“2025-05-01”：交付日期不能早于签约日期。", handover="2025-05-01"
    ),
    "a payment of the future": payment(
        "第 3 行“收款日期”列的“2090-01-01”：该日期在未来。", paid="2090-01-01"
    ),
    # Amounts
    "a negative price": unit("第 3 行“标价”列的“-5”：不能为负数。", price="-5"),
    "a negative price in brackets": unit("第 3 行“标价”列的“(200万)”：不能为负数。", price="(200万)"),
    "a range of prices": unit("第 3 行“标价”列的“200-300万”：这是一个范围，请写一个数。", price="200-300万"),
    "an approximate price": unit("第 3 行“标价”列的“约200万”：这是约数，请写准确的数。", price="约200万"),
    "dollars": unit("第 3 行“标价”列的“$5”：请以人民币元填写。", price="$5"),
    "thousands separators in odd places": unit(
        "第 3 行“标价”列的“1,23,456”：逗号位置不对，数字有两种读法。", price='"1,23,456"'
    ),
    "a price with a decimal comma": unit(
        "第 3 行“标价”列的“1,5”：逗号位置不对，数字有两种读法。", price='"1,5"'
    ),
    "a price in words": unit("第 3 行“标价”列的“面议”：这不是数字。", price="面议"),
    "a price beyond all measure": unit("第 3 行“标价”列的“999999999999999”：数字太大。", price="9" * 15),
    "a price of three decimals": unit("第 3 行“标价”列的“1.005”：小数点后最多 2 位。", price="1.005"),
    "a contract for nothing": contract("第 3 行“合同总价”列的“0”：金额必须大于零。", total="0"),
    "a payment without an amount": payment("第 3 行“金额”列：不能为空。", amount=""),
    "an area in mu": unit("第 3 行“建筑面积”列的“2亩”：无法识别该单位，请按平方米填写。", area="2亩"),
    "an area of nothing": unit("第 3 行“建筑面积”列的“0”：必须大于零。", area="0"),
    "an area no home has": unit(
        "第 3 行“建筑面积”列的“90000”：房屋面积应在 3 与 5000 ㎡ 之间。", area="90000"
    ),
    "a floor between two": unit("第 3 行“楼层”列的“2.5”：请写整数。", floor="2.5"),
    "a floor in the sky": unit("第 3 行“楼层”列的“999”：数字应在 -9 与 300 之间。", floor="999"),
    "a failed formula": unit("第 3 行“建筑面积”列的“#REF!”：该单元格的公式出错。", area="#REF!"),
    # What other rows say
    "the same customer key twice": customer("第 3 行“客户编号”列的“K1”：第 2 行已有“K1”。", key="K1"),
    "the same home twice": unit("第 3 行“房号”列的“101”：第 2 行已是同一套房。", number="101", key="A-2"),
    "the same home key twice": unit("第 3 行“外部编号”列的“A-1”：第 2 行已有相同的外部编号。", key="A-1"),
    "a home sold twice in one file": contract(
        "第 3 行“房间编号”列的“H-1”：第 2 行已出售同一套房。", unit="H-1"
    ),
    "a home that is sold already": contract("第 3 行“房间编号”列的“H-0”：该房源已签约。", unit="H-0"),
    "a contract number that exists": contract(
        "第 3 行“合同编号”列的“HT-0”：编号“HT-0”的合同已存在。", number="HT-0"
    ),
    "a contract number twice": contract("第 3 行“合同编号”列的“HT-1”：第 2 行已有“HT-1”。", number="HT-1"),
    "a customer nobody knows": contract(
        "第 3 行“客户编号”列的“C-9”：此处没有编号或电话为“C-9”的客户，请先导入客户。", customer="C-9"
    ),
    "a contract with nobody": contract("第 3 行“客户编号”列：该行没有说明是哪位客户。", customer=""),
    "a home nobody knows": contract(
        "第 3 行“房间编号”列的“H-9”：没有找到房源“H-9”。请先导入房源，或核对项目和房号。", unit="H-9"
    ),
    "a receipt twice": payment("第 3 行“收据号”列的“SJ-1”：第 2 行已有“SJ-1”。", receipt="SJ-1"),
    "a payment for an unknown contract": payment(
        "第 3 行“合同编号”列的“HT-9”：没有编号为“HT-9”的合同，请先导入合同。", number="HT-9"
    ),
    "a project nobody knows": unit(
        "第 3 行“项目”列的“云锦府”：没有找到项目“云锦府”。请先新建，或选择自动新建项目。", project="云锦府"
    ),
    "a row without a project": unit("第 3 行“项目”列：该行没有写项目。", project=""),
    "a state nobody knows": unit(
        "第 3 行“状态”列的“卖了”：无法识别这个词。可用：未推售, 在售, 保留, 认购, 签约, 已交付。",
        state="卖了",
    ),
    "a referrer who was referred by the one they referred": relation(
        "第 3 行“关联客户编号”列的“C-0”：关系形成了循环：任何人都不能是自己的长辈，也不能推荐自己，隔着别人也不行。",
        "C-1,推荐人,C-0,,",
    ),
    "a customer who refers themselves": relation(
        "第 3 行“关联客户编号”列的“C-1”：不能与自己建立关系。", "C-1,推荐人,C-1,,"
    ),
    "the same relationship in other words": relation(
        "第 3 行“关联客户编号”列的“C-0”：第 2 行已有相同的关系。", "C-1,被推荐人,C-0,,"
    ),
    "a relationship that ends before it begins": relation(
        "第 3 行“结束日期”列的“2019-01-01”：关系的结束日期不能早于开始日期。",
        "C-0,代理人,C-1,2020-01-01,2019-01-01",
    ),
    "a relationship with somebody unknown": relation(
        "第 3 行“关联客户编号”列的“C-9”：此处没有编号或电话为“C-9”的客户，请先导入客户。", "C-0,配偶,C-9,,"
    ),
    "a relationship with nobody": relation(
        "第 3 行“关联客户编号”列：该行没有说明关系人是谁。", "C-0,配偶,,,"
    ),
    "a relation nobody knows": relation(
        "第 3 行“与客户关系”列的“街坊”：无法识别这个词。"
        "可用：配偶, 父母, 子女, 推荐人, 被推荐人, 决策人, 付款人, 代理人, 联系人。",
        "C-0,街坊,C-1,,",
    ),
    "a tenancy within another": role(
        "第 3 行“角色”列的“租户”：第 2 行已写明该客户在同一时间对该房屋有此角色。",
        "C-0,H-1,租户,2024-06-01,2024-07-01",
    ),
    "a role that ends before it begins": role(
        "第 3 行“结束日期”列的“2023-01-01”：结束日期不能早于开始日期。",
        "C-0,H-2,租户,2024-01-01,2023-01-01",
    ),
}
