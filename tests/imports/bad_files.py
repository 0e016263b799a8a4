"""Files that are wrong as a whole, as people and attackers make them, and the sentence each gets."""

import gzip
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

HEADER = "客户编号,姓名,手机,身份证号,出生日期,备注"
SOUND = "K1,林晓,13800138000,,1990-05-01,"


@dataclass(frozen=True)
class BadFile:
    """How the file comes about, and what is said of it; `encoding` is what a person chose."""

    make: Callable[[Path], Path]
    zh: str
    encoding: str = ""


def keep(content: bytes, name: str = "a.csv") -> Callable[[Path], Path]:
    """Write bytes as they are."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def lines(*rows: str, encoding: str = "utf-8", end: str = "\n") -> Callable[[Path], Path]:
    """Write lines of text."""
    return keep((end.join(rows) + end).encode(encoding))


def book(*rows: tuple[object, ...], merged: str = "", hidden: bool = False) -> Callable[[Path], Path]:
    """Write a workbook of one sheet, beside a hidden one where asked."""

    def make(folder: Path) -> Path:
        path = folder / "a.xlsx"
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet("客户")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if merged:
                sheet.merge_range(merged, "姓名")
            if hidden:
                workbook.add_worksheet("空").activate()
                sheet.hide()
        return path

    return make


def archive(members: Mapping[str, bytes]) -> Callable[[Path], Path]:
    """Write a ZIP archive."""

    def make(folder: Path) -> Path:
        path = folder / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in members.items():
                packed.writestr(name, content)
        return path

    return make


def far_corner(folder: Path) -> Path:
    """Write a workbook of few bytes whose one cell stands at the end of the sheet."""
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write(1_048_575, 16_383, "x")
    return path


def swollen_book(folder: Path) -> Path:
    """Write a workbook that unpacks to a thousand times its size."""
    path = book(tuple(HEADER.split(",")), ("K1", "林晓"))(folder)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/image1.bin", b"\0" * (40 << 20))
    return path


def lying_length(folder: Path) -> Path:
    """Write a gzip file whose content was cut off."""
    path = folder / "a.csv.gz"
    whole = gzip.compress("\n".join([HEADER, *[SOUND] * 500]).encode())
    path.write_bytes(whole[: len(whole) // 2] + struct.pack("<II", 0, 0))
    return path


BAD_FILES: Mapping[str, BadFile] = {
    "nothing at all": BadFile(keep(b""), "文件是空的。"),
    "a packed file of nothing": BadFile(keep(gzip.compress(b""), "a.csv.gz"), "文件是空的。"),
    "blank lines alone": BadFile(lines("", "  ", ",,,"), "文件是空的。"),
    "column names alone": BadFile(lines(HEADER), "文件只有列名，没有数据行。"),
    "a workbook of column names alone": BadFile(book(tuple(HEADER.split(","))), "文件只有列名，没有数据行。"),
    "a workbook whose only full sheet is hidden": BadFile(
        book(tuple(HEADER.split(",")), ("K1", "林晓"), hidden=True),
        "可见的工作表都是空的，隐藏的工作表不会读取。请把要导入的工作表取消隐藏。",
    ),
    "no column names": BadFile(
        lines(SOUND, SOUND.replace("K1", "K2")), "第 1 行应为列名，实际却是数据。请在最上面加一行列名。"
    ),
    "a column name that is missing": BadFile(
        lines("客户编号,,手机", "K1,林晓,13800138000"), "第 1 行的 B 列没有列名。"
    ),
    "a column name that comes twice": BadFile(
        lines("姓名,手机,姓名", "林晓,13800138000,林晓"), "列名“姓名”出现了两次（A, C 列），请改名。"
    ),
    "a column name that comes twice in other letters": BadFile(
        lines("Name,Phone,NAME", "Lin,13800138000,Lin"), "列名“NAME”出现了两次（A, C 列），请改名。"
    ),
    "a merged header": BadFile(
        book(("", "", "手机"), ("a", "b", "c"), merged="A1:B1"), "第 1 行的列名有合并单元格，请取消合并。"
    ),
    "two rows of column names": BadFile(
        book(
            ("客户", "", "联系方式"), ("编号", "姓名", "手机"), ("K1", "林晓", "13800138000"), merged="A1:B1"
        ),
        "第 1 行的列名有合并单元格，请取消合并。",
    ),
    "a note of two cells above the column names": BadFile(
        lines("客户名单,2024年", HEADER, SOUND, SOUND),
        "第 1 行只有 2 个列名，而下面各行有 5 个单元格。请删除列名上方的内容，或为每一列写上列名。",
    ),
    "ten million columns": BadFile(
        lines("a," * 9_999_999 + "b"), "这是没有换行的一整行，不是表格。请把表格另存为 CSV 或 XLSX。"
    ),
    "a thousand and one columns": BadFile(
        lines(",".join(f"列{n}" for n in range(1001)), "," * 1000), "文件有 1001 列，最多只能读取 1000 列。"
    ),
    "a cell of a megabyte": BadFile(
        lines(HEADER, f"K1,林晓,,,,{'长' * 350_000}"), "第 2 行附近有单元格超过 100,000 个字符。"
    ),
    "a quotation mark that never closes": BadFile(
        lines(HEADER, SOUND, 'K2,"林晓,,,,', SOUND), "从第 3 行起有一个引号没有闭合。"
    ),
    "a quotation mark inside a cell": BadFile(
        lines(HEADER, 'K2,"林"晓,,,,'), "第 2 行有引号出现在单元格中间。"
    ),
    "zero bytes": BadFile(
        keep(f"{HEADER}\nK1,林\0晓,,,,\n".encode()),
        "第 2 行含有文本文件不该有的零字节。请重新导出为 CSV UTF-8 或 XLSX。",
    ),
    "another encoding than the chosen one": BadFile(
        lines(HEADER, SOUND, encoding="gb18030"),
        "文件不是 utf-8 编码：第 1 行读不出来。请选择其他编码。",
        encoding="utf-8",
    ),
    "UTF-8 chosen to be GB18030": BadFile(
        lines(HEADER, SOUND), "文件不是 gb18030 编码：第 1 行读不出来。请选择其他编码。", encoding="gb18030"
    ),
    "UTF-16 chosen without its mark": BadFile(
        lines(HEADER, SOUND), "文件不是 utf-16 编码：第 1 行读不出来。请选择其他编码。", encoding="utf-16"
    ),
    "UTF-16 chosen to be UTF-8": BadFile(
        lines(HEADER, SOUND, encoding="utf-16"),
        "文件不是 utf-8 编码：第 1 行读不出来。请选择其他编码。",
        encoding="utf-8",
    ),
    "an encoding nobody knows": BadFile(
        lines(HEADER, SOUND), "无法识别编码“ebcdic”。请选择 UTF-8、GB18030 或 UTF-16。", encoding="ebcdic"
    ),
    "two encodings in one file": BadFile(
        keep(f"{HEADER}\n{SOUND}\n".encode() + "K2,欧阳修远,,,,\n".encode("gb18030")),
        "文件混用了两种编码：第 3 行与其他行不同。请整体另存为 UTF-8。",
    ),
    "a mark of UTF-8 before GB18030": BadFile(
        keep(b"\xef\xbb\xbf" + f"{HEADER}\n{SOUND}\n".encode("gb18030")),
        "文件混用了两种编码：第 1 行与其他行不同。请整体另存为 UTF-8。",
    ),
    "Windows letters of the West": BadFile(
        keep("Name,Phone\nZo\u00eb,13800138000\nRen\u00e9,1\n".encode("cp1252")),
        "第 2 行的编码无法识别。请另存为“CSV UTF-8”后重新上传。",
    ),
    "a UTF-16 file that ends within a character": BadFile(
        keep(f"{HEADER}\n{SOUND}\n".encode("utf-16")[:-1]),
        "文件不是 utf-16 编码：第 1 行读不出来。请选择其他编码。",
    ),
    "a PDF document": BadFile(keep(b"%PDF-1.7 rest"), "这是PDF 文档，不是表格。请把表格另存为 CSV 或 XLSX。"),
    "a picture": BadFile(
        keep(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "a.xlsx"), "这是图片，不是表格。请把表格另存为 CSV 或 XLSX。"
    ),
    "a web page under the name of a workbook": BadFile(
        keep(b"<html><table><tr><td>1</td></tr></table></html>", "a.xls"),
        "这是网页，不是表格。请把表格另存为 CSV 或 XLSX。",
    ),
    "a program": BadFile(
        keep(b"MZ\x90\0" + b"\0" * 60, "a.csv"), "这是程序文件，不是表格。请把表格另存为 CSV 或 XLSX。"
    ),
    "an old workbook": BadFile(
        keep(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
        "这是旧版 Excel 格式（.xls），请另存为 .xlsx 或 CSV。",
    ),
    "a workbook under a password": BadFile(
        keep(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx"),
        "工作簿有密码，请去掉密码后保存。",
    ),
    "a text document in the new format": BadFile(
        archive({"word/document.xml": b"<w/>"}), "这是文字文档，不是表格。请把表格另存为 CSV 或 XLSX。"
    ),
    "a binary workbook": BadFile(
        archive({"xl/workbook.bin": b"x"}),
        "这是二进制格式的工作簿（xlsb），不是表格。请把表格另存为 CSV 或 XLSX。",
    ),
    "a workbook that was cut off": BadFile(
        keep(b"PK\x03\x04" + b"\1" * 60, "a.xlsx"), "文件已损坏，请在原来的软件中打开并重新保存。"
    ),
    "a workbook that unpacks without end": BadFile(swollen_book, "文件解压后过大，未予打开。"),
    "a workbook with one cell at its far corner": BadFile(
        far_corner, "工作表延伸到第 1,048,576 行、第 16,384 列，其中大部分为空。请删除空白部分。"
    ),
    "a packed text that unpacks without end": BadFile(
        keep(gzip.compress(b"a" * (80 << 20)), "a.csv.gz"), "文件解压后过大，未予打开。"
    ),
    "JSON spread over lines": BadFile(
        lines("{", '  "姓名": "林晓"', "}"), "这是JSON 文件，不是表格。请把表格另存为 CSV 或 XLSX。"
    ),
    "a list in JSON": BadFile(
        lines('[{"姓名": "林晓"}]'), "这是JSON 文件，不是表格。请把表格另存为 CSV 或 XLSX。"
    ),
    "a line of JSON cut short": BadFile(
        lines('{"姓名": "林晓"}', '{"姓名": "周'), "第 2 行不是 JSON 对象，请每行写一个对象。"
    ),
    "a number that JSON does not know": BadFile(
        lines('{"姓名": "林晓"}', '{"年龄": NaN}'), "第 2 行不是 JSON 对象，请每行写一个对象。"
    ),
    "a key of JSON that comes twice": BadFile(
        lines('{"姓名": "林晓", "姓名": "周宁"}'), "第 1 行中键“姓名”出现了两次。"
    ),
    "an object inside an object": BadFile(lines('{"姓名": {"姓": "林"}}'), "第 1 行“姓名”的值不是单个值。"),
    "JSON nested without end": BadFile(
        lines('{"姓名": ' + "[" * 100_000 + "]" * 100_000 + "}"), "第 1 行不是 JSON 对象，请每行写一个对象。"
    ),
    "an archive of several files": BadFile(
        archive({"a.csv": b"a,b\n1,2\n", "b.csv": b"a,b\n1,2\n"}), "压缩包里有 2 个文件，请只打包一张表。"
    ),
    "an archive of nothing but folders": BadFile(
        archive({"a/": b""}), "这是压缩包，不是表格。请把表格另存为 CSV 或 XLSX。"
    ),
    "an archive inside an archive": BadFile(
        archive({"a.zip": b"PK\x03\x04" + b"\1" * 60}), "文件已损坏，请在原来的软件中打开并重新保存。"
    ),
    "an archive that unpacks without end": BadFile(
        archive({"a.csv": b"a" * (80 << 20)}), "文件解压后过大，未予打开。"
    ),
    "a packed text that was cut off": BadFile(lying_length, "文件已损坏，请在原来的软件中打开并重新保存。"),
}
