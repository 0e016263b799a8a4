# domain data
"""The market around the invented projects: competitors with what they ask, and what happened meanwhile."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CompetitorPlan:
    """A competitor: its price beside the project's own at first, and how it moves a month, as shares."""

    name: str
    developer: str
    district: str
    note: str
    begins_at: float
    monthly: float


COMPETITORS = (
    CompetitorPlan("滨江壹号", "滨江置业", "北岸", "地铁口，精装交付", 0.97, 0.004),
    CompetitorPlan("云山花园", "云山地产", "东湖", "低密度，学区", 1.06, -0.006),
    CompetitorPlan("城市之光", "光华集团", "北岸", "总价低，小户型", 0.88, -0.002),
)
# Every how many days a price was seen, and for how long.
SEEN_EVERY_DAYS, SEEN_FOR_DAYS = 61, 540
# Kind, words, expected effect, and how many days ago.
EVENTS = (
    ("lending", "首套房首付比例降至两成", "loosens", 430),
    ("purchase_limit", "放宽非户籍家庭购房年限", "loosens", 260),
    ("price_rule", "新房备案价下浮不得超过一成", "open", 150),
    ("land", "北岸片区新增两宗住宅用地", "tightens", 70),
)
