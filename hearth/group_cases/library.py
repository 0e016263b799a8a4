# domain data
"""The group complaints of the past that ship: what is published of them, and no more."""

from hearth.group_cases.models import LibraryEntry

Category = LibraryEntry.Category
SOURCE_ZH = "万科客户关系管理培训讲义《历史篇》：重大投诉年年有"
SOURCE_EN = "Training deck on Vanke's customer relations, part on history: major complaints in every year"

# Code, year, category, Chinese and English name, company and project in both languages, story in both.
SHIPPED = (
    (
        "2001-shenzhen-golden-home",
        2001,
        Category.UNKNOWN,
        ("深圳金色家园事件", "Shenzhen Golden Home"),
        ("深圳", "Shenzhen"),
        ("金色家园", "Golden Home"),
        (
            "2001 年至 2005 年，每年都有一线公司遭遇大规模客户群诉；这是 2001 年的一起。",
            "From 2001 to 2005 a city company met a large group complaint in every year; this is the one of 2001.",
        ),
    ),
    (
        "2002-tianjin-five",
        2002,
        Category.SEVERAL,
        ("天津五大投诉", "Five major complaints in Tianjin"),
        ("天津", "Tianjin"),
        ("", ""),
        ("同一城市公司在一年内的五起重大投诉。", "Five major complaints at one city company within a year."),
    ),
    (
        "2003-beijing-city-garden",
        2003,
        Category.LEGACY,
        ("北京城花遗留问题", "Legacy issues of Beijing City Garden"),
        ("北京", "Beijing"),
        ("城市花园", "City Garden"),
        ("项目的遗留问题引发的群诉。", "A group complaint about what a project had left unsolved."),
    ),
    (
        "2004-wuhan-landfill",
        2004,
        Category.OUTSIDE,
        ("武汉四季花城垃圾场问题", "Landfill near Four Seasons, Wuhan"),
        ("武汉", "Wuhan"),
        ("四季花城", "Four Seasons"),
        (
            "红线外不利因素：项目附近的垃圾场。",
            "An adverse factor outside the site: a landfill near the project.",
        ),
    ),
    (
        "2005-dalian-construction",
        2005,
        Category.CONSTRUCTION,
        ("大连工程质量群诉", "Construction quality in Dalian"),
        ("大连", "Dalian"),
        ("", ""),
        ("因工程质量引发的群诉。", "A group complaint about the quality of construction."),
    ),
)


def sync_library() -> None:
    """Add the shipped entries that are missing. May be repeated."""
    entries = [
        LibraryEntry(
            code=code,
            year=year,
            category=category,
            name_zh=name[0],
            name_en=name[1],
            company_zh=company[0],
            company_en=company[1],
            project_zh=project[0],
            project_en=project[1],
            story_zh=story[0],
            story_en=story[1],
            source_zh=SOURCE_ZH,
            source_en=SOURCE_EN,
        )
        for code, year, category, name, company, project, story in SHIPPED
    ]
    LibraryEntry.objects.bulk_create(entries, ignore_conflicts=True)
