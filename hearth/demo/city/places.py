# domain data
"""The invented group: regions, city companies with their price level, departments, names of projects."""

from dataclasses import dataclass

GROUP_NAME, GROUP_CODE = "安居集团", "AJ"


@dataclass(frozen=True)
class CompanyPlace:
    """A city company; `price` is yuan for a square metre of an average new home."""

    code: str
    name: str
    city: str
    region: str
    price: int
    districts: tuple[str, ...]


REGIONS = (("AJ-S", "华南区域"), ("AJ-E", "华东区域"), ("AJ-W", "中西部区域"))
COMPANIES = (
    CompanyPlace("AJ-SZ", "深圳公司", "深圳", "AJ-S", 62_000, ("南山区", "龙岗区", "宝安区", "龙华区")),
    CompanyPlace("AJ-GZ", "广州公司", "广州", "AJ-S", 38_000, ("天河区", "番禺区", "黄埔区", "白云区")),
    CompanyPlace("AJ-SH", "上海公司", "上海", "AJ-E", 65_000, ("浦东新区", "闵行区", "青浦区", "松江区")),
    CompanyPlace("AJ-HZ", "杭州公司", "杭州", "AJ-E", 36_000, ("余杭区", "滨江区", "萧山区", "拱墅区")),
    CompanyPlace("AJ-CD", "成都公司", "成都", "AJ-W", 20_000, ("武侯区", "双流区", "龙泉驿区", "成华区")),
    CompanyPlace("AJ-WH", "武汉公司", "武汉", "AJ-W", 17_500, ("洪山区", "江夏区", "东西湖区", "汉阳区")),
)
# Code of the function, short code, name: as source 2 divides the front line.
DEPARTMENTS = (
    ("customer_relations_center", "CRC", "客户关系中心"),
    ("property_service", "PS", "物业服务部"),
    ("project_development", "PD", "项目发展部"),
    ("sales_operations", "SO", "营销运营部"),
    ("planning_design", "PL", "规划设计部"),
    ("project_management", "PM", "项目管理部"),
    ("engineering", "EN", "工程管理部"),
    ("cost", "CO", "成本管理部"),
    ("legal", "LE", "法务部"),
)
FIRST_WORDS = ("金色", "春风", "云栖", "四季", "麓山", "东岸", "松湖", "梧桐", "青禾", "望江", "观澜", "锦绣")
LAST_WORDS = ("家园", "花园", "华府", "里", "府", "雅苑", "新城", "公馆", "名邸", "半岛")
STREETS = ("安居大道", "学苑路", "滨河路", "新城大道", "湖景路", "科创路", "人民路", "迎宾路")
PHASE_NAMES = ("一期", "二期", "三期", "四期")
# Layout, its share, the smallest and the largest area in square metres.
LAYOUTS = (
    ("一室一厅", 8.0, 45, 58),
    ("两室一厅", 18.0, 66, 80),
    ("两室两厅", 18.0, 78, 90),
    ("三室两厅一卫", 24.0, 88, 102),
    ("三室两厅两卫", 20.0, 104, 125),
    ("四室两厅两卫", 12.0, 128, 165),
)
ORIENTATIONS = ("南", "南北", "东南", "西南")
FIT_OUTS = ("精装", "毛坯")


def project_name(index: int) -> str:
    """Name a project; the first hundred and twenty differ by words, further ones carry a number."""
    first, last = (
        FIRST_WORDS[index % len(FIRST_WORDS)],
        LAST_WORDS[(index * 7 + index // 12) % len(LAST_WORDS)],
    )
    turn = index // (len(FIRST_WORDS) * len(LAST_WORDS))
    return f"{first}{last}{turn + 1 if turn else ''}"
