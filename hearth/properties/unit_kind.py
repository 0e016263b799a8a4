# domain data
"""The file of homes: its columns, what people call them, and the words for what is wrong."""

from django.utils.translation import gettext_lazy as _

from hearth.custom_fields.importing import CUSTOM_MESSAGES, fields_to_import
from hearth.imports.kinds import ImportField, ImportKind, ImportOption
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY
from hearth.properties.unit_loader import UnitLoader
from hearth.properties.unit_reverter import UnitReverter

State = Unit.State

FIELDS = (
    ImportField(
        "project", _("Project"), aliases=("项目名称", "小区", "楼盘", "garden", "community"), max_length=120
    ),
    ImportField("project_code", _("Project code"), "key", aliases=("项目代码",), max_length=60),
    ImportField("city", _("City"), aliases=("所在城市",), max_length=60),
    ImportField(
        "district", _("District"), aliases=("区域", "区县", "行政区", "所在区", "region"), max_length=60
    ),
    ImportField("phase", _("Phase"), aliases=("期", "期数", "组团"), max_length=60),
    ImportField("building", _("Building"), aliases=("栋", "楼号", "幢", "座"), max_length=60),
    ImportField("entrance", _("Entrance"), aliases=("单元号", "楼梯"), max_length=30),
    ImportField(
        "number",
        _("Room"),
        "key",
        is_required=True,
        aliases=("房间", "房间号", "室号", "户号", "unit no", "room no", "room number"),
        max_length=30,
    ),
    ImportField("floor", _("Floor"), "integer", aliases=("层", "所在楼层"), minimum=-9, maximum=300),
    ImportField("layout", _("Layout"), aliases=("房型", "户型结构"), max_length=40),
    ImportField("orientation", _("Orientation"), aliases=("direction", "房屋朝向"), max_length=20),
    ImportField("fit_out", _("Fit-out"), aliases=("renovation", "装修标准", "装修情况"), max_length=20),
    ImportField("floor_area", _("Area, m²"), "area", aliases=("面积", "建面", "房屋面积", "size")),
    ImportField("list_price", _("List price, ¥"), "money", aliases=("总价", "挂牌价", "表价", "price")),
    ImportField(
        "built_year",
        _("Year built"),
        "integer",
        aliases=("建成年代", "年代", "year"),
        minimum=1900,
        maximum=2100,
    ),
    ImportField(
        "state",
        _("State"),
        "choice",
        aliases=("销售状态", "房态", "status"),
        choices={
            State.PLANNED: ("未推售", "待推", "未开盘", "planned", "not yet released"),
            State.AVAILABLE: ("在售", "可售", "待售", "未售", "for sale"),
            State.HELD: ("保留", "锁定", "预留", "销控", "held"),
            State.SUBSCRIBED: ("认购", "已认购", "subscribed"),
            State.CONTRACTED: ("签约", "已签约", "已售", "under contract"),
            State.DELIVERED: ("已交付", "交付", "入伙", "已入伙", "已交房", "handed over"),
        },
    ),
    ImportField(
        "external_key",
        _("External key"),
        "key",
        aliases=("房源编号", "系统编号", "id", "guid"),
        max_length=60,
    ),
    ImportField("handover_date", _("Handed over on"), "date", aliases=("交付日期", "交房日期", "入伙日期")),
)

MESSAGES = {
    **CUSTOM_MESSAGES,
    "project_missing": _("The row names no project."),
    "unknown_project": _(
        "The project “%(project)s” is not known here. Create it first, or choose to create missing projects."
    ),
    "ambiguous_project": _("Several projects are called “%(project)s”. Give the project code."),
    "doubled_unit": _("The same home stands in row %(first_row)s already."),
    "doubled_key": _("The same external key stands in row %(first_row)s already."),
    "unit_exists": _("This home is already known. Choose to update known homes if that is meant."),
    "key_of_another_unit": _("The external key belongs to another home: %(address)s."),
    "impossible_area": _("The area of a home lies between %(minimum)s and %(maximum)s m²."),
    "state_not_allowed": _("A home that is %(before)s cannot become %(after)s."),
    "address_differs": _("The key belongs to %(address)s; the address stays, the other values are updated."),
}

UNITS = ImportKind(
    code="units",
    label=_("Projects and homes"),
    description=_(
        "Projects, buildings and rooms with area, layout, price and state. The first file to bring in."
    ),
    icon="building-community",
    permission=CHANGE_PROPERTY,
    fields=FIELDS,
    loader=UnitLoader,
    reverter=UnitReverter,
    options=(
        ImportOption("create_projects", _("Create projects that are not known yet")),
        ImportOption("update_existing", _("Update homes that are already known")),
    ),
    messages=MESSAGES,
    order=10,
    further=fields_to_import("unit"),
)
