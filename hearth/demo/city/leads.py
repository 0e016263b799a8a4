# domain data
"""Where leads of the demo come from, and what comes next with them."""

MOST_LEADS, MOST_WON = 48, 24
# Won leads came so many days before the contract, in turn.
DAYS_TO_CONTRACT = (12, 34, 21, 58, 7, 41, 27)
SOURCES = (
    ("walk_in", ""),
    ("call", "售楼处来电"),
    ("web", "春季看房专题页"),
    ("broker", "安心渠道"),
    ("referral", "老业主推荐"),
    ("event", "周末亲子活动"),
)
LETTERS = ("A", "B", "C", "B", "D")
NEXT_STEPS = ("回电确认二次到访", "发送户型与价格资料", "邀约参加样板间开放日", "核实贷款额度", "陪同看现房")
DAYS_AHEAD = (0, 2, -1, 5, 1, 9, -4)
# Of so many leads in turn, which goes to the public pool and which is lost.
TURN, POOLED, LOST = 6, 1, 2
# The code of the reason, the words, and after how many days to ask again.
LOST_REASONS = (
    ("elsewhere-competitor", "已购买其他项目", 400),
    ("price-total", "总价超出预算", 1),
    ("later-waits", "暂缓购房计划", 30),
)
