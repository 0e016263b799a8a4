# domain data
"""What those who raise a matter ask for, by its topic: the category it is taken in under, the demand, and by when."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """Category, demand, its words, and the days within which an answer is expected."""

    category: str
    demand: str
    words: str
    days: int


ASKED = {
    "渗漏": Asked("construction-leak", "repair", "彻底查明漏点并修复墙面", 7),
    "空鼓": Asked("construction-cracks", "repair", "更换空鼓的瓷砖", 14),
    "开裂": Asked("construction-cracks", "repair", "说明原因并修补", 14),
    "门窗": Asked("construction-doors-windows", "repair", "调整或更换五金", 5),
    "水电": Asked("construction-water-power", "repair", "当天恢复使用", 1),
    "物业": Asked("property", "rectification", "给出整改时间并公示", 10),
    "噪音": Asked("property", "rectification", "夜间停工", 3),
    "质量": Asked("repair-poor", "compensation", "给出彻底的方案并补偿误工", 15),
    "停车": Asked("design-parking", "explanation", "公示剩余车位与价格", 10),
    "办证": Asked("contract-title", "explanation", "给出明确的办结日期", 20),
}
